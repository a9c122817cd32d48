/**
 * What authority costs: a token's validation, a scope check, a reservation under four limits; and what is left of a bare loop.
 *
 * Steps run under real tokens over the SQLite stores, with the default policies, their limits held and spent in a ledger that
 * other processes share. The baseline is a loop that writes one durable SQLite row for each step, and nothing else.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { createMemoryAuthorityStorage } from "@canonic/authority";
import { planDigestOf, runIdOf, type Task } from "@canonic/contracts";
import { medianOf, openBareLoop, timeRuns } from "./measuring.ts";
import { type BenchLog, type NoOpPlan, noOpPlan, openBenchLog } from "./no-op-plans.ts";

const ROUNDS = 7;
const STEPS = 100;
const SMALL_RUNS = 1000;
const SMALL_RUN_STEPS = 3;
/** Governed steps are to reach at least this share of the bare loop's rate. */
const AIM = 1 / 3;

let seed = 1_000_000;
function planOf(effect: "pure" | "write", tasks: number): NoOpPlan {
  seed += 1;
  return noOpPlan({ effect, tasks, group: 1, seed });
}

export type AuthorityReport = {
  readonly bareStepsPerSecond: number;
  /** Sequential steps in one run, by effect: steps/s and their share of the bare loop in the same round. */
  readonly sequential: readonly {
    readonly effect: "pure" | "write";
    readonly stepsPerSecond: number;
    readonly share: number;
  }[];
  readonly smallRuns: { readonly runs: number; readonly ms: number; readonly stepsPerSecond: number };
  /** Microseconds each, over the SQLite store and over memory. */
  readonly costs: readonly {
    readonly store: "sqlite" | "memory";
    readonly issue: number;
    readonly validate: number;
    readonly scope: number;
    readonly reserveAndCommit: number;
  }[];
};

/** Measures everything; rounds are interleaved, figures are medians. */
export async function run(): Promise<AuthorityReport> {
  const log = await openBenchLog();
  const bare = openBareLoop();
  const bares: number[] = [];
  const rates = { pure: [] as number[], write: [] as number[] };
  const shares = { pure: [] as number[], write: [] as number[] };
  const small: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const bareRate = bare.commitsPerSecond();
    for (const effect of ["write", "pure"] as const) {
      const rate = (STEPS * 1000) / (await timeRuns(log, [planOf(effect, STEPS)], 1));
      if (round < 0) continue;
      rates[effect].push(rate);
      shares[effect].push(rate / bareRate);
    }
    const plans = Array.from({ length: SMALL_RUNS }, () => planOf("write", SMALL_RUN_STEPS));
    const ms = await timeRuns(log, plans, 1);
    if (round < 0) continue;
    bares.push(bareRate);
    small.push(ms);
  }
  const costs = [await costsOver(log, "sqlite"), await costsOver(log, "memory")];
  bare.close();
  await log.close();
  const ms = medianOf(small);
  return {
    bareStepsPerSecond: medianOf(bares),
    sequential: (["write", "pure"] as const).map((effect) => ({
      effect,
      stepsPerSecond: medianOf(rates[effect]),
      share: medianOf(shares[effect]),
    })),
    smallRuns: { runs: SMALL_RUNS, ms, stepsPerSecond: (SMALL_RUNS * SMALL_RUN_STEPS * 1000) / ms },
    costs,
  };
}

/** The questions of a run, asked without a run around them. */
async function costsOver(log: BenchLog, store: "sqlite" | "memory"): Promise<AuthorityReport["costs"][number]> {
  const noOp = planOf("write", 1000);
  const { plan, contract } = noOp;
  const run = runIdOf(planDigestOf(plan), 1);
  const storage = store === "sqlite" ? log.authority : createMemoryAuthorityStorage();
  if (store === "memory") await log.arm(storage);
  const tokens: string[] = [];
  const issue = timeEach(200, () => tokens.push(log.tokenFor(noOp)));
  const authority = log.authorityFor(noOp, tokens[0], storage);
  const validate = timeEach(200, () => {
    mustAllow(log.authorityFor(noOp, tokens[0], storage).validate(plan, run));
  });
  mustAllow(authority.validate(plan, run));
  const taskAt = (index: number) => plan.tasks[index] as Task;
  const scope = timeEach(1000, (index) => mustAllow(authority.scope(taskAt(index), contract)));
  const reserveAndCommit = timeEach(1000, (index) => {
    mustAllow(authority.reserve(taskAt(index), contract, 1));
    authority.commit(taskAt(index), 1, 0);
  });
  return { store, issue, validate, scope, reserveAndCommit };
}

function mustAllow(answer: unknown): void {
  if ((answer as { readonly kind?: string }).kind !== "allow") throw new Error("refused");
}

/** Microseconds of one call. */
function timeEach(times: number, call: (index: number) => void): number {
  const startedMs = performance.now();
  for (let index = 0; index < times; index += 1) call(index);
  return ((performance.now() - startedMs) * 1000) / times;
}

/** The report as lines for people. */
export function format({ bareStepsPerSecond, sequential, smallRuns, costs }: AuthorityReport): string {
  return [
    `bare loop, one durable row a step: ${Math.round(bareStepsPerSecond)} steps/s`,
    ...sequential.map(
      ({ effect, stepsPerSecond, share }) =>
        `${effect.padEnd(5)}  governed, sequential: ${Math.round(stepsPerSecond)} steps/s, ${share.toFixed(2)} x bare (aim: at least ${AIM.toFixed(2)})`,
    ),
    `${smallRuns.runs} concurrent runs of ${SMALL_RUN_STEPS} writes: ${Math.round(smallRuns.ms)} ms, ${Math.round(smallRuns.stepsPerSecond)} steps/s`,
    ...costs.map(
      ({ store, issue, validate, scope, reserveAndCommit }) =>
        `${store.padEnd(6)}  microseconds: issue ${issue.toFixed(1)}, validate once a plan ${validate.toFixed(1)}, a step: scope ${scope.toFixed(1)}, limits held and spent ${reserveAndCommit.toFixed(1)}`,
    ),
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(format(await run()));
