/**
 * Chains of services, and what holds of them: the values that composition takes and gives.
 *
 * @module
 */
import type { Guarantee, ServiceContract } from "@canonic/contracts";

/** What a contract states beside its guarantees; null is not stated, or was assumed. Cost is that of one request, in picos. */
export interface CompositionFacts {
  readonly costPicos: number | null;
  readonly locality: "on_device" | "local" | "region" | "cloud" | null;
  /** Sorted by code unit. */
  readonly regions: readonly string[] | null;
  readonly retentionDays: number | null;
  readonly encryptedInTransit: boolean | null;
  readonly encryptedAtRest: boolean | null;
  readonly trainsOnData: boolean | null;
  readonly trust: number;
  readonly determinism: ServiceContract["determinism"];
}

/**
 * `sequence` runs its parts one after the other, `parallel` all at once, and both need all of them; `fallback` tries them one
 * after the other until one answers. `independent` names the properties whose failures in the parts were declared
 * independent of each other; nothing is independent that nobody declared. `failedAttempts` says whether an attempt that failed
 * is paid for.
 */
export type Composition =
  | { readonly kind: "service"; readonly guarantees: readonly Guarantee[]; readonly facts: CompositionFacts }
  | {
      readonly kind: "sequence" | "parallel";
      readonly parts: readonly Composition[];
      readonly independent: readonly string[];
    }
  | {
      readonly kind: "fallback";
      readonly parts: readonly Composition[];
      readonly failedAttempts: "billed" | "free";
    };

/** How a bound came about; docs/routing-composition.md gives each with its reason. */
export type CompositionRule =
  | "stated"
  | "sum"
  | "greatest"
  | "least"
  | "frechet"
  | "product"
  | "percentile-and-hard"
  | "meet";

export interface ComposedGuarantee {
  readonly guarantee: Guarantee;
  readonly rule: CompositionRule;
}

/**
 * What some part states and the whole cannot: `not-stated` by the parts (by their place, from 0), no number that can be added
 * up exactly (`not-a-number`, `too-large`), a share of a quantity that differs from part to part (`relative`), percentiles
 * of more than one part (`percentiles`), or a property that no rule is known for (`no-rule`).
 */
export interface UnknownGuarantee {
  readonly property: string;
  readonly bound: Guarantee["bound"];
  readonly unit: string;
  readonly why: "not-stated" | "not-a-number" | "too-large" | "relative" | "percentiles" | "no-rule";
  readonly parts: readonly number[];
}

/** Guarantees and unknowns by property, then bound, then unit. */
export interface Composed {
  readonly guarantees: readonly ComposedGuarantee[];
  readonly unknown: readonly UnknownGuarantee[];
  readonly facts: CompositionFacts;
}
