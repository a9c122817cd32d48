/**
 * Completeness: what a plan or an app requires, minus what the registry has, is empty, or the run does not start.
 *
 * Invariants:
 *   C1. Both differences are reported; only what is missing or changed stops the start.
 *   C2. Nothing required is nothing checked: it is incomplete, never complete.
 *   C3. A signature is compared by the contract's digest, a source by the digest that was registered with it. A
 *       required source that was never registered is changed, not unknown.
 *
 * @module
 */
import { byCodeUnit, byVersion, contractDigestOf, type Digest, type Plan } from "@canonic/contracts";
import { RegistryError } from "./errors.ts";
import type { FrozenRegistry } from "./registry.ts";
import { keyOf } from "./routing.ts";

/** An operation that must exist, with this contract and from this source where those are given. */
export type Requirement = {
  readonly operation: string;
  readonly version: string;
  readonly contract?: Digest;
  readonly source?: Digest;
};

type Version = { readonly operation: string; readonly version: string };

/** `missing` is required minus registered, `unrequired` registered minus required; all sorted by operation and version. */
export type Completeness = {
  readonly complete: boolean;
  readonly checked: number;
  readonly missing: readonly Version[];
  readonly unrequired: readonly Version[];
  readonly changed: readonly (Version & {
    readonly what: "contract" | "source";
    readonly expected: Digest;
    readonly found: Digest | null;
  })[];
};

/** Compares what is required with what a frozen registry has. Pure; the order of `required` does not matter. */
export function checkCompleteness(
  required: readonly Requirement[],
  registry: Pick<FrozenRegistry, "snapshot" | "sources">,
): Completeness {
  const wanted = new Map(required.map((one) => [keyOf(one), one]));
  const registered = new Map(registry.snapshot.operations.map((contract) => [keyOf(contract), contract]));
  const missing: Version[] = [];
  const changed: Completeness["changed"][number][] = [];
  for (const one of required) {
    const { operation, version } = one;
    const contract = registered.get(keyOf(one));
    if (contract === undefined) {
      missing.push({ operation, version });
      continue;
    }
    const found = { contract: contractDigestOf(contract), source: registry.sources.get(keyOf(one)) ?? null };
    for (const what of ["contract", "source"] as const) {
      const expected = one[what];
      if (expected === undefined || expected === found[what]) continue;
      changed.push({ operation, version, what, expected, found: found[what] });
    }
  }
  const unrequired = registry.snapshot.operations
    .filter((contract) => !wanted.has(keyOf(contract)))
    .map(({ operation, version }) => ({ operation, version }));
  return {
    complete: required.length > 0 && missing.length === 0 && changed.length === 0,
    checked: required.length,
    missing: distinct(missing),
    unrequired: distinct(unrequired),
    changed: distinct(changed),
  };
}

/** Throws `registry.incomplete` with the whole report unless everything that is required is there, unchanged. */
export function assertCompleteness(
  required: readonly Requirement[],
  registry: Pick<FrozenRegistry, "snapshot" | "sources">,
): Completeness {
  const report = checkCompleteness(required, registry);
  if (report.complete) return report;
  const { checked, missing, changed } = report;
  const what = checked === 0 ? "nothing is required" : `${missing.length} missing and ${changed.length} changed`;
  const first = missing[0] ?? changed[0];
  const example = first === undefined ? "" : `, first \`${keyOf(first)}\``;
  throw new RegistryError("registry.incomplete", `the registry is not complete: ${what}${example}`, report);
}

/** What a plan requires: each operation of its tasks once, with the contract that the plan was frozen under. */
export function requirementsOf(plan: Pick<Plan, "tasks">): Requirement[] {
  return distinct(plan.tasks.map(({ operation, version, contract }) => ({ operation, version, contract })));
}

function distinct<T extends Version>(rows: readonly T[]): T[] {
  const unique = new Map(rows.map((row) => [JSON.stringify(row), row]));
  return [...unique.entries()]
    .sort(
      ([textA, a], [textB, b]) =>
        byCodeUnit(a.operation, b.operation) || byVersion(a.version, b.version) || byCodeUnit(textA, textB),
    )
    .map(([, row]) => row);
}
