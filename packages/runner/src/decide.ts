/**
 * What to do next, decided from events alone.
 *
 * Invariants:
 *   D1. Pure: no clock, no I/O, no randomness. Equal events give equal commands, in a first run and in a resumed one.
 *   D2. At most one command of a decision appends an event; the next decision is made with that event in hand. So no
 *       check is ever pending when a task fails.
 *   D3. A task begins only when everything of the groups before it has completed, every gate before it has been approved,
 *       and fewer than `jobs` are in flight.
 *   D4. After the first failure nothing begins. What is in flight is let finish and its outcome is recorded; then the
 *       rest is named as skipped, in position order, and the run is sealed; or the run stops, if its plan says so.
 *   D5. After the last event of a run, and after a stop, nothing is commanded.
 *
 * @module
 */
import type { EventDraft, Reason, RunStatus } from "@canonic/contracts";
import type { GatePoint } from "./shape.ts";
import { attemptAt, gateAhead, isWindingDown, nextPosition, type RunState, type Stage, sealStatus } from "./state.ts";
import { dueRecheck, skipCauseOf } from "./task-transition.ts";
import { applyEvent } from "./transition.ts";

export type Command =
  | { readonly kind: "validate" }
  | { readonly kind: "route"; readonly position: number }
  | { readonly kind: "scope"; readonly position: number }
  | { readonly kind: "recheck"; readonly position: number; readonly of: number }
  | { readonly kind: "reserve"; readonly position: number; readonly attempt: number }
  | { readonly kind: "begin"; readonly position: number; readonly attempt: number }
  | { readonly kind: "execute"; readonly position: number }
  | { readonly kind: "deny"; readonly position: number; readonly stage: Stage; readonly reasons: readonly Reason[] }
  | { readonly kind: "skip"; readonly position: number; readonly because: string }
  | { readonly kind: "request"; readonly gate: GatePoint }
  | { readonly kind: "ask"; readonly gate: GatePoint }
  | { readonly kind: "stop" }
  | { readonly kind: "verdict"; readonly index: number }
  | { readonly kind: "seal"; readonly status: RunStatus };

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
  if (state.owed !== null) return owedOf(state.owed);
  const position = state.shape.positions.get(event.subject) ?? -1;
  switch (event.type) {
    case "ROUTING_DECISION":
      return [{ kind: "scope", position }];
    case "AUTHORIZATION_SCOPE_CHECK":
    case "DRIFT_CHECK": {
      const of = dueRecheck(state, position);
      return [
        of === undefined
          ? { kind: "reserve", position, attempt: attemptAt(state, position) + 1 }
          : { kind: "recheck", position, of },
      ];
    }
    case "RESOURCE_LIMIT_CHECK":
      return [{ kind: "begin", position, attempt: attemptAt(state, position) + 1 }];
    case "EXECUTION_STARTED":
      return [{ kind: "execute", position }, ...goOn(state)];
    default:
      return goOn(state);
  }
}

/** A refused check is followed by its denial; the abort after a violated boundary comes with it, from the operation's outcome. */
function owedOf(owed: NonNullable<RunState["owed"]>): readonly Command[] {
  if (owed.kind === "abort") return [];
  const { position, stage, reasons } = owed;
  return [{ kind: "deny", position, stage, reasons }];
}

/** What follows from the state alone, when no check of a task is half done. */
function goOn(state: RunState): readonly Command[] {
  const status = sealStatus(state);
  if (status !== null) return [{ kind: "seal", status }];
  if (state.phase === "frozen") return [{ kind: "validate" }];
  if (state.phase !== "running") return [];
  if (isWindingDown(state)) return windDown(state);
  if (state.failure !== null) return state.active > 0 ? [] : [{ kind: "stop" }];
  return advance(state);
}

function advance(state: RunState): readonly Command[] {
  if (state.completed === state.tasks.size) return [{ kind: "verdict", index: state.verdicts.length }];
  const gate = gateAhead(state);
  if (gate !== undefined) return [{ kind: state.isRequested ? "ask" : "request", gate }];
  const position = state.active < state.shape.jobs ? nextPosition(state) : undefined;
  return position === undefined ? [] : [{ kind: "route", position }];
}

/** Nothing, while something is in flight. */
function windDown(state: RunState): readonly Command[] {
  const position = state.remaining?.[state.skipped];
  const because = skipCauseOf(state);
  return position === undefined || because === undefined ? [] : [{ kind: "skip", position, because }];
}
