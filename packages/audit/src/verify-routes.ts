/**
 * Tasks whose operation was chosen for a capability: that the run decided again, in the planned world, for whoever its token names, and
 * that nothing but the choice ran.
 *
 * Invariants:
 *   U1. A routed task has a decision in front of it, and only a routed task has one; the decision is of the task's request and world,
 *       without health, at the moment of all planned decisions, for the identity of the token that was validated last.
 *   U2. What a decision refuses or chooses otherwise than planned is refused by its event, for exactly this reason.
 *   U3. Whether the choice follows from request, world and identity is asked of a port: the verifier itself has no router. Without one, or
 *       where the port gives up, the verdict is left open, never VALID.
 *
 * @see docs/routing.md, docs/evidence-format.md
 * @module
 */
import {
  canonicalJson,
  type Digest,
  digestJson,
  type EventData,
  type JsonValue,
  type OperationContract,
  PLANNED_AT,
  PlannedWorld,
  RouteDecision,
  type RouteIdentity,
  RouteRequest,
  routeIdentityOf,
  serviceContractDigestOf,
  type Task,
  TokenClaims,
} from "@canonic/contracts";
import { artifactPath } from "./bundle-layout.ts";
import type { VerifyContext, VerifyOpening, VerifyReader } from "./verify-context.ts";
import type { Planned } from "./verify-plan.ts";

/** One planned decision and all that it was made from. */
export interface RouteQuestion {
  readonly decision: RouteDecision;
  readonly request: RouteRequest;
  readonly identity: RouteIdentity;
  readonly world: PlannedWorld;
  /** Of `world`: equal digests are equal worlds. */
  readonly worldDigest: Digest;
}

/** Decides again; the places where the decision is not what its inputs give, none when it is, null where that would cost too much. */
export interface RoutePort {
  rederive(question: RouteQuestion): readonly { readonly pointer: string; readonly expected: string }[] | null;
}

type Routed = {
  readonly place: string;
  readonly task: Task;
  readonly data: EventData<"ROUTING_DECISION">;
  readonly token: { readonly digest: Digest; readonly claims: Digest | null } | undefined;
};

export function routesReader(_opening: VerifyOpening, planned: Planned): VerifyReader {
  const routed: Routed[] = [];
  let token: Routed["token"];
  return {
    next(event, { place }) {
      if (event.type === "TOKEN_VALIDATION" && event.data.decision === "allow")
        token = { digest: event.data.token, claims: event.data.claims };
      if (event.type !== "ROUTING_DECISION") return;
      const task = planned.plan.tasks[planned.positions.get(event.subject) ?? -1];
      if (task === undefined || (task.route === undefined && event.data.route === undefined)) return;
      routed.push({ place, task, data: event.data, token });
    },
    async end(context) {
      const worlds = new Map<Digest, PlannedWorld | undefined>();
      const { routes } = context.options;
      const isRouted = routed.some(({ task }) => task.route !== undefined);
      const port = typeof routes !== "function" ? routes : isRouted ? await routes() : undefined;
      for (const one of routed) verifyRoute(context, port, one, worlds);
      if (!isRouted || port !== undefined) return;
      context.findings.open("route-not-derived", "plan.json", "routed tasks cannot be decided again here");
    },
  };
}

