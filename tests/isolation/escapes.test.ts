/** Ways around the traps lead nowhere: to nothing, to a refusal of the language, or into a trap after all. */
import { createSandboxOperations } from "@canonic/runner";
import { afterAll, expect, test } from "vitest";
import { escapes, operations } from "./operations/escapes.ts";
import { callOf, moduleUrl } from "./sandbox-port.ts";

const port = createSandboxOperations({ module: moduleUrl("escapes"), jobs: 2 });
const call = callOf(port, operations);
afterAll(() => port.close());

test.for(Object.entries(escapes))("%s", async ([name, { finds }]) => {
  const execution = await call(name);

  if (finds === "stopped") {
    expect(execution).toMatchObject({ kind: "aborted", code: "runner.boundary-violation" });
  } else if (finds === "aborted") {
    expect(execution).toMatchObject({ kind: "aborted", code: "runner.output-invalid", failure: null });
  } else {
    expect(execution.kind === "completed" ? JSON.parse(execution.output) : execution).toEqual(finds);
  }
});
