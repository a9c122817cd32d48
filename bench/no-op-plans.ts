/**
 * Plans of no-op operations, and a log to run them over: what the runner and the journal cost when operations cost nothing.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyPair, openJournal, signerFromPem } from "@canonic/audit";
import {
  type AuthorityStorage,
  arm,
  claimsForPlan,
  createAuthority,
  createTrust,
  DEFAULT_POLICIES,
  signerFromPem as issuerFromPem,
  issueToken,
  openPolicies,
} from "@canonic/authority";
import {
  contractDigestOf,
  type Digest,
  digestJson,
  type Effect,
  freezeDeep,
  type JsonValue,
  type OperationContract,
  type OperationId,
  type PayloadType,
  type Plan,
  type RegistrySnapshot,
  snapshotDigestOf,
  type TaskId,
} from "@canonic/contracts";
import { type Clock, createContractBook, createLocalOperations, type RunPorts } from "@canonic/runner";
import { openSqliteAuthority, openSqliteStore } from "@canonic/store-sqlite";

export type NoOpPlan = {
  readonly plan: Plan;
  readonly snapshot: RegistrySnapshot;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly contract: OperationContract;
};

const USER = "bench";
const ORIGIN = "bench";
export const clock: Clock = createClock();

/** Prints a time once per millisecond: five events of one step mostly share it. */
function createClock(): Clock {
  let printedMs = 0;
  let printed = "";
  const now = (): string => {
    const nowMs = Date.now();
    if (nowMs !== printedMs) {
      printedMs = nowMs;
      printed = new Date(nowMs).toISOString();
    }
    return printed;
  };
  return { now, monotonicMs: () => performance.now() };
}

/** A plan of `tasks` no-ops in groups of `group`; plans with different seeds have different digests. */
export function noOpPlan(options: { effect: Effect; tasks: number; group: number; seed: number }): NoOpPlan {
  const { contract, contractDigest, snapshot, snapshotDigest } = registered[options.effect];
  const tasks = Array.from({ length: options.tasks }, (_, position) => ({
    id: `task_${position.toString(16).padStart(20, "0")}` as TaskId,
    position,
    payloadType: "no-op" as PayloadType,
    operation: contract.operation,
    version: contract.version,
    contract: contractDigest,
    parameters: { n: position },
    inputs: {},
    bindings: {},
    binding: null,
  }));
  const groups: number[][] = [];
  for (let start = 0; start < options.tasks; start += options.group) {
    groups.push(tasks.slice(start, start + options.group).map(({ position }) => position));
  }
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: 1,
    kind: "isolated",
    user: USER,
    mode: "live",
    seed: options.seed,
    request: digestJson("no-op"),
    registry: snapshotDigest,
    tasks,
    groups,
    gates: [],
    rechecks: [],
    onFailure: "abort",
    artifacts: [],
    expect: { contracts: [], outputs: options.tasks, chunks: null, fibre: null, replay: 0, coverage: null },
  };
  return { plan, snapshot, artifacts: new Map(), contract };
}

/** What a host composes once and keeps; the compiled contract is shared as a server would share it. */
export function portsOf(noOp: NoOpPlan, log: BenchLog, jobs: number): RunPorts {
  const { contract, plan } = noOp;
  const route = {
    kind: "allow" as const,
    operation: contract.operation,
    version: contract.version,
    contract,
    snapshot: plan.registry,
  };
  return {
    clock,
    journal: log.journal,
    jobs,
    contracts: log.contracts,
    router: { route: () => route },
    authority: log.authorityFor(noOp),
    operations,
    conclude: () => [],
  };
}

export type BenchLog = Awaited<ReturnType<typeof openBenchLog>>;

/** A new signed log on disk with its authority store, armed, and how to leave nothing of it behind. */
export async function openBenchLog() {
  const directory = mkdtempSync(join(tmpdir(), "canonic-bench-"));
  const signer = signerFromPem("bench", createKeyPair().privateKeyPem);
  const storage = openSqliteStore({ directory });
  const journal = await openJournal({ storage, clock, identity: { origin: ORIGIN, signer } });
  const authority = openSqliteAuthority({ directory });
  const armStore = (store: AuthorityStorage) =>
    arm(store, { by: USER, reason: "bench", now: clock.now(), seconds: 3600 });
  await armStore(authority);
  const issuerKey = createKeyPair();
  const issuer = issuerFromPem("bench-issuer", issuerKey.privateKeyPem);
  const publicKey = Buffer.from(issuerKey.publicKey).toString("base64");
  const trust = createTrust({ issuers: [{ name: issuer.name, publicKey }] });
  const policies = await openPolicies([DEFAULT_POLICIES]);
  let tokens = 0;
  /** A token for exactly this plan, as the command line issues one to itself. */
  const tokenFor = ({ plan, snapshot }: NoOpPlan): string => {
    tokens += 1;
    const jti = String(tokens).padStart(16, "0");
    return issueToken(claimsForPlan(plan, snapshot, { now: clock.now(), jti, label: "bench" }), issuer);
  };
  const authorityFor = (noOp: NoOpPlan, token = tokenFor(noOp), store: AuthorityStorage = authority) => {
    const given = { storage: store, clock, origin: ORIGIN, trust, policies, snapshot: noOp.snapshot };
    return createAuthority({ ...given, token, user: USER, trigger: "direct_command" });
  };
  const close = async (): Promise<void> => {
    await journal.close();
    await authority.close();
    rmSync(directory, { recursive: true });
  };
  return {
    journal,
    authority,
    directory,
    contracts: createContractBook(),
    tokenFor,
    authorityFor,
    arm: armStore,
    close,
  };
}

function contractOf(effect: Effect): OperationContract {
  return {
    schema: "canonic/operation-contract/v1",
    operation: `bench.no-op-${effect}` as OperationId,
    version: "1.0.0",
    description: "does nothing",
    input: { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false },
    output: { type: "null" },
    effect,
    mode: "live",
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "done", statement: "it returns" }],
    failureModes: [{ code: "none", when: "never" }],
    termination: { timeoutMs: 1000, outputBytesMax: 64, memoryLimitMb: 64, condition: "it returns" },
    verification: { strategy: "schema", statement: "the output is null" },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
  };
}

/** The code of all no-ops, found once. */
const operations = createLocalOperations(
  ["pure", "read", "write"].map((effect) => ({ contract: contractOf(effect as Effect), run: () => null })),
  clock,
);

/** What a registry holds once and for all runs. */
const registered = { pure: register("pure"), read: register("read"), write: register("write") };

function register(effect: Effect) {
  const contract = freezeDeep(contractOf(effect));
  const snapshot: RegistrySnapshot = freezeDeep({
    schema: "canonic/registry-snapshot/v1",
    operations: [contract],
    routes: [{ payloadType: "no-op" as PayloadType, operation: contract.operation, version: contract.version }],
  });
  return { contract, contractDigest: contractDigestOf(contract), snapshot, snapshotDigest: snapshotDigestOf(snapshot) };
}
