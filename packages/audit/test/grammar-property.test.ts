import type { EventDraft, Plan, RunEvent, RunId } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Findings } from "../src/findings.ts";
import { RunGrammar } from "../src/grammar.ts";
import { isRun, sessionsAfter } from "./naive-grammar.ts";
import { wholeRun } from "./whole-run.ts";

const run = "run_00000000000000000000" as RunId;
const base = wholeRun(3);

/** Three tasks, one after another. */
const plans: fc.Arbitrary<Plan> = fc
  .record({
    onFailure: fc.constantFrom("abort" as const, "stop" as const),
    gates: fc.subarray([
      { name: "SG_1", before: 1, reviewDecision: false },
      { name: "SG_2", before: 2, reviewDecision: true },
    ]),
    rechecks: fc.subarray([
      { before: 1, task: 0 },
      { before: 2, task: 0 },
    ]),
  })
  .map((parts): Plan => ({ ...base.plan, ...parts, kind: "bound", groups: [[0], [1], [2]] }));

/** A run that follows its plan: in each session one of all that could be, up to somewhere. */
const runs = fc
  .tuple(plans, fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([plan, choices, isVoided]) => {
    let symbols = ["F"];
    for (const [index, [which, length]] of choices.entries()) {
      const sessions = sessionsAfter(plan, symbols);
      const session = sessions[which % sessions.length] as string[];
      const told = length % 3 === 0 ? session : session.slice(0, length % (session.length + 1));
      symbols = [...symbols, ...(index === 0 ? [] : ["U"]), ...told];
      if (symbols.at(-1)?.startsWith("Z")) return { plan, symbols };
    }
    return { plan, symbols: isVoided ? [...symbols, "V", "Z:voided"] : symbols };
  });

const ALPHABET = [
  ..."FUV",
  "T+",
  "T-",
  ...[0, 1, 2].flatMap((task) => [
    ...["R", "R", "S", "S", "D", "D", "L", "L", "X", "B", "C", "A", "E", "K", "P"].map((letter) => `${letter}${task}`),
    ...["R", "S", "D", "L"].map((letter) => `${letter}${task}-`),
    ...["token", "routing", "scope", "drift", "limit"].map((stage) => `N${task}${stage}`),
  ]),
  ...["SG_1", "SG_2"].flatMap((gate) => [`Q:${gate}`, `Y:${gate}`, `J:${gate}`, `P:${gate}`]),
  ...base.plan.expect.contracts.map((contract) => `M:${contract}`),
  ...["completed", "failed", "denied", "rejected", "voided"].map((status) => `Z:${status}`),
];

type Change = { kind: "drop" | "double" | "swap" | "insert" | "replace"; at: number; symbol: string };
const changes: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("drop", "double", "swap", "insert", "replace"),
  at: fc.nat(),
  symbol: fc.constantFrom(...ALPHABET),
});

function changed(symbols: readonly string[], { kind, at, symbol }: Change): string[] {
  const index = at % symbols.length;
  const [one, two] = [symbols[index] as string, symbols[index + 1]];
  if (kind === "drop") return symbols.toSpliced(index, 1);
  if (kind === "double") return symbols.toSpliced(index, 0, one);
  if (kind === "insert") return symbols.toSpliced(index, 0, symbol);
  if (kind === "replace") return symbols.toSpliced(index, 1, symbol);
  return two === undefined ? [...symbols] : symbols.toSpliced(index, 2, two, one);
}

/** The drafts of a history, each saying truthfully what those before it come to: only the order can be wrong. */
function draftsOf(plan: Plan, symbols: readonly string[]): EventDraft[] {
  return symbols.map((symbol, at) => draftOf(plan, symbol, symbols.slice(0, at)) as unknown as EventDraft);
}

const reason = { code: "x.y", place: "", message: "" };

