import type { EventDraft, RunEvent, RunId, RunStatus } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Findings } from "../src/findings.ts";
import { RunGrammar } from "../src/grammar.ts";
import { completeDrafts, sealDraft, startDrafts, taskDrafts, taskOf, verdictDrafts, wholeRun } from "./whole-run.ts";

const whole = wholeRun(4);
const run = "run_00000000000000000000" as RunId;
const start = startDrafts(whole, run, 1);
const tasks = whole.plan.tasks.map((_, position) => taskDrafts(whole, position));
const verdicts = verdictDrafts(whole);
const seal = (status: RunStatus = "completed") => sealDraft(whole, run, [], whole.planDigest, status);
const id = (position: number) => taskOf(whole, position).id;

function check(drafts: readonly EventDraft[]): { sealed: boolean; found: string[] } {
  const findings = new Findings();
  const grammar = new RunGrammar(whole.plan, findings);
  for (const [seq, draft] of drafts.entries()) {
    grammar.next({ run, seq, prev: whole.planDigest, at: "2026-01-31T12:00:00.000Z", ...draft } as RunEvent);
  }
  const sealed = grammar.end().kind === "sealed";
  return { sealed, found: findings.reasons.map(({ code, message }) => `${code}: ${message}`) };
}

const aborted = (position: number): EventDraft => ({
  type: "OPERATION_ABORTED",
  subject: id(position),
  data: { code: "runner.timeout", failure: null, reasons: [] },
});
const skipped = (position: number, because: number): EventDraft => ({
  type: "EXECUTION_SKIPPED",
  subject: id(position),
  data: { because: id(because) },
});
const denied = (position: number, stage: string): EventDraft => ({
  type: "EXECUTION_DENIED",
  subject: id(position),
  data: { stage, reasons: [{ code: "x.y", place: "", message: "no" }] },
});
const resumedOnly = (completed: number, indeterminate: readonly number[], attempt = 2): EventDraft => ({
  type: "RUN_RESUMED",
  subject: run,
  data: { completed, indeterminate: indeterminate.map(id), attempt, fence: attempt },
});
/** A session begins with its token. */
const resumed = (completed: number, indeterminate: readonly number[], attempt = 2): EventDraft[] => [
  resumedOnly(completed, indeterminate, attempt),
  start[1] as EventDraft,
];
const refusing = (draft: EventDraft): EventDraft =>
  ({
    ...draft,
    data: { ...draft.data, decision: "refuse", reasons: [{ code: "x.y", place: "", message: "no" }] },
  }) as EventDraft;
const at = (position: number, from = 0, to = 5) => (tasks[position] as EventDraft[]).slice(from, to);

