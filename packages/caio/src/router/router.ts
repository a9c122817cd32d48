/**
 * The front door for a service that routes: a world made of what there is, kept open, and asked one question after another.
 *
 * @module
 */
import {
  type AuthorizationTable,
  DEFAULT_PRIVACY_PROFILE,
  DEFAULT_SCORE_PROFILE,
  type ObservationSnapshot,
  type PrivacyProfile,
  type RouteIdentity,
  type RouteRequest,
  type RuleSet,
  type ScoreProfile,
  type ServiceContract,
  type ServiceSnapshot,
  sortServices,
} from "@canonic/contracts";
import { decide } from "../kernel/decide.ts";
import type { Decided } from "../kernel/decided.ts";
import type { PreparedWorld } from "../kernel/prepared-world.ts";
import { openRuledWorld } from "./ruled-world.ts";

/** What a router is opened with; what is absent is none, or the built-in profile. */
export interface RouterOptions {
  /** A snapshot of a registry, or contracts, each of which counts as active and of unknown health. */
  readonly services: ServiceSnapshot | readonly ServiceContract[];
  readonly rules?: RuleSet;
  readonly observations?: ObservationSnapshot;
  readonly scoreProfile?: ScoreProfile;
  readonly privacyProfile?: PrivacyProfile;
}

/** Who asks and when. `at` is milliseconds since 1970; the identity comes from a token that the caller verified. */
export interface RouteContext {
  readonly at: number;
  readonly identity?: RouteIdentity;
  readonly authorization?: AuthorizationTable;
}

export interface Router {
  readonly world: PreparedWorld;
  /** @throws {CaioError} `caio.request-invalid`, `caio.world-invalid` as {@link decide}. */
  route(request: RouteRequest, context: RouteContext): Decided;
}

/** Nothing is required and nothing forbidden. */
export const NO_RULES: RuleSet = { schema: "canonic/rule-set/v1", rules: [] };

/**
 * Opens a router over services.
 *
 * What the caller does to the options afterwards does not reach it.
 *
 * @throws {CaioError} `caio.world-invalid` for services that are not valid or not unique and for what is no rule set,
 *   `caio.rule-invalid` for rules that are not sound.
 */
export function openRouter(options: RouterOptions): Router {
  const { services, rules = NO_RULES, observations = null } = options;
  const world = openRuledWorld({
    snapshot: isList(services) ? snapshotOf(services) : services,
    rules,
    observations,
    scoreProfile: options.scoreProfile ?? DEFAULT_SCORE_PROFILE,
    privacyProfile: options.privacyProfile ?? DEFAULT_PRIVACY_PROFILE,
  });
  return {
    world,
    route: (request, { at, identity = null, authorization = null }) =>
      decide(world, { request, identity, authorization, at }),
  };
}

function isList(services: RouterOptions["services"]): services is readonly ServiceContract[] {
  return Array.isArray(services);
}

/** Contracts as a snapshot of nobody's registry. */
export function snapshotOf(contracts: readonly ServiceContract[]): ServiceSnapshot {
  const entries = contracts.map((contract) => ({ contract, state: "active" as const, health: null }));
  return { schema: "canonic/service-snapshot/v1", revision: 0, services: sortServices(entries) };
}
