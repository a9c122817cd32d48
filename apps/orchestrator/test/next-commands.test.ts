import type { Plan, RunId } from "@canonic/contracts";
import { expect, test } from "vitest";
import { labelOf, nextCommands } from "../src/next-commands.ts";
import type { Pack } from "../src/pack.ts";
import { neededOptions } from "../src/pack-options.ts";

const run = "run_0123456789abcdef0123" as RunId;
const again = " --database URL";

test("at a gate: approve with what the gate asks for, then resume with what the run needs", () => {
  const gate = { name: "SG_2", reviewDecision: true };

  expect(nextCommands({ run, gate, stop: "authority.approval-expired" }, again)).toEqual([
    `canonic approve ${run} SG_2 --key FILE --meaning TEXT --review-decision ID --out approval.json`,
    `canonic resume ${run} --approval approval.json --database URL`,
  ]);
});

test.each([
  ["runner.drift", []],
  ["authority.halted", ["canonic arm --reason TEXT"]],
  ["runner.withheld", ["canonic arm --reason TEXT"]],
])("after a stop by %s: what lifts it, resume, or void", (stop, before) => {
  const commands = nextCommands({ run, gate: null, stop }, again);

  expect(commands).toEqual([...before, `canonic resume ${run} --database URL`, `canonic void ${run} --reason TEXT`]);
  expect(commands.map(labelOf)).toEqual(["next", ...before.map(() => "then"), "or"]);
});

test("nothing is next for a run that neither waits nor stands still", () => {
  expect(nextCommands({ run, gate: null, stop: null }, again)).toEqual([]);
});

test("packs say of a plan which options its resume needs", () => {
  const pack = (flags: readonly string[]) => ({ resumeOptions: () => flags }) as unknown as Pack;

  expect(neededOptions({} as Plan, [pack([]), pack(["--database <url>"]), {} as Pack])).toBe(again);
});
