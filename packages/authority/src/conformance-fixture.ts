/**
 * What the conformance cases share: a store that is opened more than once, and values to put into it.
 *
 * @module
 */
import { type AuthorityEventDraft, type Digest, digestBytes, type ModeRecord, type RunId } from "@canonic/contracts";
import type { AuthorityStorage, StoredToken } from "./storage.ts";

/** A store under test: opens the same store again and again; two handles stand for two processes. */
export interface AuthorityStorageFixture {
  /** Opens the store; the first time it is empty. Several handles may be open at a time. */
  open(): AuthorityStorage | Promise<AuthorityStorage>;
}

export type Case = (fixture: AuthorityStorageFixture) => Promise<void>;
export type Cases = Readonly<Record<string, Case>>;

export const RUN = "run_00000000000000000001" as RunId;
export const OTHER_RUN = "run_00000000000000000002" as RunId;

/** The nth token. */
export function tokenDigest(n: number): Digest {
  return digestBytes(`token ${n}`);
}

/** RFC 3339 of a second of one hour, 0..3599. */
export function at(second: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `2026-01-31T12:${two(Math.floor(second / 60))}:${two(second % 60)}.000Z`;
}

export function storedToken(n: number, registeredAt = at(0)): StoredToken {
  return {
    token: tokenDigest(n),
    parent: n % 2 === 0 ? null : tokenDigest(n - 1),
    label: `token ${n} – ñ`,
    user: "ana",
    expiresAt: at(1800),
    registeredAt,
    firstUsedAt: null,
    revokedAt: null,
    expiredAt: null,
  };
}

export function issued(n: number): AuthorityEventDraft {
  const token = tokenDigest(n);
  const facts = { claims: digestBytes(`claims ${n}`), issuer: "local", user: "ana", parent: null };
  return { type: "TOKEN_ISSUED", subject: token, data: { token, ...facts, expiresAt: at(1800), occurredAt: at(0) } };
}

export function revoked(n: number, second = 1): AuthorityEventDraft {
  const token = tokenDigest(n);
  return { type: "TOKEN_REVOKED", subject: token, data: { token, by: "ana", reason: "lost", occurredAt: at(second) } };
}

export function firstUsed(n: number, second = 1): AuthorityEventDraft {
  const token = tokenDigest(n);
  return { type: "TOKEN_FIRST_USED", subject: token, data: { token, run: RUN, occurredAt: at(second) } };
}

export function expired(n: number, second = 1): AuthorityEventDraft {
  const token = tokenDigest(n);
  return { type: "TOKEN_EXPIRED", subject: token, data: { token, expiresAt: at(0), occurredAt: at(second) } };
}

export function armed(second: number): { readonly record: ModeRecord; readonly event: AuthorityEventDraft } {
  const facts = { by: "ana", reason: "release 7", until: at(second + 900) };
  return {
    record: { mode: "armed", since: at(second), ...facts },
    event: {
      type: "MODE_CHANGED",
      subject: "mode",
      data: { from: "safe", to: "armed", ...facts, occurredAt: at(second) },
    },
  };
}
