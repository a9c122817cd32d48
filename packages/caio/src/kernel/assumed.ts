/**
 * What an importer had to assume, which satisfies no hard demand.
 *
 * @module
 */
import type { ServiceContract } from "@canonic/contracts";

/** True when the list has the JSON Pointer or one of its ancestors; the empty pointer is everybody's. */
export function isAssumed({ assumed }: Pick<ServiceContract, "assumed">, pointer: string): boolean {
  return assumed.some((one) => one === "" || one === pointer || pointer.startsWith(`${one}/`));
}
