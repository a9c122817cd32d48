/**
 * One attempt with one service: called, measured, and put on record, whatever came of it.
 *
 * Invariants:
 *   T1. Every attempt whose call began has exactly one receipt.
 *   T2. An output leaves only with a receipt in which nothing is violated.
 *   T3. A write is never asked twice.
 *
 * @module
 */
import {
  type ControlSignal,
  type Digest,
  digestJson,
  type ExecutionReceipt,
  freezeDeep,
  type JsonValue,
  type RouteRequest,
  type ServiceContract,
  serviceContractDigestOf,
  timestampOf,
} from "@canonic/contracts";
import { CaioError } from "../errors.ts";
import type { CallFault, ExecutionClock, ServiceAdapter, ServiceConnection } from "./adapter.ts";
import { type CallResult, callService } from "./call.ts";
import { adapterMissing } from "./call-failed.ts";
import { costOf } from "./cost.ts";
import { checkInput } from "./input-check.ts";
import { compileInvariants } from "./invariants.ts";
import { found, type Measured, measure } from "./measure.ts";

/** How determinism is looked at: the same is asked twice, or the output is compared with one on record. */
export type Repeat = { readonly kind: "twice" } | { readonly kind: "recorded"; readonly output: Digest };

/** How a decided service is called. */
export interface ExecutionOptions {
  readonly adapters: readonly ServiceAdapter[];
  readonly clock: ExecutionClock;
  readonly signal?: AbortSignal | undefined;
  readonly repeat?: Repeat | undefined;
  /** Bytes of canonical JSON, and of what comes over a wire; 1 MiB when not given. */
  readonly outputBytesMax?: number | undefined;
  /** Called with every receipt, before anything is thrown. */
  readonly onReceipt?: ((receipt: ExecutionReceipt) => void) | undefined;
  /** Called when something promised was not kept, before it is thrown. */
  readonly onViolation?: ((receipt: ExecutionReceipt, violations: readonly Measured[]) => void) | undefined;
}

/** What is called, and why it may be. */
export interface AttemptSubject {
  readonly contract: ServiceContract;
  readonly decision: Digest;
  readonly request: RouteRequest;
  readonly control: ControlSignal | null;
  readonly deadlineUs: number;
  readonly input: JsonValue;
}

export type Attempted =
  | { readonly kind: "fulfilled"; readonly output: JsonValue; readonly receipt: ExecutionReceipt }
  | { readonly kind: "violated"; readonly violations: readonly Measured[]; readonly receipt: ExecutionReceipt }
  | {
      readonly kind: "failed";
      readonly fault: CallFault;
      readonly status: number | null;
      readonly receipt: ExecutionReceipt;
    };

/** What a receipt says of an attempt that gave no answer; unknown where the caller gave up, for that is not the service's doing. */
export const COMPLETION = "completion";

export const OUTPUT_BYTES_MAX = 1_048_576;

/**
 * @throws {CaioError} Before anything is called: `caio.input-invalid`, `caio.invariant-invalid`, `caio.adapter-missing`,
 *   `caio.execution-refused` (`aborted`, `write-repeated`, `budget-for-repeat`).
 */
