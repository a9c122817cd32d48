/**
 * The only place of the composition where time is read.
 *
 * @module
 */
import { performance } from "node:perf_hooks";

export const systemClock = {
  now: () => new Date().toISOString(),
  monotonicMs: () => performance.now(),
} as const;