function verifyRoute(
  context: VerifyContext,
  port: RoutePort | undefined,
  routed: Routed,
  worlds: Map<Digest, PlannedWorld | undefined>,
): void {
  const { findings } = context;
  const { place, task, data, token } = routed;
  if (task.route === undefined) {
    findings.invalid(
      "route-unplanned",
      place,
      `\`${task.id}\` is decided by a router, and its operation was not routed`,
    );
    return;
  }
  if (data.route === undefined) {
    if (data.decision === "allow")
      findings.invalid("route-missing", place, `no decision chose the operation of \`${task.id}\``);
    else findings.open("route-undecided", place, `\`${task.id}\` was refused without a decision`);
    return;
  }
  const untrue = (message: string) => findings.invalid("route-untrue", place, message);
  const decision = read(context, RouteDecision, data.route, "the decision of a routed task");
  const request = read(context, RouteRequest, task.route.request, "the request of a routed task");
  const claims = token?.claims && read(context, TokenClaims, token.claims, "the claims of the token");
  if (!worlds.has(task.route.world))
    worlds.set(task.route.world, read(context, PlannedWorld, task.route.world, "the world of a routed task"));
  const world = worlds.get(task.route.world);
  if (decision === undefined || request === undefined || world === undefined || !claims || token === undefined) return;
  const identity = routeIdentityOf(claims, token.digest);
  if (identity === undefined) {
    untrue("the token gives no identity that a router takes");
    return;
  }
  const names = { snapshot: world.snapshot, rules: world.rules, observations: world.observations, identity };
  const expected = { ...names, scoreProfile: world.scoreProfile, privacyProfile: world.privacyProfile };
  for (const [name, value] of Object.entries(expected)) {
    const digest = value === null ? null : digestJson(value as JsonValue);
    if (decision.world[name as keyof typeof expected] !== digest)
      untrue(`the decision names another ${name} than plan and token`);
  }
  if (decision.request !== task.route.request) untrue("the decision is of another request than the task's");
  if (decision.at !== PLANNED_AT) untrue("the decision is not made at the moment of planned decisions");
  if (decision.world.authorization !== null)
    untrue("the decision names answers of policies, and no planned world has any");
  if (world.snapshot.services.some(({ health }) => health !== null)) untrue("the planned world has health");
  const refusal = refusalOf(decision, task, world, context.planned.contracts.get(task.contract));
  if (refusal === undefined) untrue("the decision chooses a service that the world does not have");
  else if (refusal !== null && (data.decision === "allow" || data.reasons[0]?.code !== refusal))
    untrue(`the decision gives \`${refusal}\`, the event says otherwise`);
  if (port === undefined) return;
  const differences = port.rederive({ decision, request, identity, world, worldDigest: task.route.world });
  if (differences === null)
    findings.open("route-not-derived", place, "deciding again costs more than a verifier spends");
  for (const { pointer, expected: value } of differences ?? [])
    findings.invalid("route-differs", place, `deciding again gives another \`${pointer}\`: ${value}`);
}

/**
 * The code that the event must refuse with; null when the planned operation was chosen, undefined for a choice that is none. A service
 * of another kind is chosen as its operation's: one whose contract names exactly that service's.
 */
function refusalOf(
  { outcome }: RouteDecision,
  task: Task,
  { snapshot }: PlannedWorld,
  planned: OperationContract | undefined,
): string | null | undefined {
  if (outcome.kind === "refused") return outcome.code;
  const entry = snapshot.services.find(
    ({ contract }) => contract.service === outcome.service && contract.version === outcome.version,
  );
  if (entry === undefined || serviceContractDigestOf(entry.contract) !== outcome.contract) return undefined;
  const { api } = entry.contract;
  if (api.kind !== "operation") return planned?.service === outcome.contract ? null : "runner.route-differs";
  const isPlanned = api.operation === task.operation && api.version === task.version;
  return isPlanned && (api.contract === null || api.contract === task.contract) ? null : "runner.route-differs";
}

type Schema<Value> = { safeParse(value: unknown): { readonly data?: Value | undefined } };

/** An artifact by its schema; undefined with a finding, open where it was redacted. */
function read<Value>(context: VerifyContext, schema: Schema<Value>, digest: Digest, what: string): Value | undefined {
  const { findings, planned, redacted } = context;
  const value = planned.artifacts.get(digest);
  if (value === undefined) {
    if (redacted.has(digest)) findings.open("route-not-derived", artifactPath(digest), `${what} was removed`);
    else findings.invalid("route-missing", artifactPath(digest), `${what} is missing`);
    return undefined;
  }
  const parsed = schema.safeParse(value).data;
  if (parsed !== undefined && canonicalJson(parsed as JsonValue) === canonicalJson(value)) return parsed;
  findings.invalid("route-malformed", artifactPath(digest), `${what} is not of its schema`);
  return undefined;
}
