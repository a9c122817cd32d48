/**
 * The worker thread: loads its operations modules and runs one call at a time.
 *
 * Inputs arrive as JSON text and are frozen in depth before the operation sees them; what leaves is canonical JSON text or
 * the digest of a failure. When the pool closes, an idle worker lets its modules close what they connected.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import { freezeDeep, type JsonObject, type Operation } from "@canonic/contracts";
import { attempt, failureOf } from "./attempt.ts";
import { isRunnerError } from "./errors.ts";
import { type LoadedOperations, loadOperations } from "./operations-module.ts";
import type { WorkerCall, WorkerReply, WorkerRequest, WorkerStart } from "./worker-messages.ts";

const port = parentPort;
if (port === null) throw new Error("assertion failed: this module runs in a worker thread");
const reply = (message: WorkerReply): void => port.postMessage(message);

/** Of everything, only a monotonic difference is taken from it. */
const monotonicMs = (): number => performance.now();

const loaded = await load();
if (loaded !== null) {
  const { byContract, close } = loaded;
  const known = [...byContract.values()];
  port.on("message", (request: WorkerRequest) => {
    if (request.kind === "call") void answer(byContract, known, request.call).then(reply);
    else void close().then(leave, leave);
  });
  reply({ kind: "ready" });
}

async function load(): Promise<LoadedOperations | null> {
  const { modules, resources } = workerData as WorkerStart;
  try {
    return await loadOperations(modules, freezeDeep(resources));
  } catch (error) {
    reply({ kind: "broken", reason: failureOf(error) });
    return null;
  }
}

async function answer(
  byContract: LoadedOperations["byContract"],
  known: readonly Operation[],
  call: WorkerCall,
): Promise<WorkerReply> {
  const operation = byContract.get(call.contract);
  if (operation === undefined) return { kind: "unknown-operation" };
  const input = freezeDeep(JSON.parse(call.input) as JsonObject);
  try {
    const execution = await attempt(operation, input, call.entitlement, monotonicMs, known);
    return { kind: "ended", execution };
  } catch (error) {
    if (isRunnerError(error) && error.code === "runner.dependency-invalid") {
      return { kind: "dependency-invalid", fault: error.details };
    }
    throw error;
  }
}

function leave(): void {
  port?.close();
}
