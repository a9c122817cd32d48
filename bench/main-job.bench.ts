/**
 * Where the time of the main job goes, and how much of it is governance.
 *
 * Each round is a process of its own, as a user's command is: the default document is read, planned, run with one
 * worker, sealed, exported, verified and written out, composed from the packages as the `canonic` command composes them.
 *
 *     work         reading, ranking, annotating, the operations themselves, the pages for people
 *     governance   the planning proof, the journal, isolation in a worker, the replay and the other core contracts,
 *                  the bundle and its verification
 *     set-up       loading the code, opening the log; what no phase accounts for is shown as such
 *
 * "Outside operations" is everything but the time inside the 300 operations, as issue 2 asks; it holds the work around
 * them as well, so the share of governance stands beside it.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createKeyPair,
  exportBundle,
  type LogStorage,
  openJournal,
  signerFromPem,
  trustFileOf,
  verifyBundle,
} from "@canonic/audit";
import {
  claimsForPlan,
  createAuthority,
  createTrust,
  DEFAULT_POLICIES,
  issueToken,
  openPolicies,
} from "@canonic/authority";
import { checkCoreContracts, type Plan, type RegistrySnapshot } from "@canonic/contracts";
import { defaultDocument, planAnalysis, policyAnalysis, readDocument } from "@canonic/policy-analysis";
import { createRegistry, routerOf } from "@canonic/registry";
import { createWorkerOperations, type Router, runPlan } from "@canonic/runner";
import { openSqliteAuthority, openSqliteStore } from "@canonic/store-sqlite";
import { medianOf } from "./measuring.ts";

const ROUNDS = 5;

const KIND_OF_PHASE = {
  "load the code": "set-up",
  "open the log": "set-up",
  "open authority and its policies": "set-up",
  "read the document": "work",
  "rank paragraphs": "work",
  "annotate chunks": "work",
  "bind signals": "work",
  "freeze the plan, twice": "governance",
  operations: "work",
  "isolation: start of the worker": "governance",
  "isolation: messages and contract schemas": "governance",
  "journal: events, canonical bytes, hashes": "governance",
  "journal: commits": "governance",
  "replay of a sample": "governance",
  "core contracts": "governance",
  "export the bundle": "governance",
  "verify the bundle": "governance",
  "write table and page": "work",
  "not accounted for": "set-up",
} as const;
type Phase = keyof typeof KIND_OF_PHASE;
type Kind = (typeof KIND_OF_PHASE)[Phase];

type Round = Readonly<Record<Phase, number>>;

export type MainJobReport = {
  readonly rounds: number;
  /** Median milliseconds of each phase, in the order in which they run. */
  readonly phases: readonly { readonly phase: Phase; readonly kind: Kind; readonly ms: number }[];
  readonly totalMs: number;
  readonly shareOutsideOperations: number;
  readonly shareOfGovernance: number;
  /** Governance against what it governs: the same work without set-up. */
  readonly governancePerWork: number;
};

/** Runs the main job a few times and reports medians. */
export async function run(): Promise<MainJobReport> {
  const rounds = Array.from({ length: ROUNDS }, roundInChild);
  const phases = (Object.keys(KIND_OF_PHASE) as Phase[]).map((phase) => ({
    phase,
    kind: KIND_OF_PHASE[phase],
    ms: medianOf(rounds.map((round) => round[phase])),
  }));
  const sumOf = (kind: Kind) => phases.reduce((sum, phase) => (phase.kind === kind ? sum + phase.ms : sum), 0);
  const totalMs = phases.reduce((sum, { ms }) => sum + ms, 0);
  const operationsMs = phases.find(({ phase }) => phase === "operations")?.ms ?? 0;
  return {
    rounds: ROUNDS,
    phases,
    totalMs,
    shareOutsideOperations: 1 - operationsMs / totalMs,
    shareOfGovernance: sumOf("governance") / totalMs,
    governancePerWork: sumOf("governance") / sumOf("work"),
  };
}

function roundInChild(): Round {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), "--round"];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(printed) as Round;
}

