/**
 * The fold of gates and stops: what a person was asked, what they said, and where the run stands still.
 *
 * @module
 */
import type { EventDraft } from "@canonic/contracts";
import { gateAhead, isWindingDown, pinsOf, type RunState, stopCodeOf } from "./state.ts";

type GateEvent = Extract<EventDraft, { type: "APPROVAL_REQUESTED" | "APPROVAL_RECORDED" | "RUN_STOPPED" }>;

/** The state after one more event of a gate, or a stop; undefined is "cannot follow". */
export function gateTransition(state: RunState, event: GateEvent): RunState | undefined {
  if (event.type === "RUN_STOPPED") return isStop(state, event) ? { ...state, phase: "stopped" } : undefined;
  const gate = state.failure === null ? gateAhead(state) : undefined;
  const { gate: name, plan, pins } = event.data;
  if (gate?.name !== name || plan !== state.plan || pins !== pinsOf(state)) return undefined;
  if (event.type === "APPROVAL_REQUESTED") {
    const isFirst = !state.isRequested && event.data.reviewDecision === gate.reviewDecision;
    return isFirst ? { ...state, isRequested: true } : undefined;
  }
  if (!state.isRequested) return undefined;
  const { approval, reviewDecision } = event.data;
  const recorded = { ...state, approvals: [...state.approvals, { gate: name, approval, reviewDecision }] };
  return event.data.decision === "approve"
    ? { ...recorded, gatesPassed: state.gatesPassed + 1, isRequested: false }
    : { ...recorded, rejection: name };
}

/** At the task that failed first when nothing is in flight, or at a gate that has been asked for. */
function isStop(state: RunState, { data }: Extract<GateEvent, { type: "RUN_STOPPED" }>): boolean {
  const { failure, shape } = state;
  if (state.active > 0 || isWindingDown(state)) return false;
  if (failure !== null)
    return data.gate === null && data.task === shape.ids[failure.position] && data.code === stopCodeOf(failure);
  return state.isRequested && data.task === null && data.gate === gateAhead(state)?.name;
}
