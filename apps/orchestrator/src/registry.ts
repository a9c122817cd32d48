/**
 * The registries of the loaded packs, one for each mode, and which pack runs what.
 *
 * Invariants:
 *   G1. A snapshot holds contracts of one mode only: a live plan cannot name a dry run's operation.
 *   G2. A task is run by a pack that has its very contract, and an adapter for its mode; otherwise nothing begins.
 *
 * @module
 */
import {
  byVersion,
  contractDigestOf,
  type Digest,
  domainOf,
  type JsonValue,
  type Mode,
  methodOf,
  type OperationContract,
  type OperationId,
  type Plan,
  type RegistrySnapshot,
  type Task,
} from "@canonic/contracts";
import { createRegistry, type FrozenRegistry, type Registry, routerOf } from "@canonic/registry";
import type { Router } from "@canonic/runner";
import { OrchestratorError } from "./errors.ts";
import type { Pack } from "./pack.ts";
import { REQUEST_SCHEMA } from "./request/schema.ts";

/** One pack's contracts and routes of a mode; its payload types of that mode are the closed list. */
export function freezeRegistry(packs: readonly Pack[], mode: Mode): FrozenRegistry {
  const registry = createRegistry();
  const present = new Set(registerAll(registry, packs, mode).map(keyOf));
  const elsewhere = new Set<string>();
  for (const { routes } of packs) {
    for (const { payloadType, operation, version } of routes) {
      if (present.has(keyOf({ operation, version }))) registry.route(payloadType, operation, version);
      else if (hasOperation(packs, { operation, version })) elsewhere.add(payloadType);
      else registry.route(payloadType, operation, version);
    }
  }
  const payloadTypes = packs.flatMap((pack) => pack.payloadTypes).filter((type) => !elsewhere.has(type));
  return registry.freeze([...new Set(payloadTypes)]);
}

/** All operations of all packs of a mode under their own names: `domain/method`, and each version of it. */
export function freezeDirect(packs: readonly Pack[], mode: Mode): FrozenRegistry {
  const registry = createRegistry();
  const contracts = registerAll(registry, packs, mode).toSorted((a, b) => byVersion(a.version, b.version));
  const newest = new Map(contracts.map(({ operation, version }) => [operation, version]));
  const routes = [
    ...[...newest].map(([operation, version]) => ({ type: directRoute(operation), operation, version })),
    ...contracts.map(({ operation, version }) => ({ type: directRoute(operation, version), operation, version })),
  ];
  for (const { type, operation, version } of routes) registry.route(type, operation, version);
  return registry.freeze(routes.map(({ type }) => type));
}

/** The payload type of an operation under its own name; without a version, of the newest. */
export function directRoute(operation: OperationId, version?: string): string {
  const name = `${domainOf(operation)}/${methodOf(operation)}`;
  return version === undefined ? name : `${name}/v${version.replaceAll(".", "-")}`;
}

/** Routes tasks by the snapshot that the plan was made under. */
export function routerFor(plan: Plan, snapshot: RegistrySnapshot): Router {
  const route = routerOf(snapshot);
  return {
    route: (task: Task) => {
      const verdict = route(task.payloadType);
      if (verdict.kind === "refuse") return { kind: "refuse", snapshot: plan.registry, reasons: verdict.reasons };
      const { contract } = verdict;
      return {
        kind: "allow",
        operation: contract.operation,
        version: contract.version,
        contract,
        snapshot: plan.registry,
      };
    },
  };
}

/** A pack with the module that runs its operations in a plan's mode, and the contracts that it runs there. */
export type Adapter = {
  readonly pack: Pack;
  readonly module: URL;
  readonly contracts: ReadonlyMap<Digest, OperationContract>;
};

/**
 * What runs a plan: the pack of each of its contracts, with the module for its mode.
 *
 * @throws {OrchestratorError} `orchestrator.operations-changed` when no loaded pack has a contract of the plan,
 *   `orchestrator.no-live-adapter` when one is there, but nothing that would run it live, and
 *   `orchestrator.no-dryrun-adapter`.
 */
