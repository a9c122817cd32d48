/**
 * What verified receipts say of each service, at one moment.
 *
 * Invariants:
 *   O1. Only verified receipts count, each once, of versions whose contract is that of the snapshot, and none of the future.
 *   O2. The order of receipts changes nothing; equal receipts and options give equal bytes.
 *   O3. No answer never looks quick: where there was none, the time counts as at least that of the slowest answer.
 *
 * @module
 */
import {
  byCodeUnit,
  byVersion,
  type Digest,
  digestJson,
  type ExecutionReceipt,
  MOMENT_MAX,
  millisecondsOf,
  ObservationSnapshot,
  type ServiceObservation,
  type ServiceSnapshot,
  serviceContractDigestOf,
  timestampOf,
} from "@canonic/contracts";
import { CaioError } from "../errors.ts";
import { COMPLETION } from "../execute/attempt.ts";
import { countOf, reliabilityPpm, weightOf } from "./reliability.ts";
import { type ReceiptTrust, verifyReceipt } from "./signed-receipt.ts";
import { Sketch } from "./sketch.ts";

const HOUR_MS = 3_600_000;
const MILLION = 1_000_000;

/** `at` is milliseconds since 1970; `halfLifeHours` 1 to 87,600; `confidencePpm` 1 to 999,999; `services` are those that receipts may speak of. */
export interface ObservationOptions {
  readonly at: number;
  readonly halfLifeHours: number;
  readonly confidencePpm: number;
  readonly services: ServiceSnapshot;
  readonly trust: ReceiptTrust;
}

/**
 * Why a receipt does not count: no receipt at all, nobody vouches for it, it was there before, it is of a contract that is not in the
 * snapshot, later than `at`, or the caller gave up.
 */
export interface RejectedReceipt {
  readonly digest: Digest | null;
  readonly reason: "malformed" | "unverified" | "repeated" | "foreign-contract" | "future" | "aborted";
}

/** `rejected` is sorted by digest, then reason. */
export interface Observations {
  readonly snapshot: ObservationSnapshot;
  readonly rejected: readonly RejectedReceipt[];
}

/**
 * @param receipts - Signed receipts, from anywhere.
 * @throws {CaioError} `caio.receipts-invalid` when the options are out of their bounds.
 */
export function observationsOf(receipts: readonly unknown[], options: ObservationOptions): Observations {
  checkOptions(options);
  const rejected: RejectedReceipt[] = [];
  const counted = new Map<Digest, ExecutionReceipt>();
  const contracts = new Map<string, Digest>(
    options.services.services.map(({ contract }) => [nameOf(contract), serviceContractDigestOf(contract)]),
  );
  for (const given of receipts) {
    const verdict = verifyReceipt(given, options.trust);
    const { digest } = verdict;
    const reason = verdict.kind === "rejected" ? verdict.reason : reasonAgainst(verdict.receipt, contracts, options.at);
    if (reason !== null) rejected.push({ digest, reason });
    else if (counted.has(digest as Digest)) rejected.push({ digest, reason: "repeated" });
    else if (verdict.kind === "verified") counted.set(verdict.digest, verdict.receipt);
  }
  const { at, halfLifeHours, confidencePpm } = options;
  const snapshot = ObservationSnapshot.parse({
    schema: "canonic/observation-snapshot/v1",
    at: timestampOf(at),
    halfLifeHours,
    confidencePpm,
    receipts: digestJson([...counted.keys()].sort(byCodeUnit)),
    services: grouped([...counted.values()]).map((group) => observe(group, options)),
  });
  rejected.sort((a, b) => byCodeUnit(a.digest ?? "", b.digest ?? "") || byCodeUnit(a.reason, b.reason));
  return { snapshot, rejected };
}

function reasonAgainst(
  receipt: ExecutionReceipt,
  contracts: ReadonlyMap<string, Digest>,
  at: number,
): RejectedReceipt["reason"] | null {
  if (contracts.get(nameOf(receipt)) !== receipt.contract) return "foreign-contract";
  const moment = millisecondsOf(receipt.at);
  if (moment === undefined) return "malformed";
  if (moment > at) return "future";
  const isAborted = receipt.guarantees.some(
    ({ property, verdict }) => property === COMPLETION && verdict === "unknown",
  );
  return isAborted ? "aborted" : null;
}

/** By service, then version. */
function grouped(receipts: readonly ExecutionReceipt[]): ExecutionReceipt[][] {
  const groups = new Map<string, ExecutionReceipt[]>();
  for (const receipt of receipts) {
    const name = nameOf(receipt);
    const group = groups.get(name) ?? [];
    group.push(receipt);
    groups.set(name, group);
  }
  return [...groups.values()].sort(
    ([a], [b]) => byCodeUnit(a?.service ?? "", b?.service ?? "") || byVersion(a?.version ?? "", b?.version ?? ""),
  );
}

function observe(receipts: readonly ExecutionReceipt[], options: ObservationOptions): ServiceObservation {
  const { at, halfLifeHours, confidencePpm } = options;
  const count = { successes: 0, failures: 0 };
  for (const { at: moment, outcome } of receipts) {
    const weight = weightOf(at - (millisecondsOf(moment) ?? at), halfLifeHours * HOUR_MS);
    const isSuccess = outcome === "fulfilled";
    count[isSuccess ? "successes" : "failures"] += countOf(weight, isSuccess);
  }
  const latencies = latenciesOf(receipts);
  const costs = sketchOf(receipts.flatMap(({ costPicos }) => (costPicos === null ? [] : [costPicos])));
  const { service, version } = receipts[0] as ExecutionReceipt;
  return {
    service,
    version,
    receipts: receipts.length,
    reliabilityPpm: reliabilityPpm(count.successes, count.failures, confidencePpm),
    latencyUs: {
      p50: latencies.percentile(50),
      p95: latencies.percentile(95),
      p99: latencies.percentile(99),
      max: latencies.max,
    },
    costPicos: costs.count === 0 ? null : { p50: costs.percentile(50), p95: costs.percentile(95) },
  };
}

function latenciesOf(receipts: readonly ExecutionReceipt[]): Sketch {
  const answered = sketchOf(receipts.filter(({ output }) => output !== null).map(({ latencyUs }) => latencyUs));
  const unanswered = receipts.filter(({ output }) => output === null);
  const all = sketchOf(unanswered.map(({ latencyUs }) => Math.max(latencyUs, answered.max)));
  all.merge(answered);
  return all;
}

function sketchOf(values: readonly number[]): Sketch {
  const sketch = new Sketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

function nameOf({ service, version }: { readonly service: string; readonly version: string }): string {
  return `${service} ${version}`;
}

function checkOptions({ at, halfLifeHours, confidencePpm }: ObservationOptions): void {
  const bounds = [
    { pointer: "/at", value: at, min: 0, max: MOMENT_MAX },
    { pointer: "/halfLifeHours", value: halfLifeHours, min: 1, max: 87_600 },
    { pointer: "/confidencePpm", value: confidencePpm, min: 1, max: MILLION - 1 },
  ];
  const issues = bounds.flatMap(({ pointer, value, min, max }) =>
    Number.isSafeInteger(value) && value >= min && value <= max
      ? []
      : [{ pointer, expected: `a whole number of ${min} to ${max}` }],
  );
  if (issues.length > 0) throw new CaioError("caio.receipts-invalid", "receipts cannot be counted so", { issues });
}
