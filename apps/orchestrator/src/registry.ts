/**
 * The registry of all loaded packs, frozen before anything is planned.
 *
 * @module
 */
import type { Plan, RegistrySnapshot, Task } from "@canonic/contracts";
import { checkCompleteness, createRegistry, type FrozenRegistry, requirementsOf, routerOf } from "@canonic/registry";
import type { Router } from "@canonic/runner";
import { OrchestratorError } from "./errors.ts";
import type { Pack } from "./pack.ts";

/** Registers every operation and route of the packs; their payload types are the closed list. */
export function freezeRegistry(packs: readonly Pack[]): FrozenRegistry {
  const registry = createRegistry();
  for (const pack of packs) {
    for (const operation of pack.operations) registry.register(operation);
    for (const { payloadType, operation, version } of pack.routes) registry.route(payloadType, operation, version);
  }
  return registry.freeze([...new Set(packs.flatMap(({ payloadTypes }) => payloadTypes))]);
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

/**
 * The pack whose operations a plan uses, each under the very contract that it was planned with.
 *
 * @throws {OrchestratorError} `orchestrator.operations-changed` when no loaded pack has every contract of the plan.
 */
export function packFor(plan: Plan, packs: readonly Pack[]): Pack {
  const required = requirementsOf(plan);
  const pack = packs.find((candidate) => checkCompleteness(required, freezeRegistry([candidate])).complete);
  if (pack !== undefined) return pack;
  const missing = required.map(({ operation, version }) => `${operation}@${version}`);
  const message = `no loaded pack has the operations of this plan under their contracts: \`${missing.join("`, `")}\``;
  throw new OrchestratorError("orchestrator.operations-changed", message, { missing });
}
