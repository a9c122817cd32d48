/**
 * Where a library may touch the ambient world, and why. Each entry is one name in
 * one file: a second file that wants the same must say its own reason.
 *
 * @module
 */
import type { Exception } from "./ambient.ts";

const runner = "packages/runner/src";
const store = "packages/store-sqlite/src";

export const ambientExceptions: readonly Exception[] = [
  ...["http.ts", "mcp.ts", "openai.ts"].map((file) => ({
    file: `packages/caio/src/adapters/${file}`,
    name: "fetch",
    reason: "the way to services of the network; a caller may give another, and no decision is made of what it brings",
  })),
  {
    file: "packages/audit/src/journal.ts",
    name: "setImmediate",
    reason: "the default end of a tick, at which a group commits; a caller may give another, and no byte depends on it",
  },
  {
    file: "packages/audit/src/tiles.ts",
    name: "node:fs/promises",
    reason: "a log's tiles are a folder of files, written in the place that the caller names",
  },
  ...[
    ["bundle-source.ts", "node:fs"],
    ["bundle-source.ts", "node:fs/promises"],
    ["export-target.ts", "node:fs/promises"],
    ["make-folder.ts", "node:fs/promises"],
    ["source-at.ts", "node:fs/promises"],
    ["tar-source.ts", "node:fs"],
    ["tar-source.ts", "node:fs/promises"],
  ].map(([file = "", name = ""]) => ({
    file: `packages/audit/src/${file}`,
    name,
    reason:
      "an evidence bundle is a folder of files: one file writes it, the other reads it, in the place that the caller names",
  })),
  {
    file: `${runner}/attempt.ts`,
    name: "setTimeout",
    reason: "the time limit of an operation's contract; it ends a run, it never decides an output",
  },
  {
    file: `${runner}/host.ts`,
    name: "setImmediate",
    reason: "lets other work of the process have its turn between tasks; results keep their positions",
  },
  {
    file: `${runner}/worker-operations.ts`,
    name: "setTimeout",
    reason: "the time limit of an operation in a worker, which cannot be trusted to keep it itself",
  },
  {
    file: `${runner}/worker-operations.ts`,
    name: "node:worker_threads",
    reason: "operations run in worker threads; this file and worker.ts are the two ends",
  },
  {
    file: `${runner}/worker.ts`,
    name: "node:worker_threads",
    reason: "operations run in worker threads; this file is the inner end",
  },
  {
    file: `${runner}/worker.ts`,
    name: "performance",
    reason:
      "a thread has no port to the host's clock; only the difference of two readings leaves, as a measured duration",
  },
  {
    file: "packages/store-postgres/src/checkpoint-file.ts",
    name: "node:fs",
    reason: "the checkpoint of a log in a database is a file outside it, in the folder that the caller names",
  },
  ...["open.ts", "open-authority.ts", "open-services.ts", "opening.ts", "read-only.ts", "checkpoint-file.ts"].map(
    (file) => ({
      file: `${store}/${file}`,
      name: "node:fs",
      reason: "a store keeps its files in the folder that its caller names",
    }),
  ),
  ...[
    "application.ts",
    "authority-schema.ts",
    "directory-lock.ts",
    "open.ts",
    "read-only.ts",
    "open-authority.ts",
    "open-services.ts",
    "schema.ts",
    "services-schema.ts",
    "statements.ts",
    "transaction.ts",
  ].map((file) => ({
    file: `${store}/${file}`,
    name: "node:sqlite",
    reason: "this package is the storage port on node:sqlite",
  })),
  ...[
    ["sandbox-process.ts", "node:child_process"],
    ["sandbox-process.ts", "process"],
    ["sandbox-process.ts", "setTimeout"],
    ["sandbox-process.ts", "randomBytes"],
    ["sandbox-operations.ts", "process"],
    ["sandbox-folders.ts", "node:fs"],
  ].map(([file = "", name = ""]) => ({
    file: `${runner}/${file}`,
    name,
    reason:
      "an untrusted operation runs in a process of its own: started, timed and killed here, with a fresh secret for its channel",
  })),
  ...["node:fs", "process", "performance", "setImmediate"].map((name) => ({
    file: `${runner}/sandbox-entry.ts`,
    name,
    reason: "the inner end of the sandbox: it talks over a descriptor and takes from the runtime what it then shuts",
  })),
  ...[
    ["sandbox-globals.ts", "globalThis"],
    ["sandbox-network.ts", "node:dgram"],
    ["sandbox-network.ts", "node:dns"],
    ["sandbox-network.ts", "node:net"],
  ].map(([file = "", name = ""]) => ({
    file: `${runner}/${file}`,
    name,
    reason: "shuts it for the operation of the process that it runs in",
  })),
];
