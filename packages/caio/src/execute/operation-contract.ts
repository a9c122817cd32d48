/**
 * The contract of an operation that executes a service: all of it follows from the service's contract and a few terms.
 *
 * Invariants:
 *   O1. It names the service's contract by digest. Equal services and terms give an equal contract.
 *   O2. It is never pure and never replayed: it asks somebody outside, and its record is its output.
 *   O3. What writes is live, and entered at most once for a task: a service keeps neither our fence nor our key, so it is never called
 *       idempotent, and no failure mode is stated of what may have happened behind a call that began.
 *   O4. One that answers for tokens says how many at most.
 *
 * @module
 */
import {
  type Capability,
  frozenJson,
  type JsonValue,
  type Mode,
  OperationContract,
  type PersonalSide,
  type SchemaIssue,
  ServiceContract,
  serviceContractDigestOf,
  shapeIssues,
} from "@canonic/contracts";
import { CaioError } from "../errors.ts";
import { OUTPUT_BYTES_MAX } from "./attempt.ts";
import { compileInvariants } from "./invariants.ts";

/** What a service's contract does not say of the operation that executes it. */
export interface ServiceOperationTerms {
  /** `domain.method`. */
  readonly operation: string;
  readonly mode: Mode;
  /** The service's own when not given. */
  readonly version?: string | undefined;
  /** How long an answer is waited for, 1 to 3,599,000; when not given twice the least hard bound on latency that is stated, or 30,000. */
  readonly deadlineMs?: number | undefined;
  /** Bytes of canonical JSON, and of what comes over a wire; 1 MiB when not given. */
  readonly outputBytesMax?: number | undefined;
  /** Of the worker's heap; 256 when not given. */
  readonly memoryLimitMb?: number | undefined;
  /** Of one response; the service's own limits when not given. */
  readonly tokensMax?: number | undefined;
  /** Which sides carry values of persons. */
  readonly personal?: readonly PersonalSide[] | undefined;
  /** What a token must allow by name: `access-secret` for a service that is called with credentials. */
  readonly capabilities?: readonly Capability[] | undefined;
}

/** The runner waits so much longer than the service may take: what came of a late call is said by its own code. */
const REST_MS = 1000;
const TIMEOUT_MS_MAX = 3_600_000;
const DEADLINE_MS = 30_000;
const MEMORY_MB = 256;
const CALLED = new Set(["http", "mcp", "openai"]);

/**
 * The contract, frozen.
 *
 * @throws {CaioError} `caio.operation-invalid` when no operation can execute the service, with every fault as far as it is found;
 *   `caio.invariant-invalid` when an invariant is not sound.
 */
export function operationContractOf(service: ServiceContract, terms: ServiceOperationTerms): OperationContract {
  refuse(ServiceContract.safeParse(service).error);
  refuse(faultsOf(service, terms));
  compileInvariants(service);
  const parsed = OperationContract.safeParse(contractOf(service, terms));
  if (!parsed.success) refuse(parsed.error);
  return frozenJson(parsed.data as JsonValue) as OperationContract;
}

/** How long an answer is waited for. */
export function deadlineUsOf({ termination }: OperationContract): number {
  return (termination.timeoutMs - REST_MS) * 1000;
}