export async function attempt(subject: AttemptSubject, options: ExecutionOptions): Promise<Attempted> {
  const { contract, request } = subject;
  const { adapters, clock, signal, repeat, outputBytesMax = OUTPUT_BYTES_MAX } = options;
  const input = checkInput(contract, subject.input);
  const invariants = compileInvariants(contract);
  const adapter = adapters.find(({ kind }) => kind === contract.api.kind);
  if (adapter === undefined) throw adapterMissing(contract.api.kind, null);
  if (signal?.aborted === true) throw refused("aborted");
  if (repeat?.kind === "twice") checkRepeat(contract, request);
  const at = timestampOf(clock.now());
  const limits = { clock, signal, outputBytesMax, deadlineUs: subject.deadlineUs };
  const calls: CallResult[] = [];
  const open: ServiceConnection[] = [];
  try {
    for (let times = repeat?.kind === "twice" ? 2 : 1; times > 0; times -= 1) {
      const result = await callService(connect, input, subject.control, limits);
      calls.push(result);
      if (result.kind === "failed") break;
    }
  } finally {
    for (const connection of open) connection.close().catch(() => {});
  }
  return report(judge());

  async function connect(within: AbortSignal): Promise<ServiceConnection> {
    const connection = open[0] ?? (await (adapter as ServiceAdapter).open(contract, within));
    if (within.aborted) connection.close().catch(() => {});
    else if (open.length === 0) open.push(connection);
    return connection;
  }

  function judge(): Attempted {
    const answered = calls.filter((call) => call.kind === "answered");
    const failed = calls.find((call) => call.kind === "failed");
    const digests = answered.map(({ output }) => digestJson(output));
    const guarantees = answered.flatMap((call, index) =>
      measure(contract, request, invariants, {
        ...call,
        input,
        outputTokensMax: subject.control?.outputTokensMax ?? null,
        isRepeated: isRepeated(digests, index),
      }),
    );
    if (failed?.kind === "failed") guarantees.push(...completionOf(contract, request, failed.fault, failed.latencyUs));
    const broken = guarantees.filter(({ verdict, property }) => verdict === "violated" && property !== COMPLETION);
    const outcome = broken.length > 0 ? "violated" : failed === undefined ? "fulfilled" : "failed";
    const receipt: ExecutionReceipt = freezeDeep({
      schema: "canonic/execution-receipt/v1",
      decision: subject.decision,
      service: contract.service,
      version: contract.version,
      contract: serviceContractDigestOf(contract),
      at,
      latencyUs: Math.max(...calls.map(({ latencyUs }) => latencyUs)),
      quantities: sumOf(answered.map(({ quantities }) => quantities)),
      costPicos: failed === undefined ? totalCost(answered.map(({ quantities }) => quantities)) : null,
      input: digestJson(input),
      output: failed === undefined ? (digests[0] ?? null) : null,
      outcome,
      guarantees: guarantees.slice(0, 256),
    });
    const [first] = answered;
    if (outcome === "violated") return { kind: "violated", violations: broken, receipt };
    if (failed?.kind === "failed") return { kind: "failed", fault: failed.fault, status: failed.status, receipt };
    return { kind: "fulfilled", output: first?.output ?? null, receipt };
  }

  function isRepeated(digests: readonly Digest[], index: number): boolean | null {
    if (repeat === undefined) return null;
    if (repeat.kind === "recorded") return digests[index] === repeat.output;
    return index === 0 ? null : digests[index] === digests[0];
  }

  function totalCost(used: readonly Readonly<Record<string, number>>[]): number | null {
    const costs = used.map((quantities) => costOf(contract, quantities, request.quantities));
    return costs.includes(null)
      ? null
      : costs.reduce<number>((total, cost) => Math.min(Number.MAX_SAFE_INTEGER, total + (cost ?? 0)), 0);
  }

  function report(done: Attempted): Attempted {
    options.onReceipt?.(done.receipt);
    if (done.kind === "violated") options.onViolation?.(done.receipt, done.violations);
    return done;
  }
}

/** Why nothing came, and whether the time that it took breaks a hard bound by itself. */
function completionOf(
  contract: ServiceContract,
  { latency, guarantees }: RouteRequest,
  fault: CallFault,
  latencyUs: number,
): Measured[] {
  const completion = found(COMPLETION, fault === "aborted" ? "unknown" : "violated", "an answer", fault);
  if (fault === "aborted") return [completion];
  const statements = [...contract.guarantees.filter(({ basis }) => basis !== "assumed"), ...guarantees];
  const bounds = statements.flatMap(({ property, bound, unit, value }) =>
    property === "latency-max" &&
    unit === "us" &&
    (bound === "max" || bound === "equality") &&
    typeof value === "number"
      ? [value]
      : [],
  );
  if (latency?.percentile === "max") bounds.push(latency.maxUs);
  const late = bounds.filter((bound) => latencyUs > bound);
  return [completion, ...late.map((bound) => found("latency-max", "violated", `max ${bound} us`, `${latencyUs} us`))];
}

function checkRepeat(contract: ServiceContract, request: RouteRequest): void {
  if (contract.effect === "write") throw refused("write-repeated");
  if (request.budgetPicos === null) return;
  const cost = costOf(contract, {}, request.quantities);
  if (cost === null || cost * 2 > request.budgetPicos) throw refused("budget-for-repeat");
}

function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [unit, quantity] of all.flatMap(Object.entries) as [string, number][]) {
    sums[unit] = Math.min(Number.MAX_SAFE_INTEGER, (Object.hasOwn(sums, unit) ? (sums[unit] as number) : 0) + quantity);
  }
  return sums;
}

export function refused(
  reason: CaioError<"caio.execution-refused">["details"]["reason"],
): CaioError<"caio.execution-refused"> {
  return new CaioError("caio.execution-refused", `nothing was called: ${reason}`, { reason });
}
