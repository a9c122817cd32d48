/**
 * The only place of the composition where time is read.
 *
 * @module
 */
import { performance } from "node:perf_hooks";

export const systemClock = {
  now: () => new Date().toISOString(),
  posixSeconds: () => Math.floor(Date.now() / 1000),
  monotonicMs: () => performance.now(),
} as const;
