/**
 * The orders of this package: code units for names, numbers for versions, and the snapshot's own.
 *
 * @module
 */
import type { RegistrySnapshot } from "@canonic/contracts";

/** `localeCompare` answers by the machine's locale; code units do not. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A snapshot's rows in the order that its digest stands for, however they came in. */
export function sortSnapshot(snapshot: RegistrySnapshot): RegistrySnapshot {
  return {
    schema: snapshot.schema,
    operations: snapshot.operations.toSorted(byOperation),
    routes: snapshot.routes.toSorted((a, b) => byCodeUnit(a.payloadType, b.payloadType) || byOperation(a, b)),
  };
}

type Versioned = { readonly operation: string; readonly version: string };

function byOperation(a: Versioned, b: Versioned): number {
  return byCodeUnit(a.operation, b.operation) || byVersion(a.version, b.version);
}

/** Semantic versions compare as numbers, part by part: 1.10.0 comes after 1.9.0. */
function byVersion(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let part = 0; part < 3; part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
