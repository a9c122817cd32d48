/**
 * Operations by the trust that their contract states.
 *
 * @module
 */
import type { OperationsPort } from "./ports.ts";

/** Sends each call where its contract belongs; closing closes both. */
export function createIsolatedOperations(ports: {
  readonly trusted: OperationsPort;
  readonly untrusted: OperationsPort;
}): OperationsPort {
  const { trusted, untrusted } = ports;
  return {
    execute(task, input, contract, entitlement) {
      const port = contract.isolation === "untrusted" ? untrusted : trusted;
      return port.execute(task, input, contract, entitlement);
    },
    async close() {
      await Promise.all([trusted.close(), untrusted.close()]);
    },
  };
}
