/**
 * Faults: what may happen between any two steps, and how often.
 *
 * A clock may jump forward past every expiry, and back by some seconds. What is promised then: tokens, approvals and the
 * armed time are judged by what the clock says at each look, the order of events never depends on it, and time that is
 * measured goes forward only.
 *
 * @module
 */
import { disarmStore, haltStore, revoke } from "./people.ts";
import type { Step } from "./scheduler.ts";
import type { Choices } from "./seeded-choices.ts";
import type { Session } from "./session.ts";
import type { World } from "./world.ts";

export const FAULTS = [
  "crash",
  "pause",
  "delay",
  "clock-ms",
  "clock-hours",
  "clock-back",
  "journal-append",
  "journal-commit",
  "halt",
  "disarm",
  "revoke",
  "drift",
] as const;
export type Fault = (typeof FAULTS)[number];

const WEIGHTS: readonly (readonly [number, Fault])[] = [
  [6, "crash"],
  [4, "pause"],
  [4, "delay"],
  [3, "clock-ms"],
  [2, "clock-hours"],
  [2, "clock-back"],
  [3, "journal-append"],
  [3, "journal-commit"],
  [2, "halt"],
  [2, "disarm"],
  [2, "revoke"],
  [5, "drift"],
];

/** Steps by how many there are: where there are few, faults must be frequent. */
const RAREST = /consumeApproval|markExpired|^operation\.re(check|play)$/;
const RARE = /^operation\.|^journal\.durable|^person\.|markFirstUsed/;
const PLENTY = /^journal\.payload|^storage\.standing/;

/** A fault in front of a step, about one time in `rarity`; 0 is never. */
export function drawFault(choices: Choices, rarity: number, { kind }: Step): Fault | null {
  if (rarity === 0) return null;
  const share = RAREST.test(kind) ? 1 / 8 : RARE.test(kind) ? 1 / 3 : PLENTY.test(kind) ? 4 : 1;
  return choices.chance(1, Math.max(2, Math.ceil(rarity * share))) ? choices.weighted(WEIGHTS) : null;
}

/** What a fault does to the session and its world; `step` would have been next. */
export function strike(world: World, session: Session, fault: Fault, step: Step, choices: Choices): void {
  const { process, journal, presented } = session;
  world.coverage.count(`fault ${fault}`);
  world.coverage.count(`fault ${fault} before ${step.kind}`);
  world.story?.(`  fault: ${fault}, before ${step.kind} of process ${step.process.number}`);
  switch (fault) {
    case "crash":
      process.state = "dead";
      return;
    case "pause":
      process.state = "paused";
      return;
    case "delay":
      step.delayed = choices.between(1, 12);
      return;
    case "clock-ms":
      world.jump(choices.between(100, 5000));
      return;
    case "clock-hours":
      world.jump(choices.between(1, 13) * 3_600_000);
      return;
    case "clock-back":
      world.jump(-choices.between(1, 3000));
      return;
    case "journal-append":
      journal.failAtAppend ??= choices.below(6);
      return;
    case "journal-commit":
      journal.failAtCommit ??= choices.below(2);
      return;
    case "halt":
      haltStore(world);
      return;
    case "disarm":
      disarmStore(world);
      return;
    case "revoke":
      revoke(world, presented);
      return;
    case "drift":
      world.sourceVersion += 1;
      return;
  }
}
