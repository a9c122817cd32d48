/**
 * The three answers, and what an assumption does to them.
 *
 * @module
 */
import type { ServiceContract } from "@canonic/contracts";

/** Satisfied, violated, unknown. */
export type State = "s" | "v" | "u";

export function satisfiedIf(holds: boolean): State {
  return holds ? "s" : "v";
}

/** True when the list of assumptions has the pointer or one of its ancestors, segment by segment (RFC 6901). */
export function isAssumed(contract: ServiceContract, pointer: string): boolean {
  const wanted = pointer.split("/");
  return contract.assumed.some((assumed) => {
    const segments = assumed.split("/");
    return segments.length <= wanted.length && segments.every((segment, index) => segment === wanted[index]);
  });
}

/** The value that a map has of its own: `constructor` is a name like any other. */
export function ownValue<Value>(map: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
