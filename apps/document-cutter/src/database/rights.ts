/**
 * Who may do what in a units database: the expected matrix of grants.
 *
 * Invariants:
 *   G1. The executor cannot verify, the verifier cannot write units, and neither can write the lifecycle log, which
 *       triggers keep.
 *   G2. The application reads enacted units and nothing else; PUBLIC has nothing.
 *   G3. The trail has no UPDATE and no DELETE, but for the number of a fence.
 *
 * @module
 */
import { byCodeUnit } from "@canonic/contracts";
import { EXECUTOR, VERIFIER } from "./connection.ts";

export const APPLICATION = "cutter_app";
export const PUBLIC = "PUBLIC";

/** A right on a table; `UPDATE(column)` is on a column alone. */
export type Right = "SELECT" | "INSERT" | "UPDATE" | "DELETE" | `UPDATE(${string})`;

const READ: readonly Right[] = ["SELECT"];
const ADD: readonly Right[] = ["SELECT", "INSERT"];

/** Principal, then table, then rights. */
export const RIGHTS: { readonly [principal: string]: { readonly [table: string]: readonly Right[] } } = {
  [EXECUTOR]: {
    change_sets: ADD,
    enacted_units: READ,
    fences: ["SELECT", "INSERT", "UPDATE"],
    identity: READ,
    lifecycle_log: READ,
    manifests: ADD,
    receipts: ADD,
    reverts: ADD,
    run_index: ADD,
    sources: ["SELECT", "INSERT", "DELETE"],
    units: ["SELECT", "INSERT", "DELETE", "UPDATE(review_decision)", "UPDATE(status)"],
    verifications: READ,
  },
  [VERIFIER]: {
    change_sets: READ,
    fences: ["SELECT", "INSERT", "UPDATE"],
    identity: READ,
    lifecycle_log: READ,
    manifests: READ,
    receipts: ADD,
    sources: READ,
    units: READ,
    verifications: ADD,
  },
  [APPLICATION]: { enacted_units: READ },
  [PUBLIC]: {},
};

/** The matrix as lines, `cutter_app enacted_units SELECT`, sorted. */
export function expectedGrants(): readonly string[] {
  return Object.entries(RIGHTS)
    .flatMap(([principal, tables]) =>
      Object.entries(tables).flatMap(([table, rights]) => rights.map((right) => `${principal} ${table} ${right}`)),
    )
    .sort(byCodeUnit);
}

/** What is there and not expected, and what is expected and not there. */
export function deltasOf(expected: readonly string[], found: readonly string[]): readonly string[] {
  const [wanted, seen] = [new Set(expected), new Set(found)];
  return [
    ...[...seen].filter((line) => !wanted.has(line)).map((line) => `unexpected: ${line}`),
    ...[...wanted].filter((line) => !seen.has(line)).map((line) => `missing: ${line}`),
  ].sort(byCodeUnit);
}
