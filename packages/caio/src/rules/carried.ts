/**
 * What one snapshot can take over from the one before.
 *
 * @module
 */
import type { Formula } from "./atom.ts";
import type { Columns } from "./columns.ts";
import type { RuleMatcher } from "./matcher.ts";

/** What the next snapshot can go on from: the truths that hang on services alone. */
export interface BoundSnapshot {
  readonly matcher: RuleMatcher;
  readonly columns: Columns;
  readonly fixed: ReadonlyMap<Formula, Uint8Array>;
}

/** The place of a service that was not there before. */
export const NEW = -1;

/** Where each service stood before, by the identity of its entry; null where too many are new to be worth it. */
export function carriedFrom({ columns, fixed }: BoundSnapshot, { services }: Columns) {
  const known = new Map(columns.services.map((entry, place) => [entry, place]));
  const places = Int32Array.from(services, (entry) => known.get(entry) ?? NEW);
  const fresh = places.reduce((count, place) => count + Number(place === NEW), 0);
  return fresh * 4 > services.length ? null : { places, fixed };
}
