/**
 * The scheduler: whatever a process waits for ends when the scheduler says so, one at a time.
 *
 * A port answers with `later(…)`: what it does to the world, and what it answers, happen in one step that the seed chooses
 * among all that are waiting. Between two steps stands one turn of the event loop, in which the code under test runs until
 * it waits again. No timer and no real time exists.
 *
 * Invariants:
 *   S1. At most one step of the whole world happens per turn, so that a fault between any two steps can be placed.
 *   S2. Nothing of a dead process is answered any more: to the code it is as if it had stopped existing. Nothing of a
 *       paused one is answered before it wakes up.
 *   S3. What a process asked for stays possible until it is done: no step is lost.
 *
 * @module
 */
import type { Choices } from "./seeded-choices.ts";

/** What a step is, as the coverage counts it: `journal.durable`, `operation.effect`, `authority.reserve`, … */
export type StepKind = string;

/** One process: it may be killed or paused between any two steps. */
export type Process = { readonly number: number; readonly fence: number; state: "alive" | "paused" | "dead" };

export type Step = {
  readonly process: Process;
  readonly kind: StepKind;
  readonly about: string;
  /** Not before this many further steps have happened, as long as others can. */
  delayed: number;
  readonly act: () => void;
};

export class Scheduler {
  readonly #waiting: Step[] = [];
  readonly #choices: Choices;
  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** Does `act` in a later step and answers with what it gives or throws. */
  later<T>(process: Process, kind: StepKind, about: string, act: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const step: Step = {
        process,
        kind,
        about,
        delayed: 0,
        act: () => {
          try {
            resolve(act());
          } catch (error) {
            reject(error as Error);
          }
        },
      };
      this.#waiting.push(step);
    });
  }

  /** A step that can happen now, by the seed's choice; undefined when nobody waits for anything. */
  next(): Step | undefined {
    const living = this.#waiting.filter(({ process }) => process.state === "alive");
    const ready = living.filter(({ delayed }) => delayed === 0);
    const from = ready.length > 0 ? ready : living;
    return from.length === 0 ? undefined : this.#choices.pick(from);
  }

  /** True when nobody alive waits for anything. */
  isEmpty(): boolean {
    return !this.#waiting.some(({ process }) => process.state === "alive");
  }

  /** Does the step and gives the code under test its turn. */
  async take(step: Step): Promise<void> {
    this.#waiting.splice(this.#waiting.indexOf(step), 1);
    for (const other of this.#waiting) if (other.delayed > 0) other.delayed -= 1;
    step.act();
    await turn();
  }

  /** Forgets what the dead were waiting for. */
  bury(process: Process): void {
    for (let index = this.#waiting.length - 1; index >= 0; index -= 1)
      if (this.#waiting[index]?.process === process) this.#waiting.splice(index, 1);
  }
}

/** One turn of the event loop: all that can run without another step has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
