import { CoreContractViolation } from "@canonic/contracts";
import { expect, test } from "vitest";
import { OrchestratorError } from "../src/errors.ts";
import { EXIT, failureOf } from "../src/exit.ts";
import { invocationOf } from "../src/invocation.ts";

test("a violated core contract is refused under its own name", () => {
  const reasons = [{ code: "tasks-count", place: "tasks", message: "299 tasks where the plan expects 300" }];

  expect(failureOf(new CoreContractViolation("cardinality", reasons))).toEqual({
    exit: 1,
    code: "contracts.cardinality-violation",
    message: "CardinalityViolation: 299 tasks where the plan expects 300",
    faults: [],
  });
});

test("bad input is 2, a journal that cannot be written is 4", () => {
  const unknown = new OrchestratorError("orchestrator.run-unknown", "no such run", { run: "x" });
  const poisoned = Object.assign(new Error("the journal cannot be written"), { code: "audit.poisoned" });

  expect(failureOf(unknown)).toMatchObject({ exit: 2, code: "orchestrator.run-unknown", message: "no such run" });
  expect(failureOf(poisoned)).toMatchObject({ exit: 4, code: "audit.poisoned" });
});

test.each([
  new Error("password=hunter2"),
  Object.assign(new Error("open 'some/private/file'"), { code: "ENOENT" }),
  Object.assign(new Error("x"), { code: 7 }),
  "text",
  undefined,
])("the text of a foreign exception never gets out (E2)", (error) => {
  const failure = failureOf(error);

  expect(failure).toEqual({
    exit: 2,
    code: "orchestrator.internal",
    message: "internal error; please report how to reproduce it",
    faults: [],
  });
});

test("what is refused before anything begins is 1, and a request's faults are lines of its file", () => {
  const held = new OrchestratorError("orchestrator.run-held", "held", { holder: "a/1", until: "" });
  const faults = [{ line: 3, column: 5, message: "expected a name" }];
  const request = new OrchestratorError("orchestrator.request-invalid", "1 fault", { file: "r.yaml", faults });

  expect(failureOf(held).exit).toBe(1);
  expect(failureOf(request)).toMatchObject({ exit: 2, faults: ["r.yaml:3:5: expected a name"] });
});

test.each([
  [["waiting", "refused"], "refused"],
  [["refused", "waiting"], "refused"],
  [["done", "waiting"], "waiting"],
  [["badInput", "waiting", "refused"], "badInput"],
  [["halted", "badInput", "waiting"], "halted"],
] as const)("of many runs the gravest end is the command's: %j", (ends, expected) => {
  const { stdout, stderr } = process;
  const invocation = invocationOf({ argv: [], cwd: "/", env: {}, stdout, stderr }, () => 0);

  for (const end of ends) invocation.endWith(EXIT[end]);

  expect(invocation.exit()).toBe(EXIT[expected]);
});
