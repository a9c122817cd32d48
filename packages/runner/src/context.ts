/**
 * What an operation can reach beside its input: what its contract entitles it to, and nothing else.
 *
 * @module
 */
import { type OperationContext, seededRandom } from "@canonic/contracts";
import type { Entitlement } from "./ports.ts";

/** A frozen context. `signal` comes from a function: most operations never ask, and a controller for each would cost more than they do. */
export function contextOf(entitlement: Entitlement, signal: () => AbortSignal): OperationContext {
  const { task, seed, now, idempotencyKey } = entitlement;
  return Object.freeze({
    task,
    get signal() {
      return signal();
    },
    ...(seed === null ? {} : { random: seededRandom(seed) }),
    ...(now === null ? {} : { now: () => now }),
    ...(idempotencyKey === null ? {} : { idempotencyKey }),
  });
}
