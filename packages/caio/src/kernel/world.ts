/**
 * All that a decision is made from beside the request, as values.
 *
 * @module
 */
import type {
  AuthorizationTable,
  ObservationSnapshot,
  PrivacyProfile,
  RouteIdentity,
  RouteRequest,
  RuleSet,
  ScoreProfile,
  ServiceSnapshot,
} from "@canonic/contracts";

/** Frozen for one decision or for many; null is none. */
export interface RouteWorld {
  readonly snapshot: ServiceSnapshot;
  readonly rules: RuleSet;
  readonly observations: ObservationSnapshot | null;
  readonly scoreProfile: ScoreProfile;
  readonly privacyProfile: PrivacyProfile;
}

/** One question. `at` is the moment of evaluation, milliseconds since 1970; who asks comes from a verified token, null is nobody. */
export interface RouteQuestion {
  readonly request: RouteRequest;
  readonly identity: RouteIdentity | null;
  readonly authorization: AuthorizationTable | null;
  readonly at: number;
}
