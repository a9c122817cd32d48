/**
 * The contracts of a snapshot, found by what a task names.
 *
 * @module
 */
import type { OperationContract, RegistrySnapshot, Task } from "@canonic/contracts";

/** The contract of a task's operation and version; undefined where the snapshot has none. */
export function contractsOf({
  operations,
}: RegistrySnapshot): (task: Pick<Task, "operation" | "version"> | undefined) => OperationContract | undefined {
  const byName = new Map(operations.map((contract) => [`${contract.operation}@${contract.version}`, contract]));
  return (task) => (task === undefined ? undefined : byName.get(`${task.operation}@${task.version}`));
}
