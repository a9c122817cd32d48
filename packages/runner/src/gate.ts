/**
 * Gates: what a person is asked, and what becomes of the answer.
 *
 * Invariants:
 *   G1. What is asked is what the journal says: the plan, and the digest of all that has completed.
 *   G2. Whether an answer counts is authority's to say; nothing of an answer that does not count is journaled.
 *
 * @module
 */
import type { EventDraft, GateRequest, Reason } from "@canonic/contracts";
import type { Run } from "./run.ts";
import type { Stop } from "./run-ports.ts";
import type { GatePoint } from "./shape.ts";
import { pinsOf, type RunState } from "./state.ts";
import { stopOf } from "./stop.ts";
import type { Made } from "./task-event.ts";

/** The request of the gate at which the run stands. */
export function gateRequestOf(run: Pick<Run, "id">, state: RunState, gate: GatePoint): GateRequest {
  const { plan } = state;
  if (plan === null) throw new Error("assertion failed: a run at a gate has a plan");
  return { run: run.id, gate: gate.name, plan, pins: pinsOf(state), reviewDecision: gate.reviewDecision };
}

export function approvalRequested(run: Run, state: RunState, gate: GatePoint): EventDraft {
  const { run: _run, ...data } = gateRequestOf(run, state, gate);
  return { type: "APPROVAL_REQUESTED", subject: gate.name, data };
}

/** What asking came to: nobody has answered, an answer that counts, or a stop because of one that does not. */
export type Asked =
  | { readonly kind: "waiting"; readonly request: GateRequest }
  | { readonly kind: "recorded"; readonly made: Made }
  | { readonly kind: "stopped"; readonly made: Made; readonly stop: Stop };

/** Asks once. */
export async function askGate(run: Run, state: RunState, gate: GatePoint): Promise<Asked> {
  const request = gateRequestOf(run, state, gate);
  const given = await run.host.gate(request);
  if (given === null || given === undefined) return { kind: "waiting", request };
  const recorded = state.approvals.map(({ approval }) => approval);
  const decision = await run.authority.approve(request, given, recorded);
  if (decision.kind === "refuse") {
    const { reasons } = decision;
    const stop: Stop = { code: codeOf(reasons), task: null, gate: gate.name, reasons: reasons.slice(0, 20) };
    return { kind: "stopped", stop, made: stopOf(run, state, stop) };
  }
  const { approval, signer, reviewDecision, expiresAt } = decision;
  const { plan, pins } = request;
  const data = {
    gate: gate.name,
    approval: approval.digest,
    signer,
    decision: decision.decision,
    plan,
    pins,
    reviewDecision,
    expiresAt,
  };
  return {
    kind: "recorded",
    made: { event: { type: "APPROVAL_RECORDED", subject: gate.name, data }, payloads: [approval] },
  };
}

function codeOf([first]: readonly Reason[]): string {
  return (first?.code ?? "runner.approval-refused").slice(0, 128);
}
