/**
 * How much deciding may cost: steps and room, counted and never timed.
 *
 * Invariants:
 *   B1. Whether a budget ends a decision follows from the values that it is made from alone, on every machine.
 *   B2. What grows faster than the values are long (rules by services, policies by profiles, columns by services, what rules walk) is taken
 *       before it is done, by what is there and not by what a schema would allow.
 *
 * A step is some 10 ns of a quiet core, room is bytes that are kept.
 *
 * @module
 */
import { CaioError } from "./errors.ts";

/** Of one re-derivation: some seven seconds, three times what 1,000 rules over 10,000 services take. */
export const REDERIVATION_STEPS_MAX = 750_000_000;
/** Of one re-derivation, beside the values themselves: twice what 10,000 services of public catalogues take. */
export const REDERIVATION_ROOM_MAX = 120_000_000;

/** What is spent by everything that one decision is made with; give the same one to all of it. */
export interface DecisionBudget {
  /** @throws {CaioError} `caio.budget-spent` when fewer steps are left. */
  takeSteps(steps: number): void;
  /** @throws {CaioError} `caio.budget-spent` when less room is left. */
  takeRoom(bytes: number): void;
}

/** For whoever decides in a world of his own. */
export const UNBOUNDED: DecisionBudget = { takeSteps: () => undefined, takeRoom: () => undefined };

/** A budget of so many steps and so much room, to be spent once. */
export function openBudget(stepsMax = REDERIVATION_STEPS_MAX, roomMax = REDERIVATION_ROOM_MAX): DecisionBudget {
  let steps = stepsMax;
  let room = roomMax;
  return {
    takeSteps(taken) {
      steps -= taken;
      if (steps < 0) throw spent("steps", stepsMax);
    },
    takeRoom(taken) {
      room -= taken;
      if (room < 0) throw spent("bytes of room", roomMax);
    },
  };
}

function spent(what: "steps" | "bytes of room", max: number): CaioError<"caio.budget-spent"> {
  return new CaioError("caio.budget-spent", `deciding takes more than ${max} ${what}`, { what, max });
}
