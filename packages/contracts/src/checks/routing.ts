/**
 * Routing: payload type -> operation is total over the plan's payload types and unambiguous, and the plan follows it.
 *
 * @module
 */
import { contractDigestOf, type RegistrySnapshot } from "../registry-snapshot.ts";
import type { RunRecord } from "./record.ts";
import { type CoreContractResult, Tally } from "./tally.ts";

export function checkRouting(record: Pick<RunRecord, "plan" | "snapshot">): CoreContractResult {
  const { plan, snapshot } = record;
  const tally = new Tally("routing");
  const routes = routesOf(tally, snapshot);
  const contracts = new Map(
    snapshot.operations.map((contract) => [`${contract.operation}@${contract.version}`, contract]),
  );
  const digests = new Map([...contracts].map(([key, contract]) => [key, contractDigestOf(contract)]));
  for (const task of plan.tasks) {
    tally.check();
    const key = `${task.operation}@${task.version}`;
    const routed = routes.get(task.payloadType);
    if (routed === undefined) {
      tally.violate("payload-unknown", task.payloadType, `payload type \`${task.payloadType}\` has no operation`);
    } else if (routed !== key) {
      tally.violate(
        "route-mismatch",
        task.id,
        `\`${task.payloadType}\` routes to \`${routed}\`, the task names \`${key}\``,
      );
    } else if (!contracts.has(key)) {
      tally.violate("operation-unknown", key, `operation \`${key}\` is not in the registry snapshot`);
    } else if (digests.get(key) !== task.contract) {
      tally.violate("contract-mismatch", task.id, `the task was planned under another contract of \`${key}\``);
    }
  }
  return tally.result({
    payloadTypes: [...new Set(plan.tasks.map((task) => task.payloadType))].sort(),
    registry: plan.registry,
  });
}

function routesOf(tally: Tally, snapshot: RegistrySnapshot): Map<string, string> {
  const routes = new Map<string, string>();
  for (const { payloadType, operation, version } of snapshot.routes) {
    tally.check();
    const key = `${operation}@${version}`;
    const other = routes.get(payloadType);
    if (other === undefined) routes.set(payloadType, key);
    else
      tally.violate(
        "route-ambiguous",
        payloadType,
        `payload type \`${payloadType}\` routes to \`${other}\` and \`${key}\``,
      );
  }
  return routes;
}
