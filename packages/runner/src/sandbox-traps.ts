/**
 * Traps: values that stand where a forbidden one was, and end the process when they are used.
 *
 * Invariants:
 *   V1. A trap does nothing but report and end: no trap holds, or leads to, the value that it replaces.
 *   V2. `violate` never returns. Its report is written to the channel before the process ends.
 *
 * @module
 */
import type { BoundaryCategory } from "@canonic/contracts";
import { categoryOfExport, categoryOfProcess } from "./sandbox-table.ts";

export type Violate = (category: BoundaryCategory, attempted: string) => never;

/** A value that may be looked at and named, but not called, made, changed or listed. */
export function trap(violate: Violate, category: BoundaryCategory, attempted: string): object {
  const fire = (): never => violate(category, attempted);
  const self: object = new Proxy(target(), {
    apply: fire,
    construct: fire,
    set: fire,
    defineProperty: fire,
    deleteProperty: fire,
    setPrototypeOf: fire,
    ownKeys: fire,
    getOwnPropertyDescriptor: fire,
    getPrototypeOf: fire,
    has: fire,
    get: (_target, name) => (typeof name === "symbol" || name === "then" ? undefined : self),
  });
  return self;
}

/** `process`, of which nothing can even be read. A name that Node's own process does not have is not repeated. */
export function processTrap(violate: Violate, members: ReadonlySet<string>): object {
  const fire = (name: string | symbol): undefined => {
    if (typeof name === "symbol") return undefined;
    return violate(categoryOfProcess(name), members.has(name) ? `process.${name}` : "process");
  };
  const all = (): never => violate("environment-access", "process");
  return new Proxy(target(), {
    get: (_target, name) => fire(name),
    has: (_target, name) => fire(name) ?? false,
    set: (_target, name) => fire(name) ?? false,
    getOwnPropertyDescriptor: (_target, name) => fire(name),
    apply: all,
    construct: all,
    defineProperty: all,
    deleteProperty: all,
    setPrototypeOf: all,
    getPrototypeOf: all,
    ownKeys: all,
  });
}

/** A trap for each export of a builtin module; `default` is an object of them. */
export function moduleTraps(violate: Violate, module: string, exports: readonly string[]): Record<string, unknown> {
  const traps: Record<string, unknown> = Object.create(null);
  for (const name of exports) {
    if (name === "default") continue;
    traps[name] = trap(violate, categoryOfExport(module, name), `node:${module}.${name}`);
  }
  return Object.freeze(traps);
}

/** Something that can be called and made, and whose `prototype` may be said to be anything. */
function target(): object {
  function nothing(): void {}
  return nothing;
}
