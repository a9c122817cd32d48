/**
 * The world that the code under test lives in, and that survives its processes: log, target, source, clock, authority's
 * memory, and what was seen to happen there.
 *
 * @module
 */
import { createMemoryAuthorityStorage, type MemoryAuthorityStorage } from "@canonic/authority";
import { type Digest, planDigestOf, type RunId, runIdOf } from "@canonic/contracts";
import type { Coverage } from "./coverage.ts";
import { SimulatedLog } from "./log.ts";
import { type PlannedWorld, planOf } from "./plans.ts";
import { Scheduler } from "./scheduler.ts";
import { type Choices, choicesOf } from "./seeded-choices.ts";
import { Target } from "./target.ts";

/** One execution that reached an operation, whatever became of it. */
export type Seen = {
  readonly purpose: "task" | "recheck" | "replay";
  readonly position: number;
  readonly process: number;
  /** For a recheck: the task that waits for it. */
  before: number | null;
  output: Digest | null;
};

/** A sentence of the story, in order; written only when somebody wants to read it. */
export type Story = ((line: string) => void) | null;

/** An invariant that did not hold; the first one ends the simulation of its seed. */
export type Violation = { readonly invariant: string; readonly what: string };

const BEGIN_MS = Date.UTC(2026, 0, 31, 12);

export class World {
  readonly planned: PlannedWorld;
  readonly planDigest: Digest;
  readonly log = new SimulatedLog();
  readonly target = new Target();
  storage: MemoryAuthorityStorage = createMemoryAuthorityStorage();
  /** True where authority keeps nothing beyond a session: what was spent is then what the journal shows. */
  readonly forgetsAuthority: boolean;
  readonly scheduler: Scheduler;
  /** Upsets that are still to come, by position; taken as executions meet them. */
  readonly metUpsets = new Map<number, number>();
  readonly seen: Seen[] = [];
  readonly coverage: Coverage;
  readonly story: Story;
  violation: Violation | null = null;
  /** The id of the first run of this log: there is one run per world. */
  readonly run: RunId;
  sourceVersion = 0;
  nowMs = BEGIN_MS;
  /** Every moment that the clock told. */
  readonly told = new Set<string>();
  monotonicMs = 0;
  /** When each approval was shown to authority, by digest. */
  readonly shown = new Map<Digest, number[]>();
  readonly #pace: Choices;

  constructor(seed: number, coverage: Coverage, story: Story) {
    this.planned = planOf(choicesOf(seed, "plan"));
    this.planDigest = planDigestOf(this.planned.plan);
    this.run = runIdOf(this.planDigest, 1);
    this.scheduler = new Scheduler(choicesOf(seed, "schedule"));
    this.coverage = coverage;
    this.story = story;
    this.#pace = choicesOf(seed, "pace");
    this.forgetsAuthority = this.#pace.chance(1, 8);
  }

  now(): string {
    const now = new Date(this.nowMs).toISOString();
    this.told.add(now);
    return now;
  }

  /** Between two steps pass 0 to 8 ms. */
  pass(): void {
    const ms = this.#pace.below(9);
    this.nowMs += ms;
    this.monotonicMs += ms;
  }

  /** A new session, where authority lives no longer than one. */
  forget(): void {
    if (this.forgetsAuthority) this.storage = createMemoryAuthorityStorage();
  }

  /** Monotonic time goes forward only, whatever happens to the clock on the wall. */
  jump(ms: number): void {
    this.nowMs += ms;
    if (ms > 0) this.monotonicMs += ms;
  }

  breach(invariant: string, what: string): void {
    this.violation ??= { invariant, what };
  }
}
