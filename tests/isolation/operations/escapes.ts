/**
 * Operations that look for a way around the traps instead of through them. Each answers with what it has found; what it
 * must find stands beside it: nothing, a refusal of the language, or the same as everybody has.
 */
import type { JsonObject, JsonValue, Operation } from "@canonic/contracts";
import { untrusted } from "./contract-of.ts";

// biome-ignore lint/suspicious/noExplicitAny: foreign code does not ask for types
type Any = any;
const any = globalThis as Any;

/** The name of what an action throws, or what it gives. */
function outcome(action: () => unknown): JsonValue {
  try {
    return (action() ?? null) as JsonValue;
  } catch (error) {
    return (error as Error).name;
  }
}

type Escape = { readonly finds: JsonValue; readonly run: (input: JsonObject) => JsonValue | Promise<JsonValue> };

export const escapes: Readonly<Record<string, Escape>> = {
  "pollute-object": {
    finds: "TypeError",
    run: () => outcome(() => Object.assign(Object.prototype, { toJSON: () => 1 })),
  },
  "pollute-array": { finds: "TypeError", run: () => outcome(() => Object.assign(Array.prototype, { push: () => 1 })) },
  "pollute-promise": {
    finds: "TypeError",
    run: () => outcome(() => Object.assign(Promise.prototype, { ["then" as string]: () => 1 })),
  },
  "pollute-string": {
    finds: "TypeError",
    run: () => outcome(() => Object.assign(String.prototype, { startsWith: () => true })),
  },
  "pollute-regexp": {
    finds: "TypeError",
    run: () => outcome(() => Object.assign(RegExp.prototype, { exec: () => null })),
  },
  "pollute-map": { finds: "TypeError", run: () => outcome(() => Object.assign(Map.prototype, { get: () => 1 })) },
  "pollute-json": { finds: "TypeError", run: () => outcome(() => Object.assign(JSON, { stringify: () => "{}" })) },
  "pollute-buffer": {
    finds: ["TypeError", "TypeError", "TypeError"],
    run: () => [
      outcome(() => Object.assign(Buffer, { alloc: () => null })),
      outcome(() => Object.assign(Buffer.prototype, { write: () => 0 })),
      outcome(() => Object.defineProperty(Uint8Array.prototype, "length", { get: () => 0 })),
    ],
  },
  "pollute-classes-of-the-runtime": {
    finds: [],
    run: () =>
      [
        "Buffer",
        "URL",
        "URLSearchParams",
        "TextEncoder",
        "TextDecoder",
        "AbortController",
        "AbortSignal",
        "EventTarget",
      ]
        .concat(["Event", "DOMException", "Object", "Function", "Array", "String", "RegExp", "Promise", "Map", "Set"])
        .concat(["JSON", "Reflect", "Error", "Uint8Array", "WeakMap", "Symbol", "Proxy", "Number", "Math", "Iterator"])
        .filter((name) => !Object.isFrozen(any[name]) || !Object.isFrozen(any[name].prototype ?? any[name])),
  },
  "pollute-modules": {
    finds: ["TypeError", "undefined", "TypeError"],
    run: async () => {
      const path = ((await import("node:path" as string)) as Any).default;
      const url = ((await import("node:url" as string)) as Any).default;
      return [
        outcome(() => Object.assign(path, { join: () => "" })),
        typeof path.posix === "function" ? "undefined" : "an object",
        outcome(() => Object.assign(url, { fileURLToPath: () => "" })),
      ];
    },
  },
  emitters: {
    finds: "stopped",
    run: async () => {
      const { EventEmitter } = (await import("node:events" as string)) as Any;
      EventEmitter.prototype.emit = () => true;
      return "went on";
    },
  },
  "path-works": {
    finds: "/a/c",
    run: async () => ((await import("node:path" as string)) as Any).join("/a/b", "../c"),
  },
  "prepare-stack-trace": {
    finds: "TypeError",
    run: () => outcome(() => Object.assign(Error, { prepareStackTrace: (_: unknown, sites: Any) => sites })),
  },
  "replace-trap": {
    finds: "TypeError",
    run: () => outcome(() => Object.defineProperty(any, "process", { value: {} })),
  },
  "caller-of-strict-code": {
    finds: "TypeError",
    run: () =>
      outcome(() =>
        (function callee(this: unknown) {
          return (callee as Any).caller;
        })(),
      ),
  },
  "globals-that-are-left": {
    finds: [],
    run: () =>
      [
        "Blob",
        "File",
        "Request",
        "Response",
        "Headers",
        "FormData",
        "EventSource",
        "Performance",
        "Crypto",
        "Navigator",
        "ReadableStream",
        "CompressionStream",
        "PerformanceEntry",
        "URLPattern",
        "internalBinding",
        "primordials",
        "gc",
      ].filter((name) => typeof any[name] !== "undefined" && !["EventSource"].includes(name)),
  },
  "secret-in-the-buffer-pool": {
    finds: false,
    run: () => /[0-9a-f]{64}|\x22kind\x22:/.test(Buffer.from(Buffer.from("x").buffer).toString("latin1")),
  },
  "console-streams": { finds: [null, null], run: () => [any.console._stdout ?? null, any.console._stderr ?? null] },
  "symbols-of-the-runtime": {
    finds: [],
    run: () =>
      Object.getOwnPropertySymbols(any)
        .filter((one) => /undici|node|process/i.test(String(one)))
        .map(String),
  },
  "hash-object": {
    finds: ["digest", "update"],
    run: async () => Object.keys(((await import("node:crypto" as string)) as Any).createHash("sha256")).sort(),
  },
  "hash-value": {
    finds: "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
    run: async () =>
      ((await import("node:crypto" as string)) as Any).createHash("sha256").update("abc").digest("base64"),
  },
  "entry-by-file": {
    finds: "stopped",
    run: async () =>
      ((await import("../../../packages/runner/src/sandbox-exports.ts" as string)) as Any).source.read("fs"),
  },
  "stack-overflow-before-the-trap": {
    finds: "stopped",
    run: () => {
      const deep = (): void => {
        try {
          deep();
        } finally {
          any.process.env;
        }
      };
      deep();
      return "went on";
    },
  },
  "trap-in-a-proxy": { finds: "stopped", run: () => new Proxy(any.process, {}).env },
  "trap-by-reflection": { finds: "stopped", run: () => Reflect.ownKeys(any.process) as string[] },
  "trap-as-prototype": { finds: "stopped", run: () => Object.create(any.process).env },
  "trap-subclassed": {
    finds: "stopped",
    run: () => String(new (class extends (any.WebSocket as typeof WebSocket) {})("ws://127.0.0.1:1")),
  },
  "trap-bound": { finds: "stopped", run: () => Function.prototype.call.call(any.fetch, null, "http://127.0.0.1:1") },
  "trap-spread": { finds: "stopped", run: () => ({ ...any.process }) },
  "accessor-in-the-result": {
    finds: "stopped",
    run: () => ({
      get value() {
        return any.process.pid;
      },
    }),
  },
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried
  "thenable-result": { finds: "stopped", run: () => ({ then: () => any.process.exit() }) as Any },
  "proxy-result": {
    finds: "aborted",
    run: () =>
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("hunter2");
          },
        },
      ) as Any,
  },
  "symbol-in-the-result": { finds: "aborted", run: () => ({ value: Symbol("x") }) as Any },
};

export const operations: readonly Operation[] = Object.entries(escapes).map(([name, { run }]) => ({
  contract: untrusted(name),
  run,
}));
