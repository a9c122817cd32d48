/**
 * What the tests run plans with: contracts, plans, an in-memory journal that honours the port, and a fixed clock.
 *
 * @module
 */
import {
  type CoreContractResult,
  canonicalBytes,
  canonicalJson,
  contractDigestOf,
  type Digest,
  digestBytes,
  digestJson,
  type EventDraft,
  type JsonObject,
  type JsonValue,
  type Operation,
  type OperationContract,
  type Payload,
  type PayloadType,
  type Plan,
  type RegistrySnapshot,
  RunEvent,
  type RunId,
  runIdOf,
  snapshotDigestOf,
  type Task,
  type TaskId,
} from "@canonic/contracts";
import {
  type Clock,
  createContractBook,
  createLocalOperations,
  type FinishedRun,
  type Router,
  type RunJournal,
  type RunPorts,
} from "../src/index.ts";
import { allowanceOf, authorityOf } from "./authority.ts";

/** Times that never move: nothing that is asserted may depend on them. */
export const stillClock: Clock = { now: () => "2026-01-31T12:00:00.000Z", monotonicMs: () => 0 };
export const realClock: Clock = { now: stillClock.now, monotonicMs: () => performance.now() };

export type TaskSpec = {
  readonly operation: string;
  readonly parameters?: JsonObject;
  readonly inputs?: Record<string, Digest>;
  readonly bindings?: Task["bindings"];
};

export type World = {
  readonly plan: Plan;
  readonly snapshot: RegistrySnapshot;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly operations: readonly Operation[];
};

/** A plan over the operations given; `groups` are sizes of groups in position order. */
export function worldOf(options: {
  readonly operations: readonly Operation[];
  readonly tasks: readonly TaskSpec[];
  readonly groups?: readonly number[];
  readonly artifacts?: readonly JsonValue[];
  readonly replay?: number;
  readonly contracts?: Plan["expect"]["contracts"];
  /** What makes the plan a bound one. */
  readonly bound?: Partial<Pick<Plan, "gates" | "rechecks" | "onFailure">>;
}): World {
  const contracts = new Map(options.operations.map(({ contract }) => [contract.operation as string, contract]));
  const artifacts = new Map((options.artifacts ?? []).map((value) => [digestJson(value), value]));
  const snapshot: RegistrySnapshot = {
    schema: "canonic/registry-snapshot/v1",
    operations: [...contracts.values()].sort((a, b) => (a.operation < b.operation ? -1 : 1)),
    routes: [...contracts.values()].map(({ operation, version }) => ({
      payloadType: operation.replace(".", "/") as PayloadType,
      operation,
      version,
    })),
  };
  const tasks = options.tasks.map((spec, position): Task => {
    const contract = contracts.get(spec.operation) as OperationContract;
    return {
      id: `task_${position.toString(16).padStart(20, "0")}` as TaskId,
      position,
      payloadType: spec.operation.replace(".", "/") as PayloadType,
      operation: contract.operation,
      version: contract.version,
      contract: contractDigestOf(contract),
      parameters: (spec.parameters ?? {}) as Task["parameters"],
      inputs: spec.inputs ?? {},
      bindings: spec.bindings ?? {},
      binding: null,
    };
  });
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: 1,
    kind: options.bound === undefined ? "isolated" : "bound",
    user: "tester",
    mode: "live",
    seed: 7,
    request: digestJson("request"),
    registry: snapshotDigestOf(snapshot),
    tasks,
    groups: groupsOf(options.groups ?? [tasks.length]),
    gates: options.bound?.gates ?? [],
    rechecks: options.bound?.rechecks ?? [],
    onFailure: options.bound?.onFailure ?? "abort",
    artifacts: [...artifacts.keys()].sort(),
    expect: {
      contracts: options.contracts ?? ["cardinality", "determinism"],
      outputs: tasks.length,
      chunks: null,
      fibre: null,
      replay: options.replay ?? 0,
      coverage: null,
    },
  };
  return { plan, snapshot, artifacts, operations: options.operations };
}

function groupsOf(sizes: readonly number[]): number[][] {
  let next = 0;
  return sizes.map((size) => Array.from({ length: size }, () => next++));
}

