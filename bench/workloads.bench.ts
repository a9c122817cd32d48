/**
 * Four standard workloads of no-op operations, and the cost per task as plans grow.
 *
 * Every step is routed, authorised, limited, journaled with all five events, checked against its contract, hashed into the tree and
 * committed; runs end in a signed checkpoint. Beside each round a bare `node:sqlite` loop writes one durable row per
 * commit (WAL, synchronous=FULL): figures from a slow or busy disk are to be read as ratios to it.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Effect } from "@canonic/contracts";
import { runPlan } from "@canonic/runner";
import { medianOf, openBareLoop, quantileOf, timeRuns } from "./measuring.ts";
import { type BenchLog as Log, type NoOpPlan, noOpPlan, openBenchLog, portsOf } from "./no-op-plans.ts";

type Workload = {
  readonly name: string;
  readonly unit: "steps/s" | "ms";
  /** What it should reach on a machine whose bare loop does 12,000 commits/s; null where no aim was set. */
  readonly aim: number | null;
  readonly measure: (log: Log, effect: Effect) => Promise<number>;
};

const ROUNDS = 7;
const BARE_REFERENCE = 12_000;
const GROWTH_TASKS = [300, 3000, 30_000];
const GROWTH_ROUNDS = 3;
const WATCHING_ROUNDS = 60;

let seed = 0;
function planOf(effect: Effect, tasks: number, group: number): NoOpPlan {
  seed += 1;
  return noOpPlan({ effect, tasks, group, seed });
}

function workloads(effect: Effect): readonly Workload[] {
  const isWrite = effect === "write";
  return [
    {
      name: "100 sequential steps in one run",
      unit: "steps/s",
      aim: isWrite ? 2000 : 6400,
      measure: async (log) => 100_000 / (await timeRuns(log, [planOf(effect, 100, 1)], 1)),
    },
    {
      name: "300 steps fanned out in one run",
      unit: "ms",
      aim: 40,
      measure: (log) => timeRuns(log, [planOf(effect, 300, 300)], 300),
    },
    {
      name: "200 concurrent runs of 10 steps",
      unit: "steps/s",
      aim: 13_000,
      measure: async (log) =>
        2_000_000 /
        (await timeRuns(
          log,
          Array.from({ length: 200 }, () => planOf(effect, 10, 1)),
          1,
        )),
    },
    {
      name: "one step, start to result",
      unit: "ms",
      aim: 1,
      measure: async (log) => {
        const times: number[] = [];
        for (let index = 0; index < 20; index += 1) times.push(await timeRuns(log, [planOf(effect, 1, 1)], 1));
        return medianOf(times);
      },
    },
  ];
}

export type WorkloadFigure = {
  readonly workload: string;
  readonly effect: Effect;
  readonly unit: "steps/s" | "ms";
  readonly median: number;
  readonly rounds: readonly number[];
  readonly aim: number | null;
  /** Steps per bare commit of the same round; for times, bare commits that fit into one. */
  readonly ratioToBare: number;
};

/** Processor time beside elapsed time: on a busy machine only the first says whether the cost is flat. */
export type GrowthFigure = {
  readonly tasks: number;
  readonly microsecondsPerTask: number;
  readonly cpuMicrosecondsPerTask: number;
  /** Of a process of its own that runs this one plan. */
  readonly peakMb: number;
};

export type WorkloadReport = {
  readonly bareCommitsPerSecond: number;
  readonly bareReference: number;
  readonly figures: readonly WorkloadFigure[];
  readonly growth: readonly GrowthFigure[];
  /** Processor time that watching every task adds, as a share: 0.05 is 5 %. */
  readonly watching: number;
};

/** Measures everything; rounds are interleaved, figures are medians. */
export async function run(): Promise<WorkloadReport> {
  const log = await openBenchLog();
  const bare = openBareLoop();
  const cases = (["write", "pure"] as const).flatMap((effect) =>
    workloads(effect).map((workload) => ({ effect, workload })),
  );
  const rounds = cases.map((): number[] => []);
  const ratios = cases.map((): number[] => []);
  const bares: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [index, { effect, workload }] of cases.entries()) {
      const commits = bare.commitsPerSecond();
      const value = await workload.measure(log, effect);
      if (round < 0) continue;
      bares.push(commits);
      rounds[index]?.push(value);
      ratios[index]?.push(workload.unit === "ms" ? (value * commits) / 1000 : value / commits);
    }
  }
  bare.close();
  await log.close();
  return {
    bareCommitsPerSecond: medianOf(bares),
    bareReference: BARE_REFERENCE,
    figures: cases.map(({ effect, workload }, index) => ({
      workload: workload.name,
      effect,
      unit: workload.unit,
      median: medianOf(rounds[index] ?? []),
      rounds: rounds[index] ?? [],
      aim: workload.aim,
      ratioToBare: medianOf(ratios[index] ?? []),
    })),
    growth: await growth(),
    watching: await watchingShare(),
  };
}