describe("a run that follows its plan", () => {
  test("in plan order", () => {
    expect(check([...completeDrafts(whole, run, 1), seal()])).toEqual({ sealed: true, found: [] });
  });

  test("with the tasks of a group interleaved in any way", () => {
    const interleave = (a: readonly EventDraft[], b: readonly EventDraft[], choices: readonly boolean[]) => {
      const left = [...a];
      const right = [...b];
      return [...choices, ...Array.from({ length: 10 }, () => true)]
        .flatMap((first) => (first && left.length > 0 ? left : right).splice(0, 1))
        .concat(left, right);
    };
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
        (one, two) => {
          const drafts = [
            ...start,
            ...interleave(at(0), at(1), one),
            ...interleave(at(2), at(3), two),
            ...verdicts,
            seal(),
          ];

          expect(check(drafts)).toEqual({ sealed: true, found: [] });
        },
      ),
    );
  });

  test.each([
    [
      "a refused token",
      [
        start[0] as EventDraft,
        refusing(start[1] as EventDraft),
        denied(0, "token"),
        skipped(1, 0),
        skipped(2, 0),
        skipped(3, 0),
        seal("denied"),
      ],
    ],
    [
      "a refused route",
      [
        ...start,
        refusing(at(0)[0] as EventDraft),
        denied(0, "routing"),
        skipped(1, 0),
        skipped(2, 0),
        skipped(3, 0),
        seal("denied"),
      ],
    ],
    [
      "a refused limit",
      [
        ...start,
        ...at(0),
        ...at(1, 0, 2),
        refusing(at(1)[2] as EventDraft),
        denied(1, "limit"),
        skipped(2, 1),
        skipped(3, 1),
        seal("denied"),
      ],
    ],
    [
      "an aborted operation",
      [...start, ...at(0, 0, 4), aborted(0), skipped(1, 0), skipped(2, 0), skipped(3, 0), seal("failed")],
    ],
    [
      "a task in flight that ends after another failed",
      [...start, ...at(0, 0, 4), ...at(1, 0, 4), aborted(0), ...at(1, 4), skipped(2, 0), skipped(3, 0), seal("failed")],
    ],
    [
      "a crash with an intent in doubt",
      [
        ...start,
        ...at(0),
        ...at(1, 0, 4),
        ...resumed(1, [1]),
        ...taskDrafts(whole, 1, 2),
        ...at(2),
        ...at(3),
        ...verdicts,
        seal(),
      ],
    ],
    [
      "a crash in the middle of the checks",
      [...start, ...at(0, 0, 2), ...resumed(0, []), ...at(0), ...at(1), ...at(2), ...at(3), ...verdicts, seal()],
    ],
    [
      "two crashes",
      [
        ...start,
        ...at(0, 0, 4),
        ...resumed(0, [0]),
        ...taskDrafts(whole, 0, 2).slice(0, 4),
        ...resumed(0, [0], 3),
        ...taskDrafts(whole, 0, 3),
        ...at(1),
        ...at(2),
        ...at(3),
        ...verdicts,
        seal(),
      ],
    ],
    [
      "a crash while winding down",
      [
        ...start,
        ...at(0, 0, 4),
        aborted(0),
        skipped(1, 0),
        ...resumed(0, []),
        skipped(2, 0),
        skipped(3, 0),
        seal("failed"),
      ],
    ],
    [
      "a crash between verdicts",
      [...start, ...tasks.flat(), verdicts[0] as EventDraft, ...resumed(4, []), ...verdicts.slice(1), seal()],
    ],
    ["a crash before the token", [start[0] as EventDraft, ...resumed(0, []), ...tasks.flat(), ...verdicts, seal()]],
  ])("with %s", (_title, drafts) => {
    expect(check(drafts)).toEqual({ sealed: true, found: [] });
  });

  test("and is not sealed, is not called sealed", () => {
    expect(check([...start, ...at(0)])).toEqual({ sealed: false, found: [] });
  });
});

