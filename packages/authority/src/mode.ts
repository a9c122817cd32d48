/**
 * The execution mode of a store, and who changes it.
 *
 * Invariants:
 *   X1. Live writes are never allowed by default: a person arms, for a time, with a reason, and the store is safe again by
 *       itself when the time is over.
 *   X2. A halted store refuses everything until a person arms it.
 *   X3. Every change is an event; that time runs out is none, for `until` says it before.
 *
 * @module
 */
import { type ExecutionMode, type ModeRecord, modeAt, type Timestamp } from "@canonic/contracts";
import { AuthorityError } from "./errors.ts";
import { shifted } from "./moment.ts";
import { parseOrder } from "./order.ts";
import { ask, type Steps, settle } from "./steps.ts";
import type { Answer, AuthorityStorage } from "./storage.ts";

export const ARMED_SECONDS = 900;
export const ARMED_SECONDS_MAX = 3600;

type ModeStorage = Pick<AuthorityStorage, "mode" | "setMode">;
type ModeOrder = { readonly by: string; readonly reason: string; readonly now: Timestamp };

/**
 * Allows live writes for a while, also on a store that was halted.
 *
 * @param order - `seconds` is 1 to {@link ARMED_SECONDS_MAX}, {@link ARMED_SECONDS} when absent.
 * @throws {AuthorityError} `authority.input-invalid`.
 */
export function arm(storage: ModeStorage, order: ModeOrder & { readonly seconds?: number }): Answer<ModeRecord> {
  const { by, reason, now } = parseOrder(order);
  const seconds = order.seconds ?? ARMED_SECONDS;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > ARMED_SECONDS_MAX) {
    throw new AuthorityError("authority.input-invalid", `a store is armed for 1 to ${ARMED_SECONDS_MAX} seconds`, {
      issues: [{ pointer: "/seconds", expected: `1 to ${ARMED_SECONDS_MAX}` }],
    });
  }
  return settle(change(storage, { mode: "armed", by, reason, since: now, until: shifted(now, seconds) }));
}

/**
 * Refuses everything from now on, in every process that shares the store.
 *
 * @throws {AuthorityError} `authority.input-invalid`.
 */
export function halt(storage: ModeStorage, order: ModeOrder): Answer<ModeRecord> {
  const { by, reason, now } = parseOrder(order);
  return settle(change(storage, { mode: "halted", by, reason, since: now, until: null }));
}

/** The mode that holds now. */
export function currentMode(storage: Pick<AuthorityStorage, "mode">, now: Timestamp): Answer<ExecutionMode> {
  return settle(current(storage, now));
}

function* current(storage: Pick<AuthorityStorage, "mode">, now: Timestamp): Steps<ExecutionMode> {
  return modeAt(yield* ask(storage.mode()), now);
}

function* change(storage: ModeStorage, next: ModeRecord): Steps<ModeRecord> {
  const from = yield* current(storage, next.since);
  const { mode: to, by, reason, until, since: occurredAt } = next;
  yield* ask(
    storage.setMode(next, { type: "MODE_CHANGED", subject: "mode", data: { from, to, by, reason, until, occurredAt } }),
  );
  return next;
}
