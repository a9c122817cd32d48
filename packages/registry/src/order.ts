/**
 * The one order of a snapshot's rows, so that the order of registration reaches no digest.
 *
 * @module
 */
import type { RegistrySnapshot } from "@canonic/contracts";

/** `localeCompare` answers by the machine's locale; code units do not. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Semantic versions compare as numbers, part by part: 1.10.0 comes after 1.9.0. */
export function byVersion(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let part = 0; part < 3; part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The same snapshot with operations by id and version, and routes by payload type, operation and version. */
export function sortSnapshot(snapshot: RegistrySnapshot): RegistrySnapshot {
  return {
    schema: snapshot.schema,
    operations: snapshot.operations.toSorted(
      (a, b) => byCodeUnit(a.operation, b.operation) || byVersion(a.version, b.version),
    ),
    routes: snapshot.routes.toSorted(
      (a, b) =>
        byCodeUnit(a.payloadType, b.payloadType) ||
        byCodeUnit(a.operation, b.operation) ||
        byVersion(a.version, b.version),
    ),
  };
}