/** One main job in this process, from nothing to a verified bundle. */
async function round(): Promise<Round> {
  const times = Object.fromEntries(Object.keys(KIND_OF_PHASE).map((phase) => [phase, 0])) as Record<Phase, number>;
  times["load the code"] = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "canonic-main-job-"));
  try {
    await mainJob(folder, times);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const wholeMs = performance.now();
  const knownMs = Object.values(times).reduce((sum, ms) => sum + ms, 0);
  return { ...times, "not accounted for": wholeMs - knownMs };
}

async function mainJob(folder: string, times: Record<Phase, number>): Promise<void> {
  let atMs = performance.now();
  const lap = (phase: Phase): void => {
    const nowMs = performance.now();
    times[phase] += nowMs - atMs;
    atMs = nowMs;
  };
  const registry = createRegistry();
  for (const operation of policyAnalysis.operations) registry.register(operation);
  for (const { payloadType, operation, version } of policyAnalysis.routes) {
    registry.route(payloadType, operation, version);
  }
  const { snapshot } = registry.freeze(policyAnalysis.routes.map(({ payloadType }) => payloadType));
  const { name, bytes: source } = await defaultDocument();
  const document = await readDocument(source, { name });
  const phases: Phase[] = ["read the document", "rank paragraphs", "annotate chunks", "bind signals"];
  const planned = planAnalysis({ document, source, seed: 42, registry: snapshot, onPhase: () => lap(nextOf(phases)) });
  lap("freeze the plan, twice");
  const { plan, artifacts, payloads } = planned;

  const signer = signerFromPem("bench", createKeyPair().privateKeyPem);
  const identity = { origin: "bench", signer };
  const storage = timedCommits(openSqliteStore({ directory: join(folder, "store") }), times);
  const linger = (callback: () => void): void => void setTimeout(callback, 20);
  const journal = await openJournal({ storage, clock, identity, linger });
  lap("open the log");

  const issuer = signerFromPem("bench-issuer", createKeyPair().privateKeyPem);
  const trusted = trustFileOf("bench", [signer], { issuers: [issuer] });
  const authorityStore = openSqliteAuthority({ directory: join(folder, "store") });
  const authority = createAuthority({
    storage: authorityStore,
    clock,
    origin: identity.origin,
    trust: createTrust(trusted),
    policies: await openPolicies([DEFAULT_POLICIES]),
    snapshot,
    token: issueToken(
      claimsForPlan(plan, snapshot, { now: clock.now(), jti: "bench-bench-bench", label: "bench" }),
      issuer,
    ),
    user: plan.user,
    trigger: "direct_command",
  });
  lap("open authority and its policies");
  const attachments = new Map(payloads.map((payload) => ["document.txt", payload.bytes]));
  const recordOf = (outputs: readonly string[]) =>
    policyAnalysis.record?.({ plan, planDigest: planned.planDigest, artifacts, attachments, outputs });
  const runStartMs = performance.now();
  const before = times["journal: commits"];
  let executions = 0;
  let lastTaskMs = 0;
  const operations = createWorkerOperations({ module: policyAnalysis.operationsModule, jobs: 1 });
  const result = await runPlan({
    plan,
    snapshot,
    artifacts,
    attachments: payloads,
    clock,
    jobs: 1,
    router: routerFor(plan, snapshot),
    authority,
    journal: {
      begin: (digest) => journal.begin(digest),
      append: (...appended) =>
        timed(times, "journal: events, canonical bytes, hashes", () => journal.append(...appended)),
      durable: () => journal.durable(),
      events: (id) => journal.events(id),
      payload: (digest) => journal.payload(digest),
    },
    operations: {
      close: () => operations.close(),
      execute: async (...call) => {
        const startMs = performance.now();
        const execution = await operations.execute(...call);
        executions += 1;
        if (executions === 1) {
          times["isolation: start of the worker"] = performance.now() - startMs - execution.operationMs;
        }
        if (executions <= plan.tasks.length) {
          times.operations += execution.operationMs;
          lastTaskMs = performance.now();
        }
        return execution;
      },
    },
    conclude: (finished) => {
      times["replay of a sample"] = performance.now() - lastTaskMs;
      return timed(times, "core contracts", () => {
        const policy = recordOf(finished.texts);
        return checkCoreContracts(policy === undefined ? finished : { ...finished, policy });
      });
    },
  });
  if (result.status !== "completed" || result.outputsDigest === null) throw new Error(`the run is ${result.status}`);
  await operations.close();
  const commitsMs = times["journal: commits"] - before;
  const inRunMs =
    times.operations +
    times["isolation: start of the worker"] +
    times["replay of a sample"] +
    times["core contracts"] +
    times["journal: events, canonical bytes, hashes"] +
    commitsMs;
  // What is left of the run. A commit that ran while the worker computed is counted with both, so this errs downwards.
  times["isolation: messages and contract schemas"] = Math.max(0, performance.now() - runStartMs - inRunMs);
  atMs = performance.now();

  const bundle = join(folder, "bundle");
  await exportBundle({ storage, identity, run: result.run, directory: bundle });
  lap("export the bundle");
  const { verdict } = await verifyBundle(bundle, { trust: trusted });
  if (verdict !== "VALID") throw new Error(`the bundle is ${verdict}`);
  lap("verify the bundle");
  const { run, status, outputsDigest, outputs, verdicts } = result;
  const sealed = { plan, planDigest: planned.planDigest, artifacts, attachments, outputs, run, status, outputsDigest };
  for (const file of policyAnalysis.results?.({ ...sealed, contracts: verdicts }) ?? []) {
    writeFileSync(join(folder, file.path), file.bytes);
  }
  writeFileSync(join(folder, "outputs.jsonl"), outputs.map((output) => `${output}\n`).join(""));
  lap("write table and page");
  await journal.close();
  authorityStore.close();
}

