import { CoreContractViolation } from "@canonic/contracts";
import { expect, test } from "vitest";
import { OrchestratorError } from "../src/errors.ts";
import { failureOf } from "../src/exit.ts";

test("a violated core contract is refused under its own name", () => {
  const reasons = [{ code: "tasks-count", place: "tasks", message: "299 tasks where the plan expects 300" }];

  expect(failureOf(new CoreContractViolation("cardinality", reasons))).toEqual({
    exit: 1,
    code: "contracts.cardinality-violation",
    message: "CardinalityViolation: 299 tasks where the plan expects 300",
  });
});

test("bad input is 2, a journal that cannot be written is 4", () => {
  const unknown = new OrchestratorError("orchestrator.run-unknown", "no such run", { run: "x" });
  const poisoned = Object.assign(new Error("the journal cannot be written"), { code: "audit.poisoned" });

  expect(failureOf(unknown)).toEqual({ exit: 2, code: "orchestrator.run-unknown", message: "no such run" });
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
  });
});
