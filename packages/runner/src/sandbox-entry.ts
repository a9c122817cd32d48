/**
 * The sandbox process: one call of one untrusted operation, and the end.
 *
 * Everything that this file needs is taken before the operation's module is loaded; after `close…` nothing of the runtime is
 * in reach by name, by import or by a global. The intrinsics are frozen by the runtime, so what is called here later is
 * what was there before.
 *
 * Invariants:
 *   E1. Nothing is loaded before the process has shown that it lacks the rights it must not have.
 *   E2. The channel is a file descriptor in this module's scope. Nothing else is open, and nothing waits on it: an event
 *       loop with anything left in it was given that by the operation.
 *   E3. A result is said first and confirmed one turn later. Whatever runs in between ends the process as a violation. An
 *       abort is confirmed at once: what an abandoned operation would still do ends with the process.
 *
 * @module
 */
import { createHook } from "node:async_hooks";
import { readSync, writeSync } from "node:fs";
import { freezeDeep, type JsonObject, type Operation } from "@canonic/contracts";
import { attempt, failureOf } from "./attempt.ts";
import { isRunnerError } from "./errors.ts";
import { loadOperations } from "./operations-module.ts";
import { closeGlobals } from "./sandbox-globals.ts";
import { closeModules, violateIfDenied } from "./sandbox-modules.ts";
import { closeNetwork } from "./sandbox-network.ts";
import type { SandboxCall, SandboxOpening, SandboxReply } from "./sandbox-protocol.ts";
import type { Violate } from "./sandbox-traps.ts";

const CHANNEL = 3;
const EXPORTS = new URL(
  import.meta.url.endsWith(".ts") ? "./sandbox-exports.ts" : "./sandbox-exports.js",
  import.meta.url,
).href;
const { source } = (await import(EXPORTS)) as typeof import("./sandbox-exports.ts");

const runtime = process;
const nextTurn = setImmediate;
const performanceNow = performance.now.bind(performance);
let rest = Buffer.alloc(0);
let isGiven = false;

const { secret, modules, roots } = JSON.parse(readLine()) as SandboxOpening;
const violate: Violate = (category, attempted) => {
  say({ kind: "violation", violation: { category, attempted } });
  return leave();
};
const lacking = missingProtection();
if (lacking !== null) {
  say({ kind: "unfit", lacking });
  leave();
}
runtime.on("uncaughtException", (error) => {
  if (isGiven) violate("autonomous-continuation", "after the result");
  say({ kind: "failed", failure: failureOf(error) });
  leave();
});
/** On Node 22 these use globals when they are first loaded, and a trap asks for the names in them. */
for (const early of ["worker_threads", "inspector"]) builtin(early);
closeNetwork(violate);
closeModules({ violate, roots, source, sourceUrl: EXPORTS, builtin });
closeGlobals(violate, membersOf(runtime));
say({ kind: "ready" });
void answer(JSON.parse(readLine()) as SandboxCall);

async function answer({ contract, input, entitlement }: SandboxCall): Promise<void> {
  const loaded = await loadOperations(modules, {}).catch((error: unknown) => {
    say({ kind: "failed", failure: failureOf(error) });
    return leave();
  });
  const operation = loaded.byContract.get(contract);
  say({ kind: operation === undefined ? "unknown-operation" : "loaded" });
  if (operation === undefined) return leave();
  const known = [...loaded.byContract.values()].map(reporting);
  try {
    const parameters = freezeDeep(JSON.parse(input) as JsonObject);
    const execution = await attempt(reporting(operation), parameters, entitlement, performanceNow, known);
    isGiven = true;
    say({ kind: "given", execution });
    if (execution.kind === "aborted") confirm();
  } catch (error) {
    if (!isRunnerError(error) || error.code !== "runner.dependency-invalid") throw error;
    say({ kind: "dependency-invalid", fault: error.details });
    leave();
  }
  waitForQuiet();
}

/** Node's own refusals become violations, also where the operation would have hidden them in a failure. */
function reporting({ contract, run }: Operation): Operation {
  return {
    contract,
    run: async (input, context) => {
      try {
        return await run(input, context);
      } catch (error) {
        return violateIfDenied(violate, error);
      }
    },
  };
}

/** The one callback that may still run is our own immediate. */
function waitForQuiet(): void {
  let own = -1;
  createHook({
    init: (id, type) => {
      if (own === -1 && type === "Immediate") own = id;
    },
    before: (id) => {
      if (id !== own) violate("autonomous-continuation", "after the result");
    },
  }).enable();
  nextTurn(() => {
    if (runtime.getActiveResourcesInfo().length > 0) violate("autonomous-continuation", "pending after the result");
    confirm();
  });
}

function confirm(): never {
  say({ kind: "quiet" });
  return leave();
}

/** What an untrusted operation needs and this process does not have; null when nothing is missing. */
function missingProtection(): string | null {
  const { permission } = runtime;
  if (permission === undefined) return "permission model";
  for (const right of ["fs.write", "child", "worker", "wasi", "addon", "inspector"]) {
    if (permission.has(right)) return `refusal of ${right}`;
  }
  if (Object.keys(runtime.env).length > 0) return "empty environment";
  return Object.isFrozen(Object.prototype) ? null : "frozen intrinsics";
}

function builtin(module: string): object {
  return Object(runtime.getBuiltinModule(module) ?? runtime.getBuiltinModule(`node:${module}`));
}

/** The names that an object answers to, its own and inherited. */
function membersOf(value: object): ReadonlySet<string> {
  const above: object | null = Object.getPrototypeOf(value);
  return new Set([...Object.getOwnPropertyNames(value), ...(above === null ? [] : membersOf(above))]);
}

/** Buffers of this file are never taken from the runtime's pool: the operation can read what lies in that. */
function say(reply: SandboxReply): void {
  const text = `${JSON.stringify({ secret, ...reply })}\n`;
  const bytes = Buffer.alloc(Buffer.byteLength(text));
  bytes.write(text);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(CHANNEL, bytes, sent);
}

/** The next line of the parent; the process ends when there is none any more. */
function readLine(): string {
  const chunk = Buffer.alloc(65_536);
  for (;;) {
    const end = rest.indexOf(10);
    if (end >= 0) {
      const line = rest.toString("utf8", 0, end);
      rest = rest.subarray(end + 1);
      return line;
    }
    const size = readSync(CHANNEL, chunk);
    if (size === 0) leave();
    const joined = Buffer.alloc(rest.length + size);
    rest.copy(joined);
    chunk.copy(joined, rest.length, 0, size);
    rest = joined;
  }
}

function leave(): never {
  return runtime.exit(0);
}