/** Pure steps in one declared-independent group; sizes are interleaved, each round executes at least 3,000 steps of each. */
async function growth(): Promise<GrowthFigure[]> {
  const log = await openBenchLog();
  const figures = GROWTH_TASKS.map((tasks) => ({ tasks, wall: [] as number[], cpu: [] as number[] }));
  for (let round = -1; round < GROWTH_ROUNDS; round += 1) {
    for (const { tasks, wall, cpu } of figures) {
      for (let done = 0; done < 3000; done += tasks) {
        const noOp = planOf("pure", tasks, tasks);
        const before = process.cpuUsage();
        const elapsedMs = await timeRuns(log, [noOp], 8);
        const { user, system } = process.cpuUsage(before);
        if (round < 0) continue;
        wall.push((elapsedMs * 1000) / tasks);
        cpu.push((user + system) / tasks);
      }
    }
  }
  await log.close();
  return figures.map(({ tasks, wall, cpu }) => ({
    tasks,
    microsecondsPerTask: medianOf(wall),
    cpuMicrosecondsPerTask: medianOf(cpu),
    peakMb: peakInChild(tasks),
  }));
}

/** 300 pure steps with progress and measurement callbacks against the same without, interleaved. */
async function watchingShare(): Promise<number> {
  const log = await openBenchLog();
  const cpu: [number[], number[]] = [[], []];
  for (let round = -3; round < WATCHING_ROUNDS; round += 1) {
    for (const watched of [0, 1] as const) {
      const noOp = planOf("pure", 300, 300);
      const measured = new Float64Array(300);
      let progress = 0;
      const watch = {
        onProgress: (ended: number) => {
          progress = ended;
        },
        onTask: ({ position, operationMs }: { position: number; operationMs: number }) => {
          measured[position] = operationMs;
        },
      };
      const request = { ...noOp, ...portsOf(noOp, log, 8), ...(watched ? watch : {}) };
      const before = process.cpuUsage();
      await runPlan(request);
      const { user, system } = process.cpuUsage(before);
      if (watched && progress !== 300) throw new Error(`progress ended at ${progress}`);
      if (round >= 0) cpu[watched].push(user + system);
    }
  }
  await log.close();
  // The fastest tenth: what a busy machine adds to the others is many times what is looked for here.
  return quantileOf(cpu[1], 0.1) / quantileOf(cpu[0], 0.1) - 1;
}

function peakInChild(tasks: number): number {
  const args = ["--conditions=@canonic/source", fileURLToPath(import.meta.url), "--peak", String(tasks)];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
}

async function peakOf(tasks: number): Promise<number> {
  const log = await openBenchLog();
  await timeRuns(log, [planOf("pure", tasks, tasks)], 8);
  await log.close();
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

/** The report as lines for people. */
export function format(report: WorkloadReport): string {
  const lines = [
    `bare node:sqlite loop: ${Math.round(report.bareCommitsPerSecond)} durable one-row commits/s (aims are for ${report.bareReference})`,
  ];
  for (const { effect, workload, unit, median, aim, ratioToBare } of report.figures) {
    const value = unit === "ms" ? median.toFixed(2) : String(Math.round(median));
    const ratio = unit === "ms" ? `${ratioToBare.toFixed(1)} bare commits` : `${ratioToBare.toFixed(2)} x bare`;
    lines.push(
      `${effect.padEnd(5)}  ${workload.padEnd(32)} ${value.padStart(8)} ${unit.padEnd(8)} ${ratio.padEnd(20)} aim ${aim}`,
    );
  }
  for (const { tasks, microsecondsPerTask, cpuMicrosecondsPerTask, peakMb } of report.growth) {
    const cost = `${microsecondsPerTask.toFixed(1)} microseconds per task (${cpuMicrosecondsPerTask.toFixed(1)} of processor)`;
    lines.push(`${String(tasks).padStart(6)} tasks in one run: ${cost}, peak ${peakMb} MB`);
  }
  lines.push(`watching every task costs ${(100 * report.watching).toFixed(1)} % more processor time (aim: at most 5)`);
  return lines.join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--peak");
  if (at > 0) console.log(await peakOf(Number(process.argv[at + 1])));
  else console.log(format(await run()));
}
