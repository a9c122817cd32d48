/**
 * The execution mode of a store, and who changes it.
 *
 * Invariants:
 *   X1. Live writes are never allowed by default: a person arms, for a time, with a reason, and the store is safe again by
 *       itself when the time is over.
 *   X2. A halted store refuses everything until a person arms it who could see that it was halted: an order to arm that
 *       overlaps a halt does not undo it, in whatever order the store takes the two.
 *   X3. Every change is an event, with the mode that the store really left; that time runs out is none, for `until` says it
 *       before.
 *
 * @module
 */
import {
  canonicalJson,
  type ExecutionMode,
  type JsonValue,
  type ModeRecord,
  modeAt,
  type Timestamp,
} from "@canonic/contracts";
import { AuthorityError } from "./errors.ts";
import { shifted } from "./moment.ts";
import { parseOrder } from "./order.ts";
import { ask, type Steps, settle } from "./steps.ts";
import type { Answer, AuthorityStorage, ModeChange } from "./storage.ts";

export const ARMED_SECONDS = 900;
export const ARMED_SECONDS_MAX = 3600;

type ModeStorage = Pick<AuthorityStorage, "mode" | "setMode">;
type ModeOrder = { readonly by: string; readonly reason: string; readonly now: Timestamp };

/**
 * Allows live writes for a while, also on a store that was halted.
 *
 * @param order - `seconds` is 1 to {@link ARMED_SECONDS_MAX}, {@link ARMED_SECONDS} when absent.
 * @throws {AuthorityError} `authority.input-invalid`; `authority.halted-meanwhile` when the store was halted after this order
 *   looked at it (X2).
 */
export function arm(storage: ModeStorage, order: ModeOrder & { readonly seconds?: number }): Answer<ModeRecord> {
  const { by, reason, now } = parseOrder(order);
  const seconds = order.seconds ?? ARMED_SECONDS;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > ARMED_SECONDS_MAX) {
    throw new AuthorityError("authority.input-invalid", `a store is armed for 1 to ${ARMED_SECONDS_MAX} seconds`, {
      issues: [{ pointer: "/seconds", expected: `1 to ${ARMED_SECONDS_MAX}` }],
    });
  }
  return settle(armed(storage, { mode: "armed", by, reason, since: now, until: shifted(now, seconds) }));
}

/**
 * Refuses everything from now on, in every process that shares the store.
 *
 * @throws {AuthorityError} `authority.input-invalid`.
 */
export function halt(storage: ModeStorage, order: ModeOrder): Answer<ModeRecord> {
  const { by, reason, now } = parseOrder(order);
  return settle(halted(storage, { mode: "halted", by, reason, since: now, until: null }));
}

/** The mode that holds now. */
export function currentMode(storage: Pick<AuthorityStorage, "mode">, now: Timestamp): Answer<ExecutionMode> {
  return settle(current(storage, now));
}

function* current(storage: Pick<AuthorityStorage, "mode">, now: Timestamp): Steps<ExecutionMode> {
  return modeAt(yield* ask(storage.mode()), now);
}

function* halted(storage: ModeStorage, next: ModeRecord): Steps<ModeRecord> {
  yield* ask(storage.setMode((before) => changeOf(before, next)));
  return next;
}

/** Lifts the halt that was there when it began, and no later one. */
function* armed(storage: ModeStorage, next: ModeRecord): Steps<ModeRecord> {
  const seen = yield* ask(storage.mode());
  yield* ask(
    storage.setMode((before) => {
      if (before?.mode !== "halted" || isSame(before, seen)) return changeOf(before, next);
      const { since } = before;
      const message = `the store was halted at ${since}, while it was to be armed`;
      throw new AuthorityError("authority.halted-meanwhile", message, { since });
    }),
  );
  return next;
}

function isSame(record: ModeRecord, other: ModeRecord | undefined): boolean {
  return other !== undefined && canonicalJson(record as JsonValue) === canonicalJson(other as JsonValue);
}

function changeOf(before: ModeRecord | undefined, record: ModeRecord): ModeChange {
  const { mode: to, by, reason, until, since: occurredAt } = record;
  const from = modeAt(before, occurredAt);
  return {
    record,
    event: { type: "MODE_CHANGED", subject: "mode", data: { from, to, by, reason, until, occurredAt } },
  };
}