function contractOf(service: ServiceContract, terms: ServiceOperationTerms): unknown {
  const { personal, capabilities, memoryLimitMb = MEMORY_MB, outputBytesMax = OUTPUT_BYTES_MAX } = terms;
  const tokensMax = tokensMaxOf(service, terms);
  const isWrite = service.effect === "write";
  return {
    schema: "canonic/operation-contract/v1",
    operation: terms.operation,
    version: terms.version ?? service.version,
    description: `Calls the service \`${service.service}\`, version ${service.version}: ${service.name}`,
    input: service.input ?? { type: "object" },
    output: service.output ?? {},
    effect: isWrite ? "write" : "read",
    mode: terms.mode,
    determinism: "recorded",
    idempotent: !isWrite,
    successCriteria: [
      {
        id: "measured",
        statement: "The answer keeps every promise of the service's contract that one answer can show.",
      },
      ...service.invariants.map(({ id, expression }) => ({ id, statement: expression })),
    ],
    failureModes: isWrite ? NOT_CALLED : [...CALLED_OR_NOT, ...NOT_CALLED],
    termination: {
      timeoutMs: deadlineMsOf(service, terms) + REST_MS,
      outputBytesMax,
      memoryLimitMb,
      condition: "The service answers, or fails, or its time is over.",
    },
    verification: {
      strategy: "schema",
      statement: "The answer is measured against the contract that `service` names.",
    },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...(tokensMax === undefined ? {} : { tokensMax }),
    ...(personal === undefined ? {} : { personal: [...personal] }),
    ...(capabilities === undefined ? {} : { capabilities: [...capabilities] }),
    service: serviceContractDigestOf(service),
  };
}

/** The codes that leave an execution, first those behind which nothing was called: of a write, to state one says that nothing was written. */
const NOT_CALLED = [
  { code: "caio.execution-refused", when: "What was decided is not what would be called." },
  { code: "caio.input-invalid", when: "The input is not what the service takes." },
];
const CALLED_OR_NOT = [
  { code: "caio.guarantee-violated", when: "The answer breaks a promise of the contract or a demand of the request." },
  { code: "caio.execution-failed", when: "The service gives no answer in its time." },
  { code: "caio.adapter-missing", when: "A library that calls such services is not installed." },
];

function faultsOf(service: ServiceContract, terms: ServiceOperationTerms): SchemaIssue[] {
  const { deadlineMs } = terms;
  const faults: SchemaIssue[] = [];
  if (!CALLED.has(service.api.kind))
    faults.push({
      pointer: "/api/kind",
      expected: "must be http, mcp or openai: anything else is no call of a service",
    });
  if (service.effect === "write" && terms.mode !== "live")
    faults.push({ pointer: "/effect", expected: "must be pure or read: a dry run writes nothing" });
  if (service.api.kind === "openai" && tokensMaxOf(service, terms) === undefined)
    faults.push({
      pointer: "/constraints",
      expected: "must bound the tokens of a response, or `tokensMax` must be given",
    });
  const isTime = deadlineMs === undefined || (Number.isSafeInteger(deadlineMs) && deadlineMs >= 1);
  if (!isTime || (deadlineMs ?? 0) > TIMEOUT_MS_MAX - REST_MS)
    faults.push({ pointer: "/deadlineMs", expected: `must be a whole number of 1 to ${TIMEOUT_MS_MAX - REST_MS}` });
  return faults;
}

function tokensMaxOf(
  { constraints: { inputTokensMax, outputTokensMax, totalTokensMax } }: ServiceContract,
  { tokensMax }: ServiceOperationTerms,
): number | undefined {
  if (tokensMax !== undefined) return tokensMax;
  const sum = inputTokensMax === null || outputTokensMax === null ? null : inputTokensMax + outputTokensMax;
  return totalTokensMax ?? sum ?? undefined;
}

function deadlineMsOf({ guarantees }: ServiceContract, { deadlineMs }: ServiceOperationTerms): number {
  const bounds = guarantees.flatMap(({ property, bound, unit, value, basis }) =>
    property === "latency-max" && bound === "max" && unit === "us" && basis !== "assumed" && typeof value === "number"
      ? [value]
      : [],
  );
  const stated = bounds.length === 0 ? DEADLINE_MS : Math.ceil((2 * Math.min(...bounds)) / 1000);
  return deadlineMs ?? Math.min(TIMEOUT_MS_MAX - REST_MS, Math.max(1, stated));
}

function refuse(found: readonly SchemaIssue[] | Parameters<typeof shapeIssues>[0] | undefined): void {
  const issues = found === undefined ? [] : "issues" in found ? shapeIssues(found) : found;
  const [first] = issues;
  if (first === undefined) return;
  throw new CaioError(
    "caio.operation-invalid",
    `no operation can execute this service: \`${first.pointer}\` ${first.expected}`,
    { issues },
  );
}
