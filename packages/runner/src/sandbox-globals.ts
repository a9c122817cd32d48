/**
 * The globals of an untrusted operation: the language, a few pure helpers, and traps.
 *
 * Invariants:
 *   G1. Every global that is neither of the language nor named in the table is gone before the operation's module loads.
 *   G2. What stays cannot be changed: the intrinsics are frozen by the runtime, its own classes and the bindings here. Our
 *       code in the same process calls them after the operation's code has run.
 *
 * @module
 */
import { OPEN_GLOBALS, TRAPPED_GLOBALS } from "./sandbox-table.ts";
import { processTrap, trap, type Violate } from "./sandbox-traps.ts";

/** ECMA-262's own; SharedArrayBuffer, FinalizationRegistry and part of Atomics are traps. */
const LANGUAGE: ReadonlySet<string> = new Set([
  ...["Object", "Function", "Array", "Number", "parseFloat", "parseInt", "Infinity", "NaN", "undefined", "Boolean"],
  ...["String", "Symbol", "Date", "Promise", "RegExp", "Error", "AggregateError", "EvalError", "RangeError"],
  ...["ReferenceError", "SyntaxError", "TypeError", "URIError", "SuppressedError", "globalThis", "JSON", "Math"],
  ...["Intl", "ArrayBuffer", "Uint8Array", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array"],
  ...["BigUint64Array", "BigInt64Array", "Uint8ClampedArray", "Float16Array", "Float32Array", "Float64Array"],
  ...["DataView", "Map", "BigInt", "Set", "Iterator", "WeakMap", "WeakSet", "WeakRef", "Proxy", "Reflect"],
  ...["DisposableStack", "AsyncDisposableStack", "decodeURI", "decodeURIComponent", "encodeURI"],
  ...["encodeURIComponent", "escape", "unescape", "eval", "isFinite", "isNaN", "Atomics"],
]);

/** Left by the library that reads schemas; plain objects without reach. */
const LIBRARY = /^__zod_/;

/** Replaces and removes. `members` are the names of Node's own process. */
export function closeGlobals(violate: Violate, members: ReadonlySet<string>): void {
  const put = (name: string, value: unknown): void => {
    Object.defineProperty(globalThis, name, { value, writable: false, enumerable: false, configurable: false });
  };
  Object.defineProperty(AbortSignal, "timeout", { value: trap(violate, "scheduling", "AbortSignal.timeout") });
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const kept = LANGUAGE.has(name) || OPEN_GLOBALS.has(name) || LIBRARY.test(name);
    if (!kept) Reflect.deleteProperty(globalThis, name);
    else freezeClass(Reflect.get(globalThis, name));
  }
  const { wait: _wait, waitAsync: _waitAsync, ...atomics } = Object.getOwnPropertyDescriptors(Atomics);
  const still = Object.defineProperties({}, atomics as PropertyDescriptorMap);
  for (const name of ["wait", "waitAsync"]) {
    Object.defineProperty(still, name, { value: trap(violate, "scheduling", `Atomics.${name}`) });
  }
  put("Atomics", Object.freeze(still));
  put("process", processTrap(violate, members));
  put("console", silentConsole());
  for (const name of ["require", "module"]) put(name, trap(violate, "configuration-changes", name));
  for (const [name, category] of TRAPPED_GLOBALS) put(name, trap(violate, category, name));
}

/** A function or class with its prototype, and the classes that it extends. */
function freezeClass(value: unknown): void {
  if (typeof value !== "function" || Object.isFrozen(value)) return;
  Object.freeze(value);
  if (typeof value.prototype === "object") Object.freeze(value.prototype);
  freezeClass(Object.getPrototypeOf(value));
}

/** Takes everything and says nothing; the real one leads to streams. */
function silentConsole(): object {
  const silent = (): void => {};
  const names = ["log", "info", "warn", "error", "debug", "trace", "table", "dir", "group", "groupEnd", "assert"];
  return Object.freeze(Object.fromEntries(names.map((name) => [name, silent])));
}
