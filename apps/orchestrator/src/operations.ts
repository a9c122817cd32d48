/**
 * What executes the operations of a run: the modules of its packs, each on its own workers.
 *
 * Invariants:
 *   O1. A pack's module is connected with that pack's resources and no other's.
 *   O2. Untrusted operations run in a sandbox, whatever else their module holds.
 *   O3. Of all the runs of one command, at most one executes a write at any time.
 *   O4. A write that has waited for its turn is asked once more whether it may still be made, and withheld if not: what was
 *       let begin before a person halted the store does not begin after.
 *
 * @module
 */
import type { JsonObject, OperationContract } from "@canonic/contracts";
import {
  createIsolatedOperations,
  createSandboxOperations,
  createWorkerOperations,
  type Execution,
  type OperationsPort,
} from "@canonic/runner";
import type { Pack } from "./pack.ts";
import type { Adapter } from "./registry.ts";

/** Executes by the contract that each task names. */
export function operationsFor(
  adapters: readonly Adapter[],
  resourcesOf: (pack: Pack) => JsonObject,
  jobs: number,
): OperationsPort {
  const ports = adapters.map(({ pack, module, contracts }) => {
    const trusted = createWorkerOperations({ module, jobs, resources: resourcesOf(pack) });
    const hasUntrusted = [...contracts.values()].some(({ isolation }) => isolation === "untrusted");
    // A machine without a sandbox refuses here, before the run begins; where nothing is untrusted, nobody asks for one.
    const port = hasUntrusted
      ? createIsolatedOperations({ trusted, untrusted: createSandboxOperations({ module, jobs }) })
      : trusted;
    return { contracts, port };
  });
  return {
    execute(task, input, contract, entitlement) {
      const found = ports.find(({ contracts }) => contracts.has(task.contract));
      if (found === undefined) throw new Error("assertion: every contract of the plan has an adapter");
      return found.port.execute(task, input, contract, entitlement);
    },
    async close() {
      await Promise.all(ports.map(({ port }) => port.close()));
    },
  };
}

/** One write at a time across everything that shares it. */
export type WriteTurn = <T>(write: () => Promise<T>) => Promise<T>;

export function createWriteTurn(): WriteTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (write) => {
    const turn = last.then(write, write);
    last = turn.catch(() => undefined);
    return turn;
  };
}

const WITHHELD: Execution = { kind: "aborted", code: "runner.withheld", failure: null, operationMs: 0 };

/** The same operations, whose writes wait for their turn, and are made when `mayWrite` then says so. */
export function inTurn(
  port: OperationsPort,
  turn: WriteTurn,
  mayWrite: (contract: OperationContract) => boolean | Promise<boolean>,
): OperationsPort {
  return {
    execute(task, input, contract, entitlement) {
      const execute = () => port.execute(task, input, contract, entitlement);
      if (contract.effect !== "write") return execute();
      return turn(async () => ((await mayWrite(contract)) ? execute() : WITHHELD));
    },
    close: () => port.close(),
  };
}
