/**
 * Operations that try what no operation may, each in its own way. `input.file`, `input.port` and `input.mark` name what would
 * show that an attempt had its effect. After a refusal they go on as if it had worked: being stopped is not left to them.
 */
import type { BoundaryCategory, JsonObject, JsonValue, Operation } from "@canonic/contracts";
import { untrusted } from "./contract-of.ts";

// biome-ignore lint/suspicious/noExplicitAny: foreign code does not ask for types
type Any = any;
type Attempt = {
  readonly category: BoundaryCategory;
  readonly attempted: string;
  readonly run: (input: Any) => JsonValue | Promise<JsonValue>;
};

const any = globalThis as Any;
const load = (name: string): Promise<Any> => import(name);
const reach = (text: string): Any => (() => {}).constructor(`return ${text}`)();

/** By name, so that a failing test says which; the category and the name that the parent must report. */
export const attempts: Readonly<Record<string, Attempt>> = {
  "token-package": of("token-operations", "@canonic/authority", () => load("@canonic/authority")),
  "token-file": of("token-operations", "@canonic/authority", () =>
    load("../node_modules/@canonic/authority/src/index.ts"),
  ),
  "registry-package": of("registry-queries", "@canonic/registry", () => load("@canonic/registry")),
  timeout: of("scheduling", "setTimeout", () => setTimeout(() => {}, 1)),
  immediate: of("scheduling", "setImmediate", () => any.setImmediate(() => {})),
  microtask: of("scheduling", "queueMicrotask", () => queueMicrotask(() => {})),
  "timers-module": of("scheduling", "node:timers/promises.setTimeout", async () =>
    (await load("node:timers/promises")).setTimeout(1),
  ),
  "abort-timeout": of("scheduling", "AbortSignal.timeout", () => AbortSignal.timeout(1)),
  "abort-timeout-of-instance": of("scheduling", "AbortSignal.timeout", () =>
    (new AbortController().signal.constructor as Any).timeout(1),
  ),
  "atomics-wait": of("scheduling", "Atomics.waitAsync", () => (Atomics as Any).waitAsync(new Int32Array(4), 0, 0, 1)),
  "next-tick": of("scheduling", "process.nextTick", () => process.nextTick(() => {})),
  streams: of("scheduling", "node:stream.Readable", async () => new (await load("node:stream")).Readable()),
  "planner-package": of("scheduling", "@canonic/planner", () => load("@canonic/planner")),
  "runner-package": of("recursion", "@canonic/runner", () => load("@canonic/runner")),
  "orchestrator-package": of("recursion", "@canonic/orchestrator", () => load("@canonic/orchestrator")),
  "test-runner": of("recursion", "node:test.run", async () => (await load("node:test")).run()),
  fork: of("forks", "node:child_process.fork", async ({ file }) => (await load("child_process")).fork(file)),
  cluster: of("forks", "node:cluster.fork", async () => (await load("node:cluster")).fork()),
  worker: of(
    "threads",
    "node:worker_threads.Worker",
    async () => new (await load("worker_threads")).Worker("1", { eval: true }),
  ),
  "parent-port": of("threads", "node:worker_threads.parentPort", async () =>
    (await load("worker_threads")).parentPort.postMessage(1),
  ),
  "message-channel": of("threads", "MessageChannel", () => new MessageChannel()),
  "broadcast-channel": of("threads", "BroadcastChannel", () => new BroadcastChannel("x")),
  "shared-memory": of("threads", "SharedArrayBuffer", () => new SharedArrayBuffer(8).byteLength),
  "web-assembly": of(
    "threads",
    "WebAssembly",
    () => new any.WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  ),
  zlib: of("threads", "node:zlib.gzip", async () => (await load("node:zlib")).gzip("x", () => {})),
  "key-derivation": of(
    "threads",
    "node:crypto.pbkdf2",
    async () => (await load("node:crypto")).pbkdf2("a", "b", 1, 8, "sha256", () => {}),
    "environment-access",
  ),
  spawn: of("processes", "node:child_process.spawn", async ({ mark }) =>
    (await load("node:child_process")).spawn("sleep", [mark]),
  ),
  "exec-sync": of("processes", "node:child_process.execSync", async ({ file }) =>
    (await load("child_process")).execSync(`touch ${file}`),
  ),
  "default-exec": of("processes", "node:child_process.execFile", async ({ file }) =>
    (await load("child_process")).default.execFile("touch", [file]),
  ),
  "constructor-spawn": of("configuration-changes", "process.getBuiltinModule", ({ mark }) =>
    reach("process").getBuiltinModule("child_process").spawn("sleep", [mark]),
  ),
  "eval-spawn": of("processes", "node:child_process.spawn", async ({ mark }) =>
    (await any.eval("import('node:child_process')")).spawn("sleep", [mark]),
  ),
  "function-import": of("processes", "node:child_process.spawn", async ({ mark }) =>
    (await reach("import('node:child_process')")).spawn("sleep", [mark]),
  ),
  kill: of("processes", "process.kill", () => process.kill(1, 0)),
  exit: of("processes", "process.exit", () => process.exit(0)),
  abort: of("processes", "process.abort", () => process.abort()),
  addon: of("processes", "process.dlopen", ({ file }) => process.dlopen({}, file)),
  "audit-package": of("audit-access", "@canonic/audit", () => load("@canonic/audit")),
  "store-package": of("audit-access", "@canonic/store-sqlite", () => load("@canonic/store-sqlite")),
  database: of(
    "audit-access",
    "node:sqlite.DatabaseSync",
    async ({ file }) => new (await load("node:sqlite")).DatabaseSync(file),
  ),
  "watch-others": of("audit-access", "node:async_hooks.createHook", async () =>
    (await load("node:async_hooks")).createHook({}),
  ),
  chdir: of("configuration-changes", "process.chdir", () => process.chdir("/")),
  "builtin-module": of("configuration-changes", "process.getBuiltinModule", () => process.getBuiltinModule("fs")),
  "own-hooks": of("configuration-changes", "node:module.registerHooks", async () =>
    (await load("node:module")).registerHooks({}),
  ),
  "create-require": of("configuration-changes", "node:module.createRequire", async () =>
    (await load("module")).createRequire(import.meta.url),
  ),
  flags: of("configuration-changes", "node:v8.setFlagsFromString", async () =>
    (await load("node:v8")).setFlagsFromString("--no-opt"),
  ),
  context: of("configuration-changes", "node:vm.runInThisContext", async () =>
    (await load("node:vm")).runInThisContext("1"),
  ),
  require: of("configuration-changes", "require", () => any.require("fs")),
  "new-code": of("configuration-changes", "import data:", () => load("data:text/javascript,export default 1")),
  "unknown-builtin": of("configuration-changes", "import node:", () => load("node:tomorrow")),
  interval: of("background-loops", "setInterval", () => setInterval(() => {}, 1)),
  "timers-interval": of("background-loops", "node:timers.setInterval", async () =>
    (await load("timers")).setInterval(() => {}, 1),
  ),
  listener: of("autonomous-continuation", "process.on", () => process.on("exit", () => {})),
  "rejection-listener": of("autonomous-continuation", "process.once", () =>
    process.once("unhandledRejection", () => {}),
  ),
  finalizer: of("autonomous-continuation", "FinalizationRegistry", () => new FinalizationRegistry(() => {})),
  "promise-chain": of("autonomous-continuation", "after the result", () => {
    const again = (): Promise<unknown> => Promise.resolve().then(again);
    void again();
    return "given";
  }),
  "short-chain": of("autonomous-continuation", "after the result", async () => {
    void (async () => {
      for (let step = 0; step < 20; step += 1) await null;
    })();
    return "given";
  }),
  "late-rejection": of("autonomous-continuation", "after the result", async () => {
    void (async () => {
      for (let step = 0; step < 20; step += 1) await null;
      throw new Error("late");
    })();
    return "given";
  }),
  "late-import": of("autonomous-continuation", "after the result", () => {
    void load("node:path");
    return "given";
  }),
  environment: of("environment-access", "process.env", () => process.env as Any),
  "environment-by-constructor": of("environment-access", "process.env", () => reach("process").env),
  "environment-by-global": of("environment-access", "process.env", () =>
    any.constructor.constructor("return globalThis.process.env")(),
  ),
  "environment-by-sloppy-this": of("environment-access", "process.env", () => reach("this").process.env),
  "environment-by-module": of("environment-access", "node:process.env", async () => ({
    ...(await load("node:process")).env,
  })),
  arguments: of("environment-access", "process.argv", () => process.argv),
  machine: of("environment-access", "node:os.hostname", async () => (await load("node:os")).hostname()),
  clock: of("environment-access", "performance", () => performance.now()),
  random: of("environment-access", "node:crypto.randomBytes", async () => (await load("node:crypto")).randomBytes(8)),
  write: of("file-access", "node:fs.writeFileSync", async ({ file }) =>
    (await load("node:fs")).writeFileSync(file, "x"),
  ),
  "write-promise": of("file-access", "node:fs/promises.writeFile", async ({ file }) =>
    (await load("fs/promises")).writeFile(file, "x"),
  ),
  "write-nested": of("file-access", "node:fs.promises", async ({ file }) =>
    (await load("node:fs")).promises.writeFile(file, "x"),
  ),
  read: of("file-access", "node:fs.readFileSync", async () =>
    (await load("node:fs")).readFileSync("/etc/passwd", "utf8"),
  ),
  "read-by-import": of("file-access", "import file:", () => load("file:///etc/passwd")),
  "read-json": of(
    "file-access",
    "import file:",
    () => import("../../../package.json" as string, { with: { type: "json" } }) as Any,
  ),
  binding: of("file-access", "process.binding", () => (process as Any).binding("fs")),
  "standard-output": of("file-access", "process.stdout", () => process.stdout.write("x")),
  descriptor: of("file-access", "node:fs.writeSync", async () => (await load("node:fs")).writeSync(3, "x\n")),
  wasi: of("file-access", "node:wasi.WASI", async () => new (await load("node:wasi")).WASI({ version: "preview1" })),
  connect: of("network-access", "node:net.connect", async ({ port }) => (await load("node:net")).connect(port)),
  fetch: of("network-access", "fetch", ({ port }) => fetch(`http://127.0.0.1:${port}/`)),
  "web-socket": of("network-access", "WebSocket", ({ port }) => new WebSocket(`ws://127.0.0.1:${port}/`)),
  http: of("network-access", "node:http.get", async ({ port }) => (await load("http")).get({ port })),
  datagram: of("network-access", "node:dgram.createSocket", async () =>
    (await load("node:dgram")).createSocket("udp4"),
  ),
  names: of("network-access", "node:dns.lookup", async () => (await load("node:dns")).lookup("localhost", () => {})),
  inspector: of("network-access", "node:inspector.open", async () => (await load("node:inspector")).open(0)),
  "internal-http": of(
    "network-access",
    "node:_http_client.ClientRequest",
    async () => new (await load("_http_client")).ClientRequest("http://127.0.0.1"),
  ),
  "import-http": of("network-access", "import http:", ({ port }) => load(`http://127.0.0.1:${port}/x.js`)),
};

export const operations: readonly Operation[] = Object.entries(attempts).map(([name, { run }]) => ({
  contract: untrusted(name),
  run: async (input: JsonObject) => {
    try {
      return (await run(input)) ?? null;
    } catch {
      return "went on";
    }
  },
}));

function of(category: BoundaryCategory, attempted: string, run: (input: Any) => unknown, shown = category): Attempt {
  return { category: shown, attempted, run: run as Attempt["run"] };
}
