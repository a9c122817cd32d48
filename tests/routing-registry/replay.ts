/**
 * The history, replayed another way than the registry does it: a plain fold over JSON. And what looks do not agree with it.
 *
 * @module
 */
import {
  byCodeUnit,
  byVersion,
  type Digest,
  type ServiceChange,
  type ServiceContract,
  type ServiceSnapshot,
  serviceSnapshotDigestOf,
} from "@canonic/contracts";
import { type Look, linesOf, routeOver } from "./looks.ts";

interface Replayed {
  contract: ServiceContract;
  state: "active" | "probation" | "draining" | "retired";
  before: "active" | "probation";
  health: { status: "healthy" | "unhealthy"; expiresAt: string } | null;
}

/** The snapshot of each of the revisions that are asked for. */
export function replay(
  changes: readonly ServiceChange[],
  contracts: ReadonlyMap<Digest, ServiceContract>,
  wanted: ReadonlySet<number>,
): Map<number, ServiceSnapshot> {
  const all = new Map<string, Replayed>();
  const found = new Map<number, ServiceSnapshot>();
  const keep = (revision: number) => {
    if (!wanted.has(revision)) return;
    const services = [...all.values()]
      .map(({ contract, state, health }) => ({ contract, state, health: health && { ...health } }))
      .sort(
        (a, b) =>
          byCodeUnit(a.contract.service, b.contract.service) || byVersion(a.contract.version, b.contract.version),
      );
    found.set(revision, { schema: "canonic/service-snapshot/v1", revision, services });
  };
  keep(0);
  for (const { revision, actions } of changes) {
    for (const action of actions) {
      const key = `${action.service} ${action.version}`;
      if (action.kind === "register") {
        const contract = contracts.get(action.contract);
        if (contract === undefined) throw new Error(`no contract of ${key}`);
        all.set(key, { contract, state: action.state, before: action.state, health: null });
        continue;
      }
      const one = all.get(key);
      if (one === undefined) throw new Error(`${action.kind} of ${key}, which is not there`);
      if (action.kind === "drain") [one.before, one.state] = [one.state as "active", "draining"];
      if (action.kind === "resume") one.state = one.before;
      if (action.kind === "promote") one.state = "active";
      if (action.kind === "health") one.health = action.health;
      if (action.kind === "retire") all.delete(key);
    }
    keep(revision);
  }
  return found;
}

/** Every way in which a look saw something else than one whole revision. `rerouted` looks are decided again. */
export function faultsOf(
  looks: readonly Look[],
  snapshots: ReadonlyMap<number, ServiceSnapshot>,
  rerouted: number,
): string[] {
  const faults: string[] = [];
  const known = new Map<number, { readonly digest: string; readonly lines: readonly string[] }>();
  const every = Math.max(1, Math.floor(looks.length / rerouted));
  for (const [place, look] of looks.entries()) {
    const snapshot = snapshots.get(look.revision);
    if (snapshot === undefined) {
      faults.push(`${look.revision}: a revision that the history has not`);
      continue;
    }
    const truth = known.get(look.revision) ?? { digest: serviceSnapshotDigestOf(snapshot), lines: linesOf(snapshot) };
    known.set(look.revision, truth);
    if (look.digest !== truth.digest) faults.push(`${look.revision}: another digest`);
    if (look.services.join("\n") !== truth.lines.join("\n"))
      faults.push(`${look.revision}: services of another revision`);
    for (const { snapshot: decided } of look.decisions) {
      if (decided !== truth.digest) faults.push(`${look.revision}: a decision over another world`);
    }
    if (place % every !== 0) continue;
    const again = routeOver(
      snapshot,
      look.decisions.map(({ turn }) => turn),
    );
    for (const [nth, { root }] of again.entries()) {
      if (root !== look.decisions[nth]?.root) faults.push(`${look.revision}: another decision`);
    }
  }
  return faults;
}
