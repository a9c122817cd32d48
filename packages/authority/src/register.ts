/**
 * What people do to tokens: they register what they issued, and they revoke.
 *
 * @module
 */
import type { Digest, Timestamp } from "@canonic/contracts";
import { parseOrder } from "./order.ts";
import type { Answer, AuthorityStorage } from "./storage.ts";
import type { ReadToken } from "./token.ts";

/**
 * Makes a token known to the store, with TOKEN_ISSUED.
 *
 * @returns False, and nothing is written, when it is known.
 */
export function registerToken(storage: AuthorityStorage, token: ReadToken, now: Timestamp): Answer<boolean> {
  const { digest, claims, payload, expiresAt, parent } = token;
  const facts = { token: digest, parent: parent?.digest ?? null, expiresAt, user: claims.sub };
  return storage.register(
    { ...facts, label: claims.label, registeredAt: now, firstUsedAt: null, revokedAt: null, expiredAt: null },
    {
      type: "TOKEN_ISSUED",
      subject: digest,
      data: { ...facts, claims: payload.digest, issuer: claims.iss, occurredAt: now },
    },
  );
}

/**
 * Revokes a token for good, also one that the store does not know.
 *
 * @returns False when it was revoked before.
 * @throws {AuthorityError} `authority.input-invalid` unless a person gives a reason.
 */
export function revokeToken(
  storage: AuthorityStorage,
  token: Digest,
  order: { readonly by: string; readonly reason: string; readonly now: Timestamp },
): Answer<boolean> {
  const { by, reason, now } = parseOrder(order);
  return storage.revoke(token, now, {
    type: "TOKEN_REVOKED",
    subject: token,
    data: { token, by, reason, occurredAt: now },
  });
}
