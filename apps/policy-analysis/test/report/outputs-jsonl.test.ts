import { Output, parseCanonicalJson } from "@canonic/contracts";
import { expect, test } from "vitest";
import { outputsJsonl } from "../../src/report/index.ts";
import { sampleReport } from "./sample-report.ts";

test("gives one canonical line for each output, and the outputs back in their order", () => {
  const { outputs } = sampleReport();

  const lines = outputsJsonl(outputs).split("\n");

  expect(lines).toHaveLength(301);
  expect(lines.pop()).toBe("");
  expect(lines.map((line) => Output.parse(parseCanonicalJson(line)))).toEqual(outputs);
});
