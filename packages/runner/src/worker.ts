/**
 * The worker thread: loads one operations module and runs one call at a time.
 *
 * The module exports `operations: readonly Operation[]`. Inputs arrive as JSON text and are frozen in depth before the
 * operation sees them; what leaves is canonical JSON text or the digest of a failure.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import {
  contractDigestOf,
  type Digest,
  freezeDeep,
  type JsonObject,
  type Operation,
  OperationContract,
} from "@canonic/contracts";
import { attempt, failureOf } from "./attempt.ts";
import type { WorkerCall, WorkerReply } from "./worker-messages.ts";

const port = parentPort;
if (port === null) throw new Error("assertion failed: this module runs in a worker thread");
const reply = (message: WorkerReply): void => port.postMessage(message);

/** Of everything, only a monotonic difference is taken from it. */
const monotonicMs = (): number => performance.now();

const byContract = await load((workerData as { readonly module: string }).module);
if (byContract !== null) {
  port.on("message", (call: WorkerCall) => {
    const operation = byContract.get(call.contract);
    if (operation === undefined) return reply({ kind: "unknown-operation" });
    const input = freezeDeep(JSON.parse(call.input) as JsonObject);
    void Promise.resolve(attempt(operation, input, call.entitlement, monotonicMs)).then((execution) =>
      reply({ kind: "ended", execution }),
    );
  });
  reply({ kind: "ready" });
}

async function load(url: string): Promise<Map<Digest, Operation> | null> {
  try {
    const { operations } = (await import(url)) as { readonly operations: readonly Operation[] };
    return new Map(
      operations.map((operation) => [contractDigestOf(OperationContract.parse(operation.contract)), operation]),
    );
  } catch (error) {
    reply({ kind: "broken", reason: failureOf(error) });
    return null;
  }
}