describe("a run that does not", () => {
  const good = [...completeDrafts(whole, run, 1), seal()];

  test.each([
    [
      "nothing of a task",
      [...start, ...at(0), ...at(1), ...at(2), ...verdicts, seal()],
      "event-missing: ROUTING_DECISION of",
    ],
    ["an event of a task", good.toSpliced(4, 1), "event-missing: RESOURCE_LIMIT_CHECK of"],
    ["the outcome of a task", good.toSpliced(21, 1), "event-missing: EXECUTION_COMPLETED or OPERATION_ABORTED of"],
    ["the token", good.toSpliced(1, 1), "event-missing: TOKEN_VALIDATION is missing"],
    ["a verdict", good.toSpliced(23, 1), "event-missing: CONTRACT_VERDICT of determinism"],
    [
      "a skip",
      [...start, ...at(0, 0, 4), aborted(0), skipped(1, 0), skipped(3, 0), seal("failed")],
      "event-missing: EXECUTION_SKIPPED of",
    ],
  ])("misses %s", (_title, drafts, reason) => {
    expect(check(drafts).found.join("\n")).toContain(reason);
  });

  test.each([
    [
      "a task that the plan does not have",
      [...start, { ...at(0)[0], subject: "task_ffffffffffffffffffff" } as EventDraft, ...good.slice(2)],
      "event-extra",
    ],
    ["an event after the seal", [...good, at(0)[0] as EventDraft], "event-extra"],
    [
      "an execution after a refusal",
      [...start, refusing(at(0)[0] as EventDraft), ...at(0, 1), seal("denied")],
      "event-extra",
    ],
    [
      "a denial that no check made",
      [...start, ...at(0, 0, 3), denied(0, "limit"), skipped(1, 0), skipped(2, 0), skipped(3, 0), seal("denied")],
      "event-extra",
    ],
    [
      "a task that begins after a failure",
      [...start, ...at(0, 0, 4), aborted(0), ...at(1), skipped(2, 0), skipped(3, 0), seal("failed")],
      "event-extra",
    ],
    ["a skip without a failure", [...start, skipped(0, 1), ...good.slice(2)], "event-extra"],
    ["a second token", good.toSpliced(2, 0, start[1] as EventDraft), "event-duplicated"],
    ["an outcome twice", good.toSpliced(7, 0, at(0)[4] as EventDraft), "event-duplicated"],
    [
      "a completed task again after a crash",
      [...start, ...at(0), ...resumed(1, []), ...at(0), ...good.slice(7)],
      "event-duplicated",
    ],
    ["a verdict twice", good.toSpliced(23, 0, verdicts[0] as EventDraft), "event-duplicated"],
    ["a verdict before the tasks are done", [...start, ...verdicts, ...tasks.flat(), seal()], "event-reordered"],
    [
      "a task before its group",
      [...start, ...at(2), ...at(0), ...at(1), ...at(3), ...verdicts, seal()],
      "event-reordered",
    ],
    [
      "an intent after its outcome",
      good.toSpliced(5, 2, at(0)[4] as EventDraft, at(0)[3] as EventDraft),
      "event-reordered",
    ],
    [
      "skips out of order",
      [...start, ...at(0, 0, 4), aborted(0), skipped(2, 0), skipped(1, 0), skipped(3, 0), seal("failed")],
      "event-reordered",
    ],
    [
      "a skip because of another",
      [...start, ...at(0, 0, 4), aborted(0), skipped(1, 2), skipped(2, 0), skipped(3, 0), seal("failed")],
      "skip-cause",
    ],
    [
      "a wrong attempt after a crash",
      [...start, ...at(0, 0, 4), ...resumed(0, [0]), ...at(0), ...good.slice(7)],
      "attempt-wrong",
    ],
    [
      "a resume that forgets an intent",
      [...start, ...at(0, 0, 4), ...resumed(0, []), ...taskDrafts(whole, 0, 2), ...good.slice(7)],
      "resume-wrong",
    ],
    ["a resume that counts wrong", [...start, ...at(0), ...resumed(2, []), ...good.slice(7)], "resume-wrong"],
    ["a seal of another status", [...good.slice(0, -1), seal("failed")], "seal-status"],
  ])("has %s", (_title, drafts, code) => {
    const { found } = check(drafts);

    expect(found.some((reason) => reason.startsWith(code))).toBe(true);
  });

  test("is found out by any event dropped, doubled, or exchanged with its neighbour of the same task (G1)", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: good.length - 2 }),
        fc.constantFrom("drop", "double", "swap"),
        (index, change) => {
          const [one, two] = [good[index] as EventDraft, good[index + 1] as EventDraft];
          // Neighbours of two tasks in one group may stand either way; that is what independent means.
          fc.pre(change !== "swap" || one.subject === two.subject || index < 2 || index > 20);
          const drafts =
            change === "drop"
              ? good.toSpliced(index, 1)
              : change === "double"
                ? good.toSpliced(index, 0, one)
                : good.toSpliced(index, 2, two, one);

          const { sealed, found } = check(drafts);

          expect(found.length > 0 || !sealed).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("is reported once for one fault", () => {
    expect(check(good.toSpliced(4, 1)).found.length).toBe(1);
    expect(check(good.toSpliced(7, 0, at(0)[4] as EventDraft)).found.length).toBe(1);
  });
});
