/**
 * Executes a decision with its fallbacks, one after the other, until one keeps all that it promised.
 *
 * Invariants:
 *   F1. Before each fallback the whole question is decided again, with the budget and the latency that are left and at the
 *       moment of the clock; only who passes every clause of that decision is called, and its receipt names that decision.
 *   F2. A failed attempt is charged what it cost, and where nobody knows, what it could have.
 *   F3. After a write was attempted nobody else is: it may have happened.
 *
 * @module
 */
import {
  type ControlSignal,
  type ExecutionReceipt,
  type JsonValue,
  type RouteDecision,
  type RouteRequest,
  routeDecisionDigestOf,
} from "@canonic/contracts";
import { CaioError, type CaioErrorDetails, isCaioError } from "../errors.ts";
import { controlOf } from "../kernel/control.ts";
import { decide } from "../kernel/decide.ts";
import type { Decided } from "../kernel/decided.ts";
import { type Attempted, attempt, type ExecutionOptions } from "./attempt.ts";
import type { Executed } from "./execute-decision.ts";
import { fallbacksOf } from "./fallbacks.ts";

/** `deadlineUs` is for all attempts together; without it each has the deadline of its control signal. */
export interface ChainExecution extends ExecutionOptions {
  readonly decided: Decided;
  readonly input: JsonValue;
  readonly membersMax?: number | undefined;
  readonly deadlineUs?: number | undefined;
}

/** A member that was never called, and the code that says why. */
export interface SkippedMember {
  readonly service: string;
  readonly version: string;
  readonly code: string;
}

/** `receipts` has one of each attempt, the last that of the output; `decisions` what each was called under. */
export interface ExecutedChain extends Executed {
  readonly receipts: readonly ExecutionReceipt[];
  readonly decisions: readonly RouteDecision[];
  readonly skipped: readonly SkippedMember[];
}

type Reason = CaioErrorDetails["caio.fallbacks-exhausted"]["reason"];

/**
 * @throws {CaioError} `caio.decision-refused`; `caio.fallbacks-exhausted` with all receipts and why it ended; and, when nobody
 *   could be called at all, the error that says so of the first.
 */
export async function executeWithFallbacks(execution: ChainExecution): Promise<ExecutedChain> {
  const { decided, input, clock, membersMax } = execution;
  const { members } = fallbacksOf(decided, membersMax);
  const started = clock.monotonicUs();
  const receipts: ExecutionReceipt[] = [];
  const decisions: RouteDecision[] = [];
  const skipped: SkippedMember[] = [];
  let first: unknown;
  let spent = 0;
  let current = decided;
  let reason: Reason = "nobody-left";
  for (const { ranked } of members) {
    const { service, version } = ranked;
    const index = current.indexOf({ service, version });
    if (!current.passed(index)) {
      skipped.push({ service, version, code: "caio.execution-refused" });
      reason = "not-admitted";
      continue;
    }
    const { contract } = current.world.entry(index);
    const control = controlFor(current, index);
    let done: Attempted;
    try {
      const decision = routeDecisionDigestOf(current.record());
      const deadlineUs = Math.min(control.deadlineUs, timeLeft() ?? control.deadlineUs);
      const { request } = current.question;
      done = await attempt({ contract, decision, request, control, deadlineUs, input }, execution);
    } catch (error) {
      if (!isCaioError(error) || error.code === "caio.execution-refused") throw error;
      first ??= error;
      skipped.push({ service, version, code: error.code });
      continue;
    }
    decisions.push(current.record());
    receipts.push(done.receipt);
    if (done.kind === "fulfilled") {
      return { output: done.output, receipt: done.receipt, receipts, decisions, skipped };
    }
    if (done.kind === "failed" && done.fault === "aborted") throw exhausted("aborted");
    if (contract.effect === "write") throw exhausted("write-attempted");
    spent += done.receipt.costPicos ?? current.numbersOf(index).costPicos ?? 0;
    current = decideAgain();
    reason = "nobody-left";
  }
  if (receipts.length === 0 && first !== undefined) throw first;
  throw exhausted(reason);

  function decideAgain(): Decided {
    const { request, identity, authorization } = decided.question;
    const left = leftOf(request);
    return decide(decided.world, {
      request: left,
      identity,
      authorization: authorization?.table ?? null,
      at: Math.floor(clock.now()),
    });
  }

  function leftOf(request: RouteRequest): RouteRequest {
    const budgetPicos = request.budgetPicos === null ? null : request.budgetPicos - spent;
    if (budgetPicos !== null && budgetPicos < 0) throw exhausted("no-budget-left");
    const maxUs = request.latency === null ? 1 : Math.floor(request.latency.maxUs - elapsedUs());
    if (maxUs < 1 || (timeLeft() ?? 1) < 1) throw exhausted("no-time-left");
    return { ...request, budgetPicos, latency: request.latency === null ? null : { ...request.latency, maxUs } };
  }

  function elapsedUs(): number {
    return Math.max(0, clock.monotonicUs() - started);
  }

  function timeLeft(): number | undefined {
    return execution.deadlineUs === undefined ? undefined : Math.floor(execution.deadlineUs - elapsedUs());
  }

  function exhausted(why: Reason): CaioError<"caio.fallbacks-exhausted"> {
    return new CaioError("caio.fallbacks-exhausted", `no service answered as promised: ${why}`, {
      reason: why,
      receipts,
      decisions: decisions.map(routeDecisionDigestOf),
    });
  }
}

/** As the control signal of a decision that chose this service. */
function controlFor(decided: Decided, index: number): ControlSignal {
  const { world, question } = decided;
  return controlOf(question.request, {
    entry: world.entry(index),
    learned: world.columns.score.learned(index),
    latencyUs: decided.numbersOf(index).latencyUs ?? Number.NaN,
    latencyReferenceUs: world.world.scoreProfile.latencyReferenceUs,
  });
}
