/**
 * Operations in this thread: nothing to copy, nothing to start.
 *
 * Timeouts hold for operations that wait; one that keeps the thread is found out only when it returns. The memory limit
 * is not enforced here: a thread has no limit of its own. Both hold on worker threads.
 *
 * @module
 */
import { contractDigestOf, type Digest, type Operation } from "@canonic/contracts";
import { attempt } from "./attempt.ts";
import { RunnerError } from "./errors.ts";
import type { Clock, OperationsPort } from "./ports.ts";

/** Serves the given operations, found by the digest of their contract. */
export function createLocalOperations(operations: readonly Operation[], clock: Clock): OperationsPort {
  const byContract = new Map<Digest, Operation>(
    operations.map((operation) => [contractDigestOf(operation.contract), operation]),
  );
  const monotonicMs = (): number => clock.monotonicMs();
  let isClosed = false;
  return {
    async execute(task, input, _contract, entitlement) {
      const named = `${task.operation}@${task.version}`;
      if (isClosed)
        throw new RunnerError("runner.closed", `operations are closed, \`${named}\` cannot run`, {
          operation: task.operation,
        });
      const operation = byContract.get(task.contract);
      if (operation !== undefined) return attempt(operation, input, entitlement, monotonicMs, operations);
      const { operation: id, version } = task;
      throw new RunnerError("runner.operation-unknown", `no code for \`${named}\` under its contract`, {
        operation: id,
        version,
      });
    },
    async close() {
      isClosed = true;
    },
  };
}
