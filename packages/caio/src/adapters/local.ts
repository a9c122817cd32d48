/**
 * Services that are functions of this process.
 *
 * @module
 */
import type { JsonValue } from "@canonic/contracts";
import type { ServiceAdapter } from "../execute/adapter.ts";
import { adapterMissing } from "../execute/call-failed.ts";

/** What it returns is copied, what it throws is not repeated. It should stop when `signal` is aborted; nobody waits for it then. */
export type LocalOperation = (input: JsonValue, context: { readonly signal: AbortSignal }) => unknown;

/** @param operations - By `OPERATION@VERSION`, as in a contract's `api`. */
export function localAdapter(operations: ReadonlyMap<string, LocalOperation>): ServiceAdapter {
  return {
    kind: "operation",
    async open({ api }) {
      const operation = api.kind === "operation" ? operations.get(`${api.operation}@${api.version}`) : undefined;
      if (operation === undefined) throw adapterMissing("operation", null);
      return {
        async call({ input, signal }) {
          return { output: await operation(input, { signal }), quantities: {}, usage: "none" };
        },
        ping: async () => {},
        close: async () => {},
      };
    },
  };
}
