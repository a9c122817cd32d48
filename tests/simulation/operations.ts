/**
 * What the simulated operations owe and what they compute: contracts, and outputs as functions of what they are given.
 *
 * The same function serves the simulated operations port and the oracle. What differs between two moments (the version of
 * the source, the time) stands in the output itself, so that the oracle can compute an output again from what it says.
 *
 * @module
 */
import {
  canonicalJson,
  contractDigestOf,
  type Digest,
  digestBytes,
  type JsonObject,
  type Mode,
  type OperationContract,
  type OperationId,
  type PayloadType,
  type RegistrySnapshot,
  seededRandom,
  snapshotDigestOf,
  sortSnapshot,
} from "@canonic/contracts";

/** The failure modes that every simulated operation states. */
export const FAILURE_MODES = ["sim.source-gone", "sim.refused-by-target", "sim.fence-overtaken"] as const;
export type FailureMode = (typeof FAILURE_MODES)[number];

/** The value of the key that no pin may hold; it must not occur in any journal. */
export const SECRET = "correct-horse-battery-staple";

export type OperationName = keyof typeof KINDS;
const KINDS = {
  "calc.compute": { effect: "pure", determinism: "deterministic" },
  "calc.draw": { effect: "pure", determinism: "seeded" },
  "calc.whisper": { effect: "pure", determinism: "deterministic" },
  "source.look": { effect: "read", determinism: "deterministic" },
  "source.stamp": { effect: "read", determinism: "recorded" },
  "model.ask": { effect: "read", determinism: "recorded", tokensMax: 10, capabilities: ["log-prompt"] },
  "target.put": { effect: "write", determinism: "deterministic", idempotent: true },
  "target.push": { effect: "write", determinism: "deterministic", idempotent: false },
} as const satisfies Readonly<Record<string, Partial<OperationContract>>>;
export const OPERATION_NAMES = Object.keys(KINDS) as readonly OperationName[];

/** A bound value may be a whole output or a number of one, and no text. */
const PINNED = { not: { type: "string" } };

function contractOf(name: OperationName, mode: Mode): OperationContract {
  const kind: Partial<OperationContract> = { idempotent: true, ...structuredClone(KINDS[name]) } as never;
  return {
    schema: "canonic/operation-contract/v1",
    operation: name as OperationId,
    version: "1.0.0",
    description: `simulated ${name}`,
    input: { type: "object", properties: { n: { type: "integer" }, left: PINNED, right: PINNED }, required: ["n"] },
    output: { type: "object", properties: { n: { type: "integer" }, v: { type: "integer" } }, required: ["n", "v"] },
    effect: "pure",
    mode,
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "value", statement: "it gives a value" }],
    failureModes: FAILURE_MODES.map((code) => ({ code, when: `the simulation says ${code}` })),
    termination: { timeoutMs: 60_000, outputBytesMax: 4096, memoryLimitMb: 64, condition: "it returns" },
    verification: { strategy: "recompute", statement: "the oracle computes it again" },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...kind,
  };
}

export type Registry = {
  readonly snapshot: RegistrySnapshot;
  readonly digest: Digest;
  readonly contracts: ReadonlyMap<string, OperationContract>;
  readonly digests: ReadonlyMap<string, Digest>;
};

function registryOf(mode: Mode): Registry {
  const contracts = OPERATION_NAMES.map((name) => contractOf(name, mode));
  const snapshot = sortSnapshot({
    schema: "canonic/registry-snapshot/v1",
    operations: contracts,
    routes: contracts.map(({ operation, version }) => ({ payloadType: payloadTypeOf(operation), operation, version })),
  });
  deepFreeze(snapshot);
  return {
    snapshot,
    digest: snapshotDigestOf(snapshot),
    contracts: new Map(contracts.map((contract) => [contract.operation, contract])),
    digests: new Map(contracts.map((contract) => [contract.operation, contractDigestOf(contract)])),
  };
}

export function payloadTypeOf(operation: string): PayloadType {
  return operation.replace(".", "/") as PayloadType;
}

/** A frozen snapshot is printed once and not once per run. */
function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
}

/** One registry per mode; the contract objects stay the same, so that a contract book compiles each once. */
export const REGISTRIES: Readonly<Record<Mode, Registry>> = {
  dryrun: registryOf("dryrun"),
  live: registryOf("live"),
};

/** What an execution met beside its input: only what the contract entitles it to, null for the rest. */
export type Circumstances = {
  readonly seed: Digest | null;
  readonly now: string | null;
  readonly idempotencyKey: string | null;
  readonly sourceVersion: number;
};

/** The output of an operation; `n` says which task it was. */
export function evaluate(operation: string, input: JsonObject, met: Circumstances): JsonObject {
  const name = operation as OperationName;
  const n = input["n"] as number;
  const v = Number.parseInt(digestBytes(`${name} ${canonicalJson(input)}`).slice(7, 15), 16);
  switch (name) {
    case "calc.compute":
      return { n, v };
    case "calc.draw":
      return { n, v, drawn: seededRandom(met.seed as Digest)() };
    case "calc.whisper":
      return { n, v, apiToken: SECRET };
    case "source.look":
      return { n, v, version: met.sourceVersion };
    case "source.stamp":
      return { n, v, at: met.now as string };
    case "model.ask":
      return { n, v, at: met.now as string, answer: `answer ${v % 97}` };
    case "target.put":
    case "target.push":
      return { n, v, receipt: digestBytes(met.idempotencyKey as string) };
  }
}

/** What a model's answer costs, below what its contract states. */
export function tokensOf(operation: string, input: JsonObject): number {
  return operation === "model.ask" ? 3 + ((input["n"] as number) % 5) : 0;
}
