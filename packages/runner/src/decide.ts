/**
 * What to do next, decided from events alone.
 *
 * Invariants:
 *   D1. Pure: no clock, no I/O, no randomness. Equal events give equal commands, in a first run and in a resumed one.
 *   D2. At most one command of a decision appends an event; the next decision is made with that event in hand. So no
 *       check is ever pending when a task fails.
 *   D3. A task begins only when everything of the groups before it has completed and fewer than `jobs` are in flight.
 *   D4. After the first failure nothing begins. What is in flight is let finish and its outcome is recorded; then the
 *       rest is named as skipped, in position order, and the run is sealed.
 *   D5. After the last event of a run nothing is commanded.
 *
 * @module
 */
import type { EventData, EventDraft, Reason } from "@canonic/contracts";
import { nextPosition, type RunState, sealStatus } from "./state.ts";
import { valueAt } from "./table.ts";
import { applyEvent } from "./transition.ts";

/** The checks before an execution, in order. */
export type Stage = "routing" | "scope" | "limit";

export type Command =
  | { readonly kind: "validate" }
  | { readonly kind: "route"; readonly position: number }
  | { readonly kind: "scope"; readonly position: number }
  | { readonly kind: "reserve"; readonly position: number }
  | { readonly kind: "begin"; readonly position: number; readonly attempt: number }
  | { readonly kind: "execute"; readonly position: number }
  | { readonly kind: "deny"; readonly position: number; readonly stage: Stage; readonly reasons: readonly Reason[] }
  | { readonly kind: "skip"; readonly position: number; readonly because: number }
  | { readonly kind: "verdict"; readonly index: number }
  | { readonly kind: "seal"; readonly status: EventData<"RUN_SEALED">["status"] };

export type Decision = { readonly state: RunState; readonly commands: readonly Command[] };

/**
 * Takes one event in and says what follows.
 *
 * A resume is: fold the journaled events and drop their commands, append RUN_RESUMED, and go on with what that one says.
 *
 * @throws {RunnerError} `runner.journal-unexpected` when the event cannot follow in this run.
 */
export function decide(before: RunState, event: EventDraft): Decision {
  const state = applyEvent(before, event);
  return { state, commands: commandsAfter(state, event) };
}

function commandsAfter(state: RunState, event: EventDraft): readonly Command[] {
  switch (event.type) {
    case "ROUTING_DECISION":
      return afterCheck(state, event, "routing", "scope");
    case "AUTHORIZATION_SCOPE_CHECK":
      return afterCheck(state, event, "scope", "reserve");
    case "RESOURCE_LIMIT_CHECK":
      return afterCheck(state, event, "limit", "begin");
    case "EXECUTION_STARTED":
      return [{ kind: "execute", position: positionOf(state, event.subject) }, ...goOn(state)];
    default:
      return goOn(state);
  }
}

type CheckEvent = Extract<
  EventDraft,
  { type: "ROUTING_DECISION" | "AUTHORIZATION_SCOPE_CHECK" | "RESOURCE_LIMIT_CHECK" }
>;

function afterCheck(
  state: RunState,
  event: CheckEvent,
  stage: Stage,
  next: "scope" | "reserve" | "begin",
): readonly Command[] {
  const position = positionOf(state, event.subject);
  const { decision, reasons } = event.data;
  if (decision === "refuse") return [{ kind: "deny", position, stage, reasons }];
  if (next === "begin")
    return [{ kind: "begin", position, attempt: (valueAt(state.tasks, position)?.attempt ?? 0) + 1 }];
  return [{ kind: next, position }];
}

/** What follows from the state alone, when no check of a task is half done. */
function goOn(state: RunState): readonly Command[] {
  const status = sealStatus(state);
  if (status !== null) return [{ kind: "seal", status }];
  if (state.phase === "frozen") return [{ kind: "validate" }];
  if (state.phase !== "running") return [];
  return state.failure === null ? advance(state) : windDown(state, state.failure.position);
}

function advance(state: RunState): readonly Command[] {
  if (state.completed === state.tasks.size) return [{ kind: "verdict", index: state.verdicts.length }];
  const position = state.active < state.shape.jobs ? nextPosition(state) : undefined;
  return position === undefined ? [] : [{ kind: "route", position }];
}

/** Nothing, while something is in flight. */
function windDown(state: RunState, because: number): readonly Command[] {
  const position = state.remaining?.[state.skipped];
  return position === undefined ? [] : [{ kind: "skip", position, because }];
}

/** The fold has accepted the event, so its subject is a task. */
function positionOf(state: RunState, subject: string): number {
  return state.shape.positions.get(subject) ?? -1;
}