function draftOf(plan: Plan, symbol: string, before: readonly string[]) {
  const [letter = "", rest = ""] = [symbol[0], symbol.slice(1)];
  const task = Number(rest[0]);
  const id = plan.tasks[task]?.id;
  const has = (...wanted: string[]) => before.filter((other) => wanted.includes(other)).length;
  const answer = symbol.endsWith("-") ? { decision: "refuse", reasons: [reason] } : { decision: "allow", reasons: [] };
  const lastOf = (pattern: RegExp) => before.findLast((other) => pattern.test(other));
  const ofTask = (type: string, data: object) => ({ type, subject: id, data });
  switch (letter) {
    case "F":
      return { type: "PLAN_FROZEN", subject: run, data: { fence: 1 } };
    case "U": {
      const inDoubt = plan.tasks.filter((_, position) => {
        const last = lastOf(new RegExp(`^[XCAE]${position}$`));
        const isDenied = plan.onFailure === "abort" && before.some((other) => other.startsWith(`N${position}`));
        return last === `X${position}` && !isDenied && has(`K${position}`) === 0;
      });
      const completed = plan.tasks.filter((_, position) => has(`C${position}`) > 0).length;
      const [attempt, indeterminate] = [has("U") + 2, inDoubt.map((each) => each.id)];
      return { type: "RUN_RESUMED", subject: run, data: { completed, indeterminate, attempt, fence: attempt } };
    }
    case "T":
      return { type: "TOKEN_VALIDATION", subject: run, data: answer };
    case "R":
      return ofTask("ROUTING_DECISION", answer);
    case "S":
      return ofTask("AUTHORIZATION_SCOPE_CHECK", answer);
    case "D":
      return ofTask("DRIFT_CHECK", { of: plan.tasks[0]?.id, ...answer });
    case "L":
      return ofTask("RESOURCE_LIMIT_CHECK", answer);
    case "X":
      return ofTask("EXECUTION_STARTED", { attempt: has(`X${task}`) + 1 });
    case "B":
      return ofTask("BOUNDARY_VIOLATION", {});
    case "C":
      return ofTask("EXECUTION_COMPLETED", {});
    case "A":
      return ofTask("OPERATION_ABORTED", { code: "runner.timeout", reasons: [] });
    case "E":
      return ofTask("OPERATION_ABORTED", { code: "runner.boundary-violation", reasons: [] });
    case "N":
      return ofTask("EXECUTION_DENIED", { stage: rest.slice(1), reasons: [reason] });
    case "K": {
      const rejection = lastOf(/^J:/)?.slice(2);
      const failure = before.find((other) => /^[AEN]\d/.test(other));
      const because = rejection ?? plan.tasks[Number(failure?.[1])]?.id;
      return ofTask("EXECUTION_SKIPPED", { because });
    }
    case "Q":
      return { type: "APPROVAL_REQUESTED", subject: run, data: { gate: rest.slice(1) } };
    case "Y":
    case "J":
      return {
        type: "APPROVAL_RECORDED",
        subject: run,
        data: { gate: rest.slice(1), decision: letter === "Y" ? "approve" : "reject" },
      };
    case "P": {
      const last = lastOf(/^[AEN]\d/);
      const codes: Record<string, string> = { A: "runner.timeout", E: "runner.boundary-violation", N: "x.y" };
      const data = rest.startsWith(":")
        ? { gate: rest.slice(1), task: null, code: "authority.approval-expired" }
        : { gate: null, task: id, code: codes[last?.[0] ?? ""] };
      return { type: "RUN_STOPPED", subject: run, data };
    }
    case "M":
      return {
        type: "CONTRACT_VERDICT",
        subject: rest.slice(1),
        data: { contract: rest.slice(1), verdict: "satisfied" },
      };
    case "V":
      return { type: "RUN_VOIDED", subject: run, data: {} };
    default:
      return { type: "RUN_SEALED", subject: run, data: { status: rest.slice(1) } };
  }
}

function accepts(plan: Plan, symbols: readonly string[]): { found: string[]; sealed: boolean } {
  const findings = new Findings();
  const grammar = new RunGrammar(plan, findings);
  draftsOf(plan, symbols).forEach((draft, seq) => {
    grammar.next({ run, seq, prev: base.planDigest, at: "2026-01-31T12:00:00.000Z", ...draft } as RunEvent);
  });
  const sealed = grammar.end().kind === "sealed";
  return { found: findings.reasons.map(({ place, message }) => `${place}: ${message}`), sealed };
}

test("a run that follows its plan has no fault, wherever it breaks off", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(runs, ({ plan, symbols }) => {
      for (const symbol of symbols) seen.add(symbol);

      expect(isRun(plan, symbols)).toBe(true);
      expect(accepts(plan, symbols)).toEqual({ found: [], sealed: symbols.at(-1)?.startsWith("Z") });
    }),
    { numRuns: 3000 },
  );
  expect(ALPHABET.filter((symbol) => !seen.has(symbol) && !/^(D0|N0drift|K0)/.test(symbol))).toEqual([]);
});

test("a run with one event dropped, doubled, exchanged, put in or replaced has a fault exactly when it is no run any more", () => {
  const answers = { yes: 0, no: 0 };
  fc.assert(
    fc.property(runs, changes, ({ plan, symbols }, change) => {
      const altered = changed(symbols, change);
      fc.pre(altered.length > 0);
      const expected = isRun(plan, altered);
      answers[expected ? "yes" : "no"] += 1;

      const { found } = accepts(plan, altered);

      expect({ altered, isFaultless: found.length === 0, found: expected ? found : [] }).toEqual({
        altered,
        isFaultless: expected,
        found: [],
      });
    }),
    { numRuns: 6000 },
  );
  expect(Math.min(answers.yes, answers.no)).toBeGreaterThan(100);
});
