/** A small world to ask for authority in: keys, trust, a plan of three domains, a clock that is set by hand. */
import { createPrivateKey } from "node:crypto";
import {
  type OperationContract,
  type Plan,
  Plan as PlanSchema,
  type RegistrySnapshot,
  type RunId,
  type Task,
  type TokenClaims,
} from "@canonic/contracts";
import {
  type AuthorityOptions,
  createAuthority,
  createKeyPair,
  createMemoryAuthorityStorage,
  createTrust,
  issueToken,
  readToken,
  type Signer,
  secondsOf,
  signerFromPem,
  type TokenDraft,
} from "../src/index.ts";

export const NOW = "2026-01-31T12:00:00.000Z";
export const ORIGIN = "canonic.test/office";
export const RUN = "run_00000000000000000001" as RunId;
export const OTHER_RUN = "run_00000000000000000002" as RunId;

export interface Person {
  readonly signer: Signer;
  readonly pem: string;
  readonly trusted: { readonly name: string; readonly publicKey: string };
  readonly publicKey: Uint8Array;
}

export function person(name: string): Person {
  const { privateKeyPem, publicKey } = createKeyPair();
  return {
    signer: signerFromPem(name, privateKeyPem),
    pem: privateKeyPem,
    trusted: { name, publicKey: Buffer.from(publicKey).toString("base64") },
    publicKey,
  };
}

/** The secret half of a key, as it might leak. */
export function secretsOf({ pem }: Person): string[] {
  const { d } = createPrivateKey(pem).export({ format: "jwk" });
  return [d as string, Buffer.from(d as string, "base64url").toString("hex"), ...pem.split("\n").slice(1, -2)];
}

export const issuer = person("office");
export const otherIssuer = person("other office");
export const approver = person("Ana Pérez");
export const holder = person("holder");
export const trust = createTrust({
  issuers: [issuer.trusted, otherIssuer.trusted],
  approvers: [approver.trusted],
});

const OPERATIONS = ["inventory.count", "ledger.post", "pricing.quote"];

export function contractOf(operation: string, rest: Partial<OperationContract> = {}): OperationContract {
  return {
    schema: "canonic/operation-contract/v1",
    operation: operation as OperationContract["operation"],
    version: "1.0.0",
    description: "for tests",
    input: {},
    output: {},
    effect: "pure",
    mode: "dryrun",
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "a", statement: "b" }],
    failureModes: [{ code: "a", when: "b" }],
    termination: { timeoutMs: 1000, outputBytesMax: 1000, memoryLimitMb: 64, condition: "c" },
    verification: { strategy: "schema", statement: "d" },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...rest,
  };
}

export function snapshotOf(contracts: readonly OperationContract[]): RegistrySnapshot {
  return { schema: "canonic/registry-snapshot/v1", operations: [...contracts], routes: [] };
}

export const snapshot = snapshotOf(OPERATIONS.map((operation) => contractOf(operation)));

export function taskOf(operation: string, position = 0): Task {
  const digest = `sha256:${String(position).padStart(64, "0")}`;
  return {
    id: `task_${String(position).padStart(20, "0")}`,
    position,
    payloadType: "test",
    operation,
    version: "1.0.0",
    contract: digest,
    parameters: {},
    inputs: {},
    bindings: {},
    binding: null,
  } as unknown as Task;
}

export function planOf(rest: Partial<Plan> = {}): Plan {
  const tasks = OPERATIONS.map((operation, position) => taskOf(operation, position));
  return PlanSchema.parse({
    schema: "canonic/plan/v1",
    semantics: 1,
    kind: "isolated",
    user: "ana",
    mode: "dryrun",
    seed: 0,
    request: `sha256:${"1".repeat(64)}`,
    registry: `sha256:${"2".repeat(64)}`,
    tasks,
    groups: tasks.map(({ position }) => [position]),
    gates: [],
    rechecks: [],
    onFailure: "abort",
    artifacts: [],
    expect: { contracts: [], outputs: 3, chunks: null, fibre: null, replay: 0, coverage: null },
    ...rest,
  });
}

export const draft: TokenDraft = {
  jti: "0123456789abcdef",
  sub: "ana",
  label: "three domains",
  iat: secondsOf(NOW),
  exp: secondsOf(NOW) + 600,
  authorization_details: OPERATIONS.map((operation) => ({
    type: "canonic-domain" as const,
    identifier: operation.split(".")[0] as string,
    actions: [operation.split(".")[1] as string],
  })),
  triggers: ["direct_command"],
  modes: ["dryrun"],
  capabilities: [],
  limits: { invocations: 3, tokensPerResponse: 100, tokensTotal: 200, frequency: { count: 100, perSeconds: 60 } },
  cnf: null,
};

export const token = issueToken(draft, issuer.signer);

/** Authority over a memory store, with a clock that the test sets. */
export function world(given: Partial<AuthorityOptions> = {}) {
  const time = { now: NOW };
  const storage = createMemoryAuthorityStorage();
  const options: AuthorityOptions = {
    storage,
    clock: { now: () => time.now },
    origin: ORIGIN,
    token,
    user: "ana",
    trigger: "direct_command",
    trust,
    snapshot,
    ...given,
  };
  return { time, storage, options, authority: createAuthority(options) };
}

/** What a token says that this world trusts. */
export function readClaimsOf(text: string): TokenClaims {
  const reading = readToken(text, trust);
  if (reading.kind === "refuse") throw new Error(reading.reason.place);
  return reading.token.claims;
}