export function adaptersFor(plan: Plan, packs: readonly Pack[]): readonly Adapter[] {
  const wanted = new Map(plan.tasks.map((task) => [task.contract, task]));
  const owners = new Map<Pack, Map<Digest, OperationContract>>();
  const served = new Set<Digest>();
  for (const pack of packs) {
    for (const contract of contractsOf(pack, plan.mode)) {
      const digest = contractDigestOf(contract);
      if (!wanted.has(digest) || served.has(digest)) continue;
      served.add(digest);
      owners.set(pack, (owners.get(pack) ?? new Map<Digest, OperationContract>()).set(digest, contract));
    }
  }
  const missing = [...wanted.values()].filter(({ contract }) => !served.has(contract));
  const adapters = [...owners].flatMap(([pack, contracts]) => {
    const module = pack.operationsModule instanceof URL ? pack.operationsModule : pack.operationsModule[plan.mode];
    return module === undefined ? [] : [{ pack, module, contracts }];
  });
  const unserved = [...wanted.values()].filter(
    ({ contract }) => !adapters.some(({ contracts }) => contracts.has(contract)),
  );
  const isNamed = (task: Task) => hasOperation(packs, task);
  if (unserved.length > 0 && unserved.every(isNamed) && missing.every((task) => !hasContract(packs, task, plan.mode))) {
    throw noAdapter(plan.mode, unserved);
  }
  if (missing.length === 0) return adapters;
  const names = missing.map(keyOf).sort();
  const loaded = [...new Set(packs.flatMap((pack) => contractsOf(pack, plan.mode)).map(keyOf))].sort();
  const has = loaded.length === 0 ? "none is loaded" : `loaded are \`${loaded.join("`, `")}\``;
  const message = `no loaded pack has the operations of this plan under their contracts: \`${names.join("`, `")}\`; ${has}`;
  throw new OrchestratorError("orchestrator.operations-changed", message, { missing: names });
}

/** The pack whose planner made a plan; undefined for one that a request asked for, of whatever packs. */
export function ownerOf(
  plan: Plan,
  artifacts: ReadonlyMap<Digest, JsonValue>,
  adapters: readonly Adapter[],
): Pack | undefined {
  const request = artifacts.get(plan.request);
  const isDirect =
    typeof request === "object" && request !== null && "schema" in request && request["schema"] === REQUEST_SCHEMA;
  const [only, second] = adapters;
  return isDirect || second !== undefined ? undefined : only?.pack;
}

export function contractsOf(pack: Pack, mode: Mode): readonly OperationContract[] {
  const all = "operations" in pack ? pack.operations.map(({ contract }) => contract) : pack.contracts;
  return all.filter((contract) => contract.mode === mode);
}

function registerAll(registry: Registry, packs: readonly Pack[], mode: Mode): OperationContract[] {
  const contracts = packs.flatMap((pack) => [...contractsOf(pack, mode)]);
  for (const contract of contracts) registry.describe(contract);
  return contracts;
}

type Versioned = { readonly operation: string; readonly version: string };

function keyOf({ operation, version }: Versioned): string {
  return `${operation}@${version}`;
}

function hasOperation(packs: readonly Pack[], wanted: Versioned): boolean {
  return (["dryrun", "live"] as const).some((mode) => hasContract(packs, wanted, mode));
}

function hasContract(packs: readonly Pack[], wanted: Versioned, mode: Mode): boolean {
  return packs.some((pack) => contractsOf(pack, mode).some((contract) => keyOf(contract) === keyOf(wanted)));
}

function noAdapter(mode: Mode, tasks: readonly Task[]): OrchestratorError {
  const operations = [...new Set(tasks.map(keyOf))].sort();
  const code = mode === "live" ? "orchestrator.no-live-adapter" : "orchestrator.no-dryrun-adapter";
  const kind = mode === "live" ? "live" : "dry-run";
  const message = `no ${kind} adapter is registered for \`${operations.join("`, `")}\`: nothing has begun`;
  return new OrchestratorError(code, message, { operations });
}