const clock = { now: () => new Date().toISOString(), monotonicMs: () => performance.now() };

function timed<T>(times: Record<Phase, number>, phase: Phase, work: () => T): T {
  const startMs = performance.now();
  try {
    return work();
  } finally {
    times[phase] += performance.now() - startMs;
  }
}

/** The store, with the time of its writes taken. */
function timedCommits(storage: LogStorage, times: Record<Phase, number>): LogStorage {
  return {
    ...storage,
    append: (batch) => timed(times, "journal: commits", () => storage.append(batch)),
    swapCheckpoint: (expected, next) => timed(times, "journal: commits", () => storage.swapCheckpoint(expected, next)),
  };
}

function nextOf(phases: Phase[]): Phase {
  const phase = phases.shift();
  if (phase === undefined) throw new Error("planning has more phases than this benchmark knows");
  return phase;
}

function routerFor(plan: Plan, snapshot: RegistrySnapshot): Router {
  const route = routerOf(snapshot);
  return {
    route: ({ payloadType }) => {
      const verdict = route(payloadType);
      if (verdict.kind === "refuse") return { kind: "refuse", snapshot: plan.registry, reasons: verdict.reasons };
      const { contract } = verdict;
      const { operation, version } = contract;
      return { kind: "allow", operation, version, contract, snapshot: plan.registry };
    },
  };
}

/** The report as lines for people. */
export function format(report: MainJobReport): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(5)} %`;
  const lines = report.phases.map(({ phase, kind, ms }) => {
    const columns = [
      phase.padEnd(44),
      kind.padEnd(11),
      `${ms.toFixed(0).padStart(6)} ms`,
      percent(ms / report.totalMs),
    ];
    return columns.join(" ");
  });
  return [
    `main job over the default document, one worker, medians of ${report.rounds} fresh processes`,
    ...lines,
    `${"whole".padEnd(56)} ${report.totalMs.toFixed(0).padStart(6)} ms`,
    `outside operations ${percent(report.shareOutsideOperations)} (aim: under 15 %)`,
    `governance         ${percent(report.shareOfGovernance)} of the whole, ${percent(report.governancePerWork)} on top of the work`,
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--round")) console.log(JSON.stringify(await round()));
  else console.log(format(await run()));
}
