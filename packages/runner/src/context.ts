/**
 * What an operation can reach beside its input: what its contract entitles it to, and nothing else.
 *
 * @module
 */
import { freezeDeep, type OperationContext, seededRandom } from "@canonic/contracts";
import type { Entitlement } from "./ports.ts";

/** Parts that the place where the operation runs brings; null is "not entitled". */
export type ContextParts = {
  /** A function: most operations never ask, and a controller for each would cost more than they do. */
  readonly signal: () => AbortSignal;
  readonly report: OperationContext["reportTokens"] | null;
  readonly dependencies: OperationContext["dependencies"] | null;
};

/** A frozen context. */
export function contextOf(entitlement: Entitlement, parts: ContextParts): OperationContext {
  const { task, seed, now, idempotencyKey, fence, approval, route } = entitlement;
  const { report, dependencies } = parts;
  return Object.freeze({
    task,
    get signal() {
      return parts.signal();
    },
    ...(seed === null ? {} : { random: seededRandom(seed) }),
    ...(now === null ? {} : { now: () => now }),
    ...(idempotencyKey === null ? {} : { idempotencyKey }),
    ...(fence === null ? {} : { fence }),
    ...(approval === undefined ? {} : { approval: freezeDeep({ ...approval }) }),
    ...(route === undefined ? {} : { route: freezeDeep({ ...route }) }),
    ...(report ? { reportTokens: report } : {}),
    ...(dependencies ? { dependencies } : {}),
  });
}
