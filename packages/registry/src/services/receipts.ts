/**
 * When receipts end a probation.
 *
 * Invariants:
 *   Q1. The newest receipts decide, by their time and then their digest: all of the last N are fulfilled, or it waits.
 *   Q2. One receipt counts once, and only for the contract that it is of.
 *
 * @module
 */
import {
  assertJson,
  byCodeUnit,
  type Digest,
  digestJson,
  ExecutionReceipt,
  isContractsError,
  type SchemaIssue,
  shapeIssues,
} from "@canonic/contracts";
import { inputInvalid, type ShownReceipts } from "./edits.ts";
import type { ServiceStanding } from "./standing.ts";

/** Receipts that may be shown at once. */
const RECEIPTS_MAX = 100_000;

export type ReceiptsVerdict =
  | { readonly kind: "enough"; readonly shown: ShownReceipts }
  | { readonly kind: "waiting"; readonly fulfilled: number; readonly needed: number };

/**
 * Judges receipts; whether they are true is for who shows them to say.
 *
 * @param needed - How many of the newest must be fulfilled; at least 1.
 * @throws {RegistryError} `registry.input-invalid` for what is no receipt, or one of another version or contract.
 */
export function judgeReceipts(
  receipts: readonly ExecutionReceipt[],
  standing: ServiceStanding,
  needed: number,
): ReceiptsVerdict {
  const issues: SchemaIssue[] = [];
  if (!Array.isArray(receipts) || receipts.length > RECEIPTS_MAX) {
    throw inputInvalid([{ pointer: "/receipts", expected: `a list of at most ${RECEIPTS_MAX}` }]);
  }
  const read = new Map<Digest, ExecutionReceipt>();
  receipts.forEach((given, place) => {
    const parsed = ExecutionReceipt.safeParse(given);
    const at = `/receipts/${place}`;
    if (!parsed.success) {
      issues.push(...shapeIssues(parsed.error, at));
      return;
    }
    const receipt = parsed.data;
    for (const field of ["service", "version", "contract"] as const) {
      if (receipt[field] !== standing[field]) issues.push({ pointer: `${at}/${field}`, expected: standing[field] });
    }
    try {
      assertJson(receipt);
      read.set(digestJson(receipt), receipt);
    } catch (error) {
      if (!isContractsError(error)) throw error;
      issues.push({ pointer: at, expected: "a value that has a canonical form" });
    }
  });
  if (issues.length > 0) throw inputInvalid(issues);
  const newest = [...read]
    .sort(([a, one], [b, other]) => byCodeUnit(other.at, one.at) || byCodeUnit(b, a))
    .slice(0, needed);
  const failed = newest.findIndex(([, { outcome }]) => outcome !== "fulfilled");
  const fulfilled = failed < 0 ? newest.length : failed;
  if (fulfilled < needed) return { kind: "waiting", fulfilled, needed };
  const digests = newest.map(([digest]) => digest).sort(byCodeUnit);
  return { kind: "enough", shown: { count: needed, digest: digestJson(digests) } };
}
