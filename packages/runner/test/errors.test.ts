/** The error class as callers meet it, also across two installed copies. */
import { expect, test } from "vitest";
import { isRunnerError, RunnerError } from "../src/index.ts";

test("is known by name and code, whichever copy of the package made it", () => {
  const own = new RunnerError("runner.run-unknown", "no run", { run: "run_0" });
  const foreign = Object.assign(new Error("no run"), { name: "RunnerError", code: "runner.run-unknown" });

  expect([own.name, own.code, own.details]).toEqual(["RunnerError", "runner.run-unknown", { run: "run_0" }]);
  expect([own, foreign].map(isRunnerError)).toEqual([true, true]);
  expect([new Error("no run"), "runner.run-unknown", null].map(isRunnerError)).toEqual([false, false, false]);
});

test("details are typed by the code", () => {
  const error: unknown = new RunnerError("runner.jobs-invalid", "too many", { jobs: 2000, max: 1024 });

  if (!isRunnerError(error) || error.code !== "runner.jobs-invalid") throw new Error("not recognised");
  expect(error.details.max - error.details.jobs).toBe(-976);
});
