/**
 * The router of a run whose tasks were planned for capabilities: it decides again for whoever the run's token names.
 *
 * Invariants:
 *   T1. A routed task goes where deciding again in its planned world leads; whether that is what was planned is for the runner to see.
 *   T2. Before a token is valid nobody is known, and nothing is decided: such a route carries no decision, and the runner runs nothing by it.
 *   T3. What cannot be decided is refused.
 *
 * @module
 */
import type { PlannedWorlds } from "@canonic/caio/planned";
import { isCaioError } from "@canonic/caio/request";
import {
  canonicalBytes,
  type Digest,
  digestBytes,
  type JsonObject,
  type JsonValue,
  type Payload,
  type Plan,
  PlannedWorld,
  parseCanonicalJson,
  type Reason,
  type RegistrySnapshot,
  type RouteDecision,
  type RouteIdentity,
  RouteRequest,
  routeIdentityOf,
  type Task,
  TokenClaims,
} from "@canonic/contracts";
import type { Authority, Route, Router, TokenDecision } from "@canonic/runner";
import { routerFor } from "../registry.ts";
import { operationOf } from "./operation-services.ts";

/** Learns from validations who the token names; undefined before one, null for a token that gives no identity. */
export class TokenHolder {
  identity: RouteIdentity | null | undefined;

  /** The same authority; what its validations allow is remembered here. */
  watch(authority: Authority): Authority {
    return {
      ...authority,
      validate: async (plan, run) => {
        const decision = await authority.validate(plan, run);
        this.identity = identityIn(decision);
        return decision;
      },
    };
  }
}

function identityIn({ kind, claims, token }: TokenDecision): RouteIdentity | null | undefined {
  if (kind === "refuse" || claims === null) return undefined;
  return routeIdentityOf(TokenClaims.parse(parseCanonicalJson(claims.bytes)), token) ?? null;
}

/** Routes plain tasks by the plan's snapshot, and routed ones by deciding again; `worlds` is null for a plan without any. */
export function routerOfTasks(
  plan: Plan,
  snapshot: RegistrySnapshot,
  artifacts: ReadonlyMap<Digest, JsonValue>,
  holder: Pick<TokenHolder, "identity">,
  worlds: PlannedWorlds | null,
): Router {
  const plain = routerFor(plan, snapshot);
  if (worlds === null) return plain;
  return {
    route: (task) => {
      const { identity } = holder;
      if (task.route === undefined || identity === undefined) return plain.route(task);
      return identity === null
        ? refuse(plan, [
            { code: "orchestrator.token-refused", place: "identity", message: "the token gives no identity" },
          ])
        : routed(worlds, task, task.route, identity);
    },
  };

  function routed(
    decider: PlannedWorlds,
    task: Task,
    { request, world }: NonNullable<Task["route"]>,
    identity: RouteIdentity,
  ): Route {
    try {
      const [asked, within] = [RouteRequest.parse(artifacts.get(request)), PlannedWorld.parse(artifacts.get(world))];
      const decision = decider.decide(within, world, asked, identity).record();
      return { ...targetOf(task, within, decision.outcome), decision: payloadOf(decision) };
    } catch (error) {
      if (!isCaioError(error)) throw error;
      return refuse(plan, [{ code: error.code, place: task.id, message: "the route cannot be decided again" }]);
    }
  }

  function targetOf(task: Task, { snapshot: services }: PlannedWorld, outcome: Outcome): Route {
    if (outcome.kind === "refused")
      return refuse(plan, [{ code: outcome.code, place: task.id, message: "no service of the planned world answers" }]);
    const chosen = services.services.find(
      ({ contract }) => contract.service === outcome.service && contract.version === outcome.version,
    );
    const contract = chosen && operationOf(chosen.contract, snapshot.operations);
    if (contract === undefined) {
      const message = `service \`${outcome.service}\` is chosen, and its operation is not the plan's`;
      return refuse(plan, [{ code: "runner.route-differs", place: "service", message }]);
    }
    const { operation, version } = contract;
    return { kind: "allow", operation, version, contract, snapshot: plan.registry };
  }
}

type Outcome = RouteDecision["outcome"];

/** The bytes that the event names. */
function payloadOf(decision: RouteDecision): Payload {
  const bytes = canonicalBytes(decision as unknown as JsonObject);
  return { digest: digestBytes(bytes), bytes };
}

function refuse({ registry }: Plan, reasons: readonly Reason[]): Route {
  return { kind: "refuse", snapshot: registry, reasons };
}
