/**
 * Looks at the registry and routes over what it sees, and says what it saw.
 *
 * @module
 */
import { compileRules, decide, openWorld } from "@canonic/caio";
import {
  CHEAPEST_SCORE_PROFILE,
  DEFAULT_PRIVACY_PROFILE,
  type RouteDecision,
  type RuleSet,
  type ServiceSnapshot,
  serviceContractDigestOf,
} from "@canonic/contracts";
import type { FrozenServices } from "@canonic/registry";
import { plainQuestion } from "../routing/plain.ts";

const RULES: RuleSet = {
  schema: "canonic/rule-set/v1",
  rules: [
    {
      id: "no-heath",
      description: "",
      when: "true",
      effect: { kind: "forbid", expression: 'service.id == "heath"' },
      severity: "refuse",
    },
  ],
};

/** One question of several, decided over a snapshot. */
export function routeOver(snapshot: ServiceSnapshot, turns: readonly number[]): RouteDecision[] {
  const world = openWorld(
    {
      snapshot,
      rules: RULES,
      observations: null,
      scoreProfile: CHEAPEST_SCORE_PROFILE,
      privacyProfile: DEFAULT_PRIVACY_PROFILE,
    },
    compileRules(RULES, snapshot),
  );
  return turns.map((turn) => {
    const quantities = { "input-token": 100 + turn };
    return decide(world, plainQuestion({ quantities, probation: turn % 2 === 0 ? "allow" : "exclude" })).record();
  });
}

/** What one look at the registry gave: the snapshot as it was seen, and what was decided over it. */
export interface Look {
  readonly revision: number;
  readonly digest: string;
  /** `service version state contract-digest health`, in the snapshot's order. */
  readonly services: readonly string[];
  readonly decisions: readonly {
    readonly turn: number;
    readonly snapshot: string;
    readonly chosen: string;
    readonly root: string;
  }[];
}

/** The services of a snapshot as text: two snapshots with equal lines hold the same. */
export function linesOf({ services }: ServiceSnapshot): string[] {
  return services.map(({ contract, state, health }) =>
    [
      contract.service,
      contract.version,
      state,
      serviceContractDigestOf(contract),
      health === null ? "-" : `${health.status}/${health.expiresAt}`,
    ].join(" "),
  );
}

export function lookAt({ revision, snapshot, digest }: FrozenServices, turns: readonly number[]): Look {
  const decisions = routeOver(snapshot, turns).map((decision, place) => ({
    turn: turns[place] as number,
    snapshot: decision.world.snapshot,
    chosen: decision.outcome.kind === "chosen" ? decision.outcome.contract : decision.outcome.code,
    root: decision.root,
  }));
  return { revision, digest, services: linesOf(snapshot), decisions };
}
