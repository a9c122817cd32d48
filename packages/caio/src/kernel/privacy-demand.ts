/**
 * What privacy a request asks for: that of its data class, made stricter by itself.
 *
 * @see docs/routing.md, section 4.
 * @module
 */
import { DataClass, Locality, type PrivacyDemand, type PrivacyProfile, type RouteRequest } from "@canonic/contracts";
import type { z } from "zod";

export type EffectivePrivacy = Omit<z.infer<typeof PrivacyDemand>, "dataClass">;

/** The closer of the two localities, and the smaller of the two retentions; null asks nothing. */
export function privacyOf({ demands }: PrivacyProfile, request: RouteRequest): EffectivePrivacy {
  const demand = demands[DataClass.options.indexOf(request.dataClass)] as z.infer<typeof PrivacyDemand>;
  return {
    localityMax: closer(demand.localityMax, request.localityMax),
    retentionDaysMax: smaller(demand.retentionDaysMax, request.retentionDaysMax),
    encryptedInTransit: demand.encryptedInTransit,
    encryptedAtRest: demand.encryptedAtRest,
    mayTrain: demand.mayTrain,
  };
}

function closer(a: Locality | null, b: Locality | null): Locality | null {
  if (a === null || b === null) return a ?? b;
  return Locality.options.indexOf(a) <= Locality.options.indexOf(b) ? a : b;
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
