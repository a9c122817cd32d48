/**
 * What stands of each version of each service, and what one action makes of it.
 *
 *     nothing ── register ──► probation ── promote ──► active
 *                     └────────────────────────────────►
 *     probation, active ── drain ──► draining ── resume ──► what it was
 *     probation, active, draining ── retire ──► retired
 *
 * Invariants:
 *   N1. A version that is registered keeps its contract; another one needs another version.
 *   N2. What is retired stays retired.
 *   N3. Probation ends by a promotion alone: neither draining nor registering again is a way around it.
 *   N4. An action that would change nothing is no change.
 *
 * @module
 */
import { byVersion, type Digest, type ServiceAction, type ServiceHealth, type ServiceState } from "@canonic/contracts";

/** Frozen. `resumes` is what it is, or was, when it does not drain; `signedBy` the key whose signature was verified. */
export interface ServiceStanding {
  readonly service: string;
  readonly version: string;
  readonly contract: Digest;
  readonly owner: string | null;
  readonly signedBy: string | null;
  readonly state: ServiceState;
  readonly resumes: "active" | "probation";
  readonly health: ServiceHealth | null;
}

export type Step =
  | { readonly kind: "changed"; readonly standing: ServiceStanding }
  | { readonly kind: "unchanged"; readonly standing: ServiceStanding }
  | { readonly kind: "refused"; readonly why: "unknown" }
  | { readonly kind: "refused"; readonly why: "exists" | "state"; readonly standing: ServiceStanding };

/** What `action` makes of what stood before it; pure. */
function stepOf(before: ServiceStanding | undefined, action: ServiceAction): Step {
  if (action.kind === "register") return registered(before, action);
  if (before === undefined) return { kind: "refused", why: "unknown" };
  const changed = (more: Partial<ServiceStanding>): Step => ({
    kind: "changed",
    standing: Object.freeze({ ...before, ...more }),
  });
  const unchanged: Step = { kind: "unchanged", standing: before };
  const refused: Step = { kind: "refused", why: "state", standing: before };
  const { state } = before;
  if (state === "retired") return action.kind === "retire" ? unchanged : refused;
  switch (action.kind) {
    case "drain":
      return state === "draining" ? unchanged : changed({ state: "draining" });
    case "resume":
      return state === "draining" ? changed({ state: before.resumes }) : unchanged;
    case "retire":
      return changed({ state: "retired", health: null });
    case "promote":
      if (state === "draining") return refused;
      return state === "active" ? unchanged : changed({ state: "active", resumes: "active" });
    case "health": {
      const { status, expiresAt } = action.health;
      const isSame = before.health?.status === status && before.health.expiresAt === expiresAt;
      return isSame ? unchanged : changed({ health: Object.freeze({ status, expiresAt }) });
    }
  }
}

function registered(before: ServiceStanding | undefined, action: ServiceAction & { readonly kind: "register" }): Step {
  if (before === undefined) {
    const { service, version, contract, owner, signedBy, state } = action;
    const standing = { service, version, contract, owner, signedBy, state, resumes: state, health: null };
    return { kind: "changed", standing: Object.freeze(standing) };
  }
  if (before.contract !== action.contract) return { kind: "refused", why: "exists", standing: before };
  const asksForMore = action.state === "active" && before.resumes === "probation";
  if (before.state === "retired" || asksForMore) return { kind: "refused", why: "state", standing: before };
  return { kind: "unchanged", standing: before };
}

/** All standings, by service, then version. */
export type Standings = ReadonlyMap<string, ReadonlyMap<string, ServiceStanding>>;

/** Changes to standings that are not made yet: what it was begun with stays as it is. */
export class StandingsDraft {
  readonly #base: Standings;
  /** The greatest version of each service that this draft registers. */
  readonly #registered = new Map<string, ServiceStanding>();
  /** By service and version; the last one of each. */
  readonly changed = new Map<string, ServiceStanding>();
  /** How many more standings there are than before. */
  added = 0;

  constructor(base: Standings) {
    this.#base = base;
  }

  /** The greatest version of a service, in whatever state. */
  newestOf(service: string): ServiceStanding | undefined {
    let newest = this.#registered.get(service);
    for (const standing of this.#base.get(service)?.values() ?? []) {
      if (newest === undefined || byVersion(standing.version, newest.version) > 0) newest = standing;
    }
    return newest;
  }

  get(service: string, version: string): ServiceStanding | undefined {
    return this.changed.get(`${service} ${version}`) ?? this.#base.get(service)?.get(version);
  }

  /** Takes an action; what is changed is in the draft. */
  take(action: ServiceAction): Step {
    const before = this.get(action.service, action.version);
    const step = stepOf(before, action);
    if (step.kind !== "changed") return step;
    if (before === undefined) {
      this.added += 1;
      const newest = this.#registered.get(action.service);
      if (newest === undefined || byVersion(action.version, newest.version) > 0) {
        this.#registered.set(action.service, step.standing);
      }
    }
    this.changed.set(`${action.service} ${action.version}`, step.standing);
    return step;
  }
}
