/**
 * Plan time: which operation a task gets that names a capability.
 *
 * @module
 */
import { PlannedWorlds } from "@canonic/caio";
import {
  type Digest,
  digestJson,
  type JsonObject,
  type JsonValue,
  type OperationContract,
  type PlannedRoute,
  type PlannedWorld,
  type RouteIdentity,
  type RouteRefusal,
  type RouteRequest,
} from "@canonic/contracts";
import { operationOf, plannableServices } from "./operation-services.ts";
import { deadliest, tallyOf } from "./route-report.ts";

/** The operation and where it was chosen, or why there is none. */
export type PlannedChoice =
  | {
      readonly kind: "chosen";
      readonly contract: OperationContract;
      readonly route: PlannedRoute;
      readonly service: string;
    }
  | {
      readonly kind: "refused";
      readonly code: RouteRefusal;
      readonly services: number;
      readonly clauses: readonly string[];
    };

/** Chooses in one world; what was asked and the world are kept for the plan. */
export class RoutePlanner {
  readonly #world: PlannedWorld;
  readonly #digest: Digest;
  readonly #identity: RouteIdentity | null;
  readonly #operations: readonly OperationContract[];
  readonly #worlds = new PlannedWorlds();
  readonly artifacts = new Map<Digest, JsonValue>();

  /** @param world - With all services of a catalogue; those that are no operation of these are left out of the plan's. */
  constructor(
    world: Omit<PlannedWorld, "schema">,
    operations: readonly OperationContract[],
    identity: RouteIdentity | null,
  ) {
    const snapshot = plannableServices(world.snapshot, operations);
    this.#world = { schema: "canonic/route-world/v1", ...world, snapshot };
    this.#digest = digestJson(this.#world as unknown as JsonObject);
    this.#identity = identity;
    this.#operations = operations;
  }

  choose(request: RouteRequest): PlannedChoice {
    const decided = this.#worlds.decide(this.#world, this.#digest, request, this.#identity);
    const decision = decided.record();
    const { outcome, counts } = decision;
    if (outcome.kind === "refused") {
      const clauses = deadliest(tallyOf(decided), decision).map(({ clause }) => clause);
      return { kind: "refused", code: outcome.code, services: counts.services, clauses };
    }
    const contract = operationOf(decided.world.entry(decided.chosen as number).contract, this.#operations);
    if (contract === undefined) throw new Error("assertion: only services that are operations are in the world");
    const asked = digestJson(request as unknown as JsonObject);
    this.artifacts.set(asked, request as unknown as JsonObject);
    this.artifacts.set(this.#digest, this.#world as unknown as JsonObject);
    return { kind: "chosen", contract, route: { request: asked, world: this.#digest }, service: outcome.service };
  }
}