export function routerOf(world: World): Router {
  const snapshot = snapshotDigestOf(world.snapshot);
  const contracts = new Map(world.operations.map(({ contract }) => [contract.operation as string, contract]));
  return {
    route: ({ operation }) => {
      const contract = contracts.get(operation) as OperationContract;
      return { kind: "allow", operation, version: contract.version, contract, snapshot };
    },
  };
}

/** A verdict for each expected contract; determinism compares what was replayed. */
export function concludeByReplay({ plan, outputs, replayed }: FinishedRun): CoreContractResult[] {
  const differing = replayed.filter(({ position, output }) => outputs[position]?.digest !== output).length;
  return plan.expect.contracts.map((contract) => {
    const violations = contract === "determinism" ? differing : 0;
    const evidence = replayed.map(({ position, output }) => [position, output]);
    const verdict = {
      contract,
      verdict: violations === 0 ? "satisfied" : "violated",
      checked: 1 + replayed.length,
      violations,
      reasons: violations === 0 ? [] : [{ code: "replay-differs", place: "replay", message: `${violations} differ` }],
      evidence: digestJson(evidence),
    } as const;
    return { verdict: { ...verdict, reasons: [...verdict.reasons] }, evidence };
  });
}

/** Compiling is the slowest part of a small run; the tests share it as a server would. */
const book = createContractBook();

export function portsOf(world: World, journal: RunJournal, changes: Partial<RunPorts> = {}): RunPorts {
  return {
    clock: stillClock,
    journal,
    router: routerOf(world),
    authority: authorityOf(allowanceOf(world)),
    operations: createLocalOperations(world.operations, stillClock),
    conclude: concludeByReplay,
    jobs: 1,
    contracts: book,
    ...changes,
  };
}

export type MemoryJournal = RunJournal & {
  readonly log: RunEvent[];
  /** Events that were durable when each `durable` call was answered. */
  readonly commits: number[];
  readonly payloads: Map<Digest, Uint8Array>;
};

/** In order, chained, strict about what it takes; `failAt` makes that append (from 0) and everything after it fail. */
export function memoryJournal(
  start: { log?: readonly RunEvent[]; payloads?: ReadonlyMap<Digest, Uint8Array>; failAt?: number } = {},
): MemoryJournal {
  const log: RunEvent[] = [...(start.log ?? [])];
  const payloads = new Map(start.payloads ?? []);
  const commits: number[] = [];
  const lastOf = new Map(log.map((event) => [event.run as string, event]));
  let appends = 0;
  let poison: Error | null = null;
  let pending: Promise<void> | null = null;
  let numbers = new Set(log.map(({ run }) => run)).size;
  let reserved: RunId | null = null;
  return {
    log,
    commits,
    payloads,
    begin(plan) {
      numbers += 1;
      reserved = runIdOf(plan, numbers);
      return { run: reserved, number: numbers };
    },
    append(run, draft: EventDraft, attached: readonly Payload[] = []) {
      if (appends === start.failAt)
        poison = Object.assign(new Error("disk full"), { name: "AuditError", code: "audit.poisoned" });
      if (poison !== null) throw poison;
      appends += 1;
      const last = lastOf.get(run);
      if (last?.type === "RUN_SEALED") throw new Error("append after the seal");
      const prev = last === undefined ? (draft as { data: { plan: Digest } }).data.plan : leafOf(last);
      const event = RunEvent.parse({
        run,
        seq: last === undefined ? 0 : last.seq + 1,
        prev,
        at: stillClock.now(),
        ...JSON.parse(canonicalJson(draft as JsonValue)),
      });
      for (const { digest, bytes } of attached) {
        if (digestBytes(bytes) !== digest) throw new Error("payload mismatch");
        payloads.set(digest, bytes);
      }
      log.push(event);
      lastOf.set(run, event);
      return { seq: event.seq, leaf: leafOf(event) };
    },
    durable() {
      pending ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        pending = null;
        if (poison !== null) throw poison;
        commits.push(log.length);
      });
      return pending;
    },
    async events(run) {
      return log.filter((event) => event.run === run);
    },
    async payload(digest) {
      return payloads.get(digest);
    },
  };
}

export function leafOf(event: RunEvent): Digest {
  return digestBytes(Buffer.concat([Buffer.from([0]), canonicalBytes(event as JsonValue)]));
}
