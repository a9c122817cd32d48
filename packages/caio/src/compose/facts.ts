/**
 * What holds of several services that see the same data: the worst of each fact.
 *
 * Invariants:
 *   W1. A fact of the whole is never better than that of a part, and unknown where a part's could make it worse.
 *   W2. Costs add where all parts are paid for, and the worst counts where one of them is; a sum over 2^53 - 1 is unknown.
 *
 * @module
 */
import { byCodeUnit, type ServiceContract } from "@canonic/contracts";
import type { CompositionFacts } from "./composition.ts";

const LOCALITIES = ["on_device", "local", "region", "cloud"] as const;
const DETERMINISMS = ["deterministic", "seeded", "recorded"] as const;

/** The facts of one contract, for a request that costs `costPicos` with it; what an importer assumed is null. */
export function compositionFactsOf(contract: ServiceContract, costPicos: number | null): CompositionFacts {
  const { privacy, security, determinism, assumed } = contract;
  const isAssumed = (pointer: string) =>
    assumed.some(
      (one) => one === "" || pointer === one || pointer.startsWith(`${one}/`) || one.startsWith(`${pointer}/`),
    );
  const stated = <Value>(pointer: string, value: Value): Value | null => (isAssumed(pointer) ? null : value);
  return {
    costPicos: stated("/cost", costPicos),
    locality: stated("/privacy/locality", privacy.locality),
    regions: privacy.regions.length === 0 ? null : stated("/privacy/regions", privacy.regions.toSorted(byCodeUnit)),
    retentionDays: stated("/privacy/retentionDays", privacy.retentionDays),
    encryptedInTransit: stated("/privacy/encryptedInTransit", privacy.encryptedInTransit),
    encryptedAtRest: stated("/privacy/encryptedAtRest", privacy.encryptedAtRest),
    trainsOnData: stated("/privacy/trainsOnData", privacy.trainsOnData),
    trust: stated("/security/trust", security.trust) ?? 0,
    determinism: stated("/determinism", determinism) ?? "recorded",
  };
}

/** @param parts - At least one. */
export function composeFacts(parts: readonly CompositionFacts[], cost: "sum" | "worst"): CompositionFacts {
  const regions = all(parts.map((part) => part.regions));
  return {
    costPicos: costOf(
      parts.map((part) => part.costPicos),
      cost,
    ),
    locality: last(
      LOCALITIES,
      parts.map((part) => part.locality),
    ),
    regions: regions === null ? null : [...new Set(regions.flat())].sort(byCodeUnit),
    retentionDays: greatest(all(parts.map((part) => part.retentionDays))),
    encryptedInTransit: every(parts.map((part) => part.encryptedInTransit)),
    encryptedAtRest: every(parts.map((part) => part.encryptedAtRest)),
    trainsOnData: some(parts.map((part) => part.trainsOnData)),
    trust: Math.min(...parts.map((part) => part.trust)),
    determinism:
      last(
        DETERMINISMS,
        parts.map((part) => part.determinism),
      ) ?? "recorded",
  };
}

function costOf(costs: readonly (number | null)[], cost: "sum" | "worst"): number | null {
  const known = all(costs);
  if (known === null || cost === "worst") return greatest(known);
  const sum = known.reduce((total, one) => total + BigInt(one), 0n);
  return sum > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(sum);
}

function all<Value>(values: readonly (Value | null)[]): Value[] | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? known : null;
}

function greatest(values: readonly number[] | null): number | null {
  return values === null ? null : Math.max(...values);
}

/** The furthest from the first; unknown when one is, unless the last of all is among them. */
function last<Value>(order: readonly Value[], values: readonly (Value | null)[]): Value | null {
  const worst = order.at(-1) as Value;
  if (values.includes(worst)) return worst;
  const known = all(values);
  return known === null ? null : (order[Math.max(...known.map((value) => order.indexOf(value)))] as Value);
}

function every(values: readonly (boolean | null)[]): boolean | null {
  return values.includes(false) ? false : values.includes(null) ? null : true;
}

function some(values: readonly (boolean | null)[]): boolean | null {
  return values.includes(true) ? true : values.includes(null) ? null : false;
}
