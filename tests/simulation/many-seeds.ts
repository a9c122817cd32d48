/**
 * Many seeds: how many, which, and how a failing one is told.
 *
 * `CANONIC_SIMULATION_SEEDS` says how many; `CANONIC_SIMULATION_SEED` names the one that is replayed and printed instead.
 *
 * @module
 */
import type { Coverage } from "./coverage.ts";
import { simulate } from "./simulation.ts";

const SEEDS_DEFAULT = 5000;
/** One seed in this many is simulated twice, and one in as many has its events held against their schema. */
const SAMPLE = 16;

export const seeds = Number(process.env["CANONIC_SIMULATION_SEEDS"] ?? SEEDS_DEFAULT);
const asked = process.env["CANONIC_SIMULATION_SEED"];
/** The one seed that is asked for; null when all are. */
export const onlySeed = asked === undefined ? null : Number(asked);

/** Fewer seeds than this do not have to bring everything about. */
export const SEEDS_FOR_COVERAGE = SEEDS_DEFAULT;
/** How often each half of the seeds must bring everything about. */
export const TIMES_EACH = seeds >= 10_000 ? 3 : 1;

/** What a failure says: the seed, the invariant (`invariants.ts`), and how to see it again. */
export function messageOf(seed: number, invariant: string, what: string): string {
  const replay = `CANONIC_SIMULATION_SEED=${seed} npx vitest run tests/simulation/one-seed`;
  return `seed ${seed} breaks ${invariant}: ${what}\nits story: ${replay}`;
}

/** Simulates the seeds from `first` on, every `step`th, and throws for the first that breaks an invariant. */
export async function simulateMany(first: number, step: number, coverage: Coverage): Promise<void> {
  for (let seed = first; seed < seeds; seed += step) {
    const turn = Math.floor(seed / step) % SAMPLE;
    const { violation, bytes } = await simulate(seed, { coverage, validates: turn === 1 });
    if (violation !== null) throw new Error(messageOf(seed, violation.invariant, violation.what));
    if (turn !== 0) continue;
    const again = await simulate(seed);
    if (again.bytes !== bytes) throw new Error(messageOf(seed, "V12", "a second time it gives other bytes"));
  }
}

/** Replays one seed and prints its story: plan, sessions, faults, steps, events. */
export async function tellSeed(seed: number): Promise<void> {
  const { violation } = await simulate(seed, {
    story: (line) => process.stdout.write(`${line}\n`),
    validates: true,
  });
  if (violation !== null) throw new Error(messageOf(seed, violation.invariant, violation.what));
}
