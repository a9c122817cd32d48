/** The simulation finds what it is for: planted defects, each by its invariant, within a bounded number of seeds. */
import { expect, test } from "vitest";
import { DEFECTS, unrepeatable } from "./defects.ts";
import { messageOf } from "./many-seeds.ts";
import { type Outcome, simulate } from "./simulation.ts";
import type { Violation } from "./world.ts";

/** Most defects show in the first few seeds; an approval that comes again at the next gate is the rarest. */
const SEEDS_MAX = 2000;
/** So many seeds are simulated without a defect. */
const SEEDS_SOUND = 400;

/** What the first seeds that notice a defect report; the invariants, as often as they were broken. */
async function reportsOf(name: string): Promise<Violation[]> {
  const reports: Violation[] = [];
  for (let seed = 0; seed < SEEDS_MAX && reports.length < 2; seed += 1) {
    const { violation } = await simulate(seed, { defect: DEFECTS[name]?.plant() ?? {} });
    if (violation !== null) reports.push(violation);
  }
  return reports;
}

test.each(Object.keys(DEFECTS))("reports %s", async (name) => {
  const reports = await reportsOf(name);

  expect(reports.length).toBeGreaterThan(0);
  const others = reports.filter(({ invariant }) => !DEFECTS[name]?.breaks.includes(invariant));
  expect(others).toEqual([]);
});

test("reports nothing in the first seeds without a defect", async () => {
  const outcomes: Outcome[] = [];
  for (let seed = 0; seed < SEEDS_SOUND; seed += 1) outcomes.push(await simulate(seed));

  expect(outcomes.filter(({ violation }) => violation !== null)).toEqual([]);
});

test("notices what is not a function of the seed (V12)", async () => {
  const defect = unrepeatable();
  let differing = 0;
  for (let seed = 0; seed < SEEDS_MAX && differing === 0; seed += 1) {
    const { bytes } = await simulate(seed, { defect });
    if ((await simulate(seed, { defect })).bytes !== bytes) differing += 1;
  }

  expect(differing).toBe(1);
});

test("a failure names the seed, the invariant and the command that tells its story", () => {
  expect(messageOf(7, "V1", "a write's effect happened twice")).toBe(
    "seed 7 breaks V1: a write's effect happened twice\n" +
      "its story: CANONIC_SIMULATION_SEED=7 npx vitest run tests/simulation/one-seed",
  );
});
