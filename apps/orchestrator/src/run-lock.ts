/**
 * One holder per plan, with a fencing number: the lock that keeps two processes from running the same plan.
 *
 * Invariants:
 *   L1. Of processes that ask at once, one holds the lock; the others are told who does.
 *   L2. A lease is renewed while its holder lives. A holder of this machine whose process is gone holds nothing, so that a
 *       crashed run can be resumed at once; any other is waited for until its lease is over.
 *   L3. A holder that was overtaken knows it before it writes: `isHeld` asks the store, not a timer.
 *
 * @module
 */
import { hostname } from "node:os";
import process from "node:process";
import type { AuthorityStorage } from "@canonic/authority";
import type { Digest } from "@canonic/contracts";
import { systemClock } from "./clock.ts";
import { OrchestratorError } from "./errors.ts";

const LEASE_MS = 30_000;

export type RunLock = {
  readonly fence: number;
  /** True while nobody has overtaken this holder; renews the lease. */
  readonly isHeld: () => boolean | Promise<boolean>;
};

/**
 * Uses a plan's lock.
 *
 * @throws {OrchestratorError} `orchestrator.run-held` when another process runs the plan.
 */
export async function withRunLock<T>(
  storage: AuthorityStorage,
  plan: Digest,
  use: (lock: RunLock) => Promise<T>,
): Promise<T> {
  const key = `plan:${plan}`;
  const fence = await acquire(storage, key);
  const isHeld = () => storage.renewLock(key, fence, untilOf());
  const timer = setInterval(() => void Promise.resolve(isHeld()).catch(() => undefined), LEASE_MS / 3);
  timer.unref();
  try {
    return await use({ fence, isHeld });
  } finally {
    clearInterval(timer);
    await storage.releaseLock(key, fence);
  }
}

async function acquire(storage: AuthorityStorage, key: string): Promise<number> {
  const holder = `${hostname()}/${process.pid}`;
  const now = systemClock.now();
  const first = await storage.acquireLock({ key, holder, now, until: untilOf() });
  if (first.kind === "held") return first.lock.fence;
  const { lock } = first;
  if (isGone(lock.holder)) {
    const second = await storage.acquireLock({ key, holder, now: later(now, lock.until), until: untilOf() });
    if (second.kind === "held") return second.lock.fence;
  }
  const message = `another process runs this plan: \`${lock.holder}\`, at least until ${lock.until}`;
  throw new OrchestratorError("orchestrator.run-held", message, { holder: lock.holder, until: lock.until });
}

function untilOf(): string {
  return new Date(Date.parse(systemClock.now()) + LEASE_MS).toISOString();
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

/** True for a process of this machine that is no more. */
function isGone(holder: string): boolean {
  const end = holder.lastIndexOf("/");
  const pid = Number(holder.slice(end + 1));
  if (holder.slice(0, end) !== hostname() || !Number.isSafeInteger(pid) || pid < 1) return false;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
