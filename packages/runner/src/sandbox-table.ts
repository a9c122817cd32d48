/**
 * What an untrusted operation may reach of the runtime, what it may not, and under which name an attempt is reported.
 *
 * Invariants:
 *   T1. The vocabulary is closed: a reported name is made of the words of this file and of the runtime's own lists of
 *       builtin modules, exports and process members, never of the operation's text.
 *   T2. What is in no list is refused: a new builtin module is a trap until it is named here.
 *
 * @module
 */
import type { BoundaryCategory } from "@canonic/contracts";

/**
 * Builtin modules of which the functions are given: they compute, and hold no handle. Not `events`: the runtime's own
 * process is an emitter, and who changes what all emitters share is handed it.
 */
export const OPEN_MODULES: ReadonlySet<string> = new Set([
  "path",
  "path/posix",
  "path/win32",
  "querystring",
  "string_decoder",
  "url",
  "util/types",
]);

/** Of `node:buffer`, what does not lead to streams. */
export const OPEN_BUFFER: readonly string[] = [
  "Buffer",
  "atob",
  "btoa",
  "isAscii",
  "isUtf8",
  "kMaxLength",
  "transcode",
];

/** Of `node:crypto`, what is a function of its input and runs on this thread; the rest draws randomness or threads. */
export const OPEN_CRYPTO: readonly string[] = ["createHash", "createHmac", "timingSafeEqual"];

const MODULES: ReadonlyMap<string, BoundaryCategory> = new Map([
  ...names("processes", "child_process"),
  ...names("forks", "cluster"),
  ...names("threads", "worker_threads", "zlib"),
  ...names("scheduling", "timers", "timers/promises", "stream", "stream/promises", "stream/web", "stream/consumers"),
  ...names(
    "file-access",
    "fs",
    "fs/promises",
    "wasi",
    "readline",
    "readline/promises",
    "tty",
    "assert",
    "assert/strict",
  ),
  ...names("network-access", "net", "http", "https", "http2", "tls", "dgram", "dns", "dns/promises"),
  ...names("network-access", "inspector", "inspector/promises"),
  ...names("environment-access", "process", "os", "perf_hooks", "constants", "crypto", "util", "sys", "console", "sea"),
  ...names("audit-access", "sqlite", "diagnostics_channel", "trace_events", "async_hooks"),
  ...names("recursion", "test", "test/reporters", "repl"),
]);

/** The category of a builtin module, named without `node:`; what this file does not know changes the runtime. */
export function categoryOfModule(name: string): BoundaryCategory {
  return MODULES.get(name) ?? (/^_(http|tls|stream)/.test(name) ? "network-access" : "configuration-changes");
}

/** An export that belongs elsewhere than its module. */
export function categoryOfExport(module: string, name: string): BoundaryCategory {
  if (module === "child_process" && name === "fork") return "forks";
  if (module === "timers" && name === "setInterval") return "background-loops";
  if (module === "process") return categoryOfProcess(name);
  return categoryOfModule(module);
}

const PROCESS: ReadonlyMap<string, BoundaryCategory> = new Map([
  ...names("processes", "kill", "exit", "reallyExit", "abort", "dlopen", "exitCode", "execve", "_kill", "send"),
  ...names("autonomous-continuation", "on", "once", "addListener", "prependListener", "emit", "ref", "unref"),
  ...names("scheduling", "nextTick", "_tickCallback"),
  ...names("file-access", "binding", "_linkedBinding", "stdin", "stdout", "stderr", "_rawDebug", "openStdin"),
  ...names("configuration-changes", "chdir", "umask", "setuid", "setgid", "setSourceMapsEnabled", "getBuiltinModule"),
  ...names("configuration-changes", "mainModule", "loadEnvFile", "title", "permission", "report"),
]);

/** The category of a member of `process`; most of them tell about the environment. */
export function categoryOfProcess(name: string): BoundaryCategory {
  return PROCESS.get(name) ?? "environment-access";
}

/** Globals that are replaced by traps. */
export const TRAPPED_GLOBALS: ReadonlyMap<string, BoundaryCategory> = new Map([
  ...names("network-access", "fetch", "WebSocket", "EventSource", "XMLHttpRequest"),
  ...names("scheduling", "setTimeout", "setImmediate", "queueMicrotask", "clearTimeout", "clearImmediate"),
  ...names("background-loops", "setInterval", "clearInterval"),
  ...names("threads", "Worker", "SharedWorker", "MessageChannel", "MessagePort", "BroadcastChannel"),
  ...names("threads", "SharedArrayBuffer", "WebAssembly"),
  ...names("autonomous-continuation", "FinalizationRegistry"),
  ...names("environment-access", "performance", "PerformanceObserver", "crypto", "navigator"),
  ...names("file-access", "localStorage", "sessionStorage", "caches"),
]);

/** Globals that stay, beside those of the language itself. */
export const OPEN_GLOBALS: ReadonlySet<string> = new Set([
  ...["Buffer", "URL", "URLSearchParams", "TextEncoder", "TextDecoder", "structuredClone", "atob", "btoa"],
  ...["AbortController", "AbortSignal", "Event", "EventTarget", "CustomEvent", "DOMException", "console", "global"],
]);

/** Our own packages: importing one is an attempt already, since nothing in it is for an operation. */
const PACKAGES: ReadonlyMap<string, BoundaryCategory> = new Map([
  ...names("token-operations", "authority"),
  ...names("registry-queries", "registry", "caio"),
  ...names("recursion", "runner", "orchestrator"),
  ...names("scheduling", "planner"),
  ...names("audit-access", "audit", "store-sqlite", "store-postgres", "verifier"),
]);

/** The trapped package that a specifier or a resolved URL leads into. */
export function trappedPackage(
  specifier: string,
): { readonly name: string; readonly category: BoundaryCategory } | undefined {
  const name = /(?:^|\/)@canonic\/([a-z-]+)(?:\/|$)/.exec(specifier)?.[1] ?? "";
  const category = PACKAGES.get(name);
  return category === undefined ? undefined : { name: `@canonic/${name}`, category };
}

/** Node's own refusals, which lie below the traps, by the `permission` of their error. */
export const PERMISSION_CATEGORIES: ReadonlyMap<string, BoundaryCategory> = new Map([
  ...names("file-access", "FileSystem", "FileSystemRead", "FileSystemWrite", "WASI"),
  ...names("processes", "ChildProcess", "Addon"),
  ...names("threads", "WorkerThreads"),
  ...names("network-access", "Inspector", "Net"),
]);

function names(category: BoundaryCategory, ...list: readonly string[]): (readonly [string, BoundaryCategory])[] {
  return list.map((name) => [name, category] as const);
}
