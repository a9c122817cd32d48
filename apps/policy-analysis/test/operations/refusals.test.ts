import { type JsonObject, Signal } from "@canonic/contracts";
import { expect, test } from "vitest";
import { isPolicyAnalysisError } from "../../src/errors.ts";
import { madeDocument } from "../rank/made-document.ts";
import { PLAN_EN } from "./plans.ts";
import { run, tasksOf } from "./policy-task.ts";

type Loose = { [name: string]: Loose };

const task = tasksOf(madeDocument("en", PLAN_EN)).find(({ question }) => question.id === "Q031");
const signalName = "signal-quantitative-triplet";

/** What the task ends in when its input is changed. */
function refusalOf(change: (input: Loose) => void): readonly [string, string] | "none" {
  if (task === undefined) throw new Error("Q031 is not among the tasks");
  const input = structuredClone(task.input) as unknown as Loose;
  change(input);
  try {
    run(task.operation, input as unknown as JsonObject);
    return "none";
  } catch (error) {
    if (!isPolicyAnalysisError(error) || error.code !== "policy-analysis.task-refused") throw error;
    expect(error.details.failure).toBe(task.question.failure.code);
    return [error.details.condition, error.details.place];
  }
}

const set = (path: string, value: unknown) => (input: Loose) => {
  const steps = path.split("/");
  const last = steps.pop() ?? "";
  let place: Loose = input;
  for (const step of steps) place = place[step] as Loose;
  if (value === undefined) delete place[last];
  else (place as Record<string, unknown>)[last] = value;
};

test("an unchanged task is not refused", () => {
  expect(refusalOf(() => undefined)).toBe("none");
});

test.each([
  ["chunk/passages/0/text", "Other words.", "chunk-digest-mismatch", "chunk/passages/0"],
  ["chunk/passages/0/digest", `sha256:${"0".repeat(64)}`, "chunk-digest-mismatch", "chunk/passages/0"],
  ["chunk/area", "PA03", "chunk-digest-mismatch", "chunk/id"],
  ["chunk/language", "es", "language-mismatch", "chunk/language"],
  [`${signalName}/kind`, "causal-verbs", "signal-invalid", signalName],
  [`${signalName}/chunkDigest`, `sha256:${"0".repeat(64)}`, "signal-invalid", signalName],
  [`${signalName}/strength`, 101, "signal-invalid", signalName],
  [`${signalName}/language`, "es", "language-mismatch", signalName],
] as const)("a change of %s to %s is refused as %s at %s (F1)", (path, value, condition, place) => {
  expect(refusalOf(set(path, value))).toEqual([condition, place]);
});

test("a mandatory signal that is weaker than asked is refused, and a measured absence is enough for 0 (F1)", () => {
  const { strength } = Signal.parse(task?.input[signalName]);

  expect(refusalOf(set("question/signals/required/0/strengthMin", Math.min(100, strength + 1)))).toEqual(
    strength === 100 ? "none" : ["signal-invalid", signalName],
  );
  expect(refusalOf(set("question/signals/required/0/strengthMin", strength))).toBe("none");
});

test("a missing mandatory signal ends the task only where its failure contract names it (F1)", () => {
  expect(refusalOf(set(signalName, undefined))).toBe("none");
  expect(
    refusalOf((input) => {
      set("question/failure/abortIf", ["signal-missing"])(input);
      set(signalName, undefined)(input);
    }),
  ).toEqual(["signal-missing", signalName]);
});

test("an optional signal that is missing or foreign is left out, and the rest is answered (F2)", () => {
  expect(refusalOf(set("signal-temporal-consistency", undefined))).toBe("none");
  expect(refusalOf(set("signal-temporal-consistency/chunk", "PA01-DIM01"))).toBe("none");
});
