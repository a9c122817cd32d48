/**
 * Routes inside plans: what a task whose operation was routed was decided in, and who decides again when it runs.
 *
 * A plan holds no time and no person. So a planned world has no health, its decisions are made at {@link PLANNED_AT}, and a run decides
 * again with the identity that its token gives: the plan names the choice, and only that choice runs.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "../digest.ts";
import type { TokenClaims } from "../token.ts";
import { ObservationSnapshot } from "./observations.ts";
import { PrivacyProfile, ScoreProfile } from "./profiles.ts";
import { RouteIdentity } from "./route-request.ts";
import { RuleSet } from "./rule-set.ts";
import { ServiceSnapshot } from "./service-snapshot.ts";

/** The moment of every decision of a plan and of its runs. */
export const PLANNED_AT = "1970-01-01T00:00:00.000Z";

/** Both are artifacts of the plan: a `canonic/route-request/v1` and a {@link PlannedWorld}. */
export const PlannedRoute = z.strictObject({ request: Digest, world: Digest });
export type PlannedRoute = z.infer<typeof PlannedRoute>;

/** All that a routed task was decided in, beside its request; the health of every service is null. */
export const PlannedWorld = z.strictObject({
  schema: z.literal("canonic/route-world/v1"),
  snapshot: ServiceSnapshot,
  rules: RuleSet,
  observations: ObservationSnapshot.nullable(),
  scoreProfile: ScoreProfile,
  privacyProfile: PrivacyProfile,
});
export type PlannedWorld = z.infer<typeof PlannedWorld>;

/** The trust of whoever holds a valid token: an owner is known. */
const TOKEN_TRUST = 1;

/**
 * Who a verified token says that it is for: its `domain.action` pairs and its capabilities are the permissions.
 *
 * @param token - The digest of the presented token.
 * @returns Undefined for claims with more permissions than an identity can have.
 */
export function routeIdentityOf(claims: TokenClaims, token: Digest): RouteIdentity | undefined {
  const listed = claims.authorization_details.flatMap(({ identifier, actions }) =>
    actions.map((action) => `${identifier}.${action}`),
  );
  const permissions = [...new Set([...listed, ...claims.capabilities])].sort();
  return RouteIdentity.safeParse({ subject: claims.sub, permissions, trust: TOKEN_TRUST, token }).data;
}
