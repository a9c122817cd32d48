/** Calls operations of a test module through the sandbox port, as the runner would. */
import { contractDigestOf, type JsonObject, type Operation, type Task, type TaskId } from "@canonic/contracts";
import type { Entitlement, Execution, OperationsPort } from "@canonic/runner";

const NOTHING: Entitlement = {
  task: "task_00000000000000000000" as TaskId,
  seed: null,
  now: null,
  idempotencyKey: null,
  fence: null,
};

export function moduleUrl(name: string): URL {
  return new URL(`./operations/${name}.ts`, import.meta.url);
}

export function callOf(port: OperationsPort, operations: readonly Operation[]) {
  return (name: string, input: JsonObject = {}, entitlement: Partial<Entitlement> = {}): Promise<Execution> => {
    const contract = operations.find((one) => one.contract.operation === `untrusted.${name}`)?.contract;
    if (contract === undefined) throw new Error(`no operation ${name}`);
    const task = {
      id: NOTHING.task,
      operation: contract.operation,
      version: contract.version,
      contract: contractDigestOf(contract),
    } as Task;
    return port.execute(task, input, contract, { ...NOTHING, ...entitlement });
  };
}
