/**
 * Executes operations of the loaded packs for a verifier: what a bundle says was given, to the code that is here.
 *
 * Invariants:
 *   R1. An operation is executed only under its very contract, by the adapter for its mode, and never one that writes.
 *   R2. A pack gets no resources: evidence of strangers opens nobody's database. A read that fails without them is
 *       unavailable, not different.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import type { ReplayAnswer, ReplayPort, ReplayRequest } from "@canonic/audit";
import { contractDigestOf, type Digest, type OperationContract } from "@canonic/contracts";
import type { OperationsPort } from "@canonic/runner";
import { operationsFor } from "./operations.ts";
import type { Pack } from "./pack.ts";
import { type Adapter, contractsOf } from "./registry.ts";

export type Replay = ReplayPort & { close(): Promise<void> };

export function replayBy(packs: readonly Pack[]): Replay {
  const ports = new Map<Digest, OperationsPort | undefined>();
  const portOf = ({ task, contract }: ReplayRequest) => {
    if (!ports.has(task.contract)) {
      const adapter = adapterOf(packs, task.contract, contract);
      ports.set(task.contract, adapter && operationsFor([adapter], () => ({}), Math.min(availableParallelism(), 2)));
    }
    return ports.get(task.contract);
  };
  return {
    execute: async (request) => {
      const port = request.contract.effect === "write" ? undefined : portOf(request);
      return port === undefined ? { kind: "unavailable" } : execute(port, request);
    },
    close: async () => {
      for (const port of ports.values()) await port?.close();
    },
  };
}

async function execute(port: OperationsPort, { task, contract, input, seed }: ReplayRequest): Promise<ReplayAnswer> {
  const entitlement = { task: task.id, seed, now: null, idempotencyKey: null, fence: null };
  const execution = await port.execute(task, input, contract, entitlement);
  if (execution.kind === "completed") return { kind: "completed", output: Buffer.from(execution.output, "utf8") };
  return contract.effect === "read" ? { kind: "unavailable" } : { kind: "failed", code: execution.code };
}

/** The pack that has the contract (R1), with the module that runs it. */
function adapterOf(packs: readonly Pack[], digest: Digest, { mode }: OperationContract): Adapter | undefined {
  for (const pack of packs) {
    const contract = contractsOf(pack, mode).find((one) => contractDigestOf(one) === digest);
    const module = pack.operationsModule instanceof URL ? pack.operationsModule : pack.operationsModule[mode];
    if (contract !== undefined && module !== undefined)
      return { pack, module, contracts: new Map([[digest, contract]]) };
  }
  return undefined;
}
