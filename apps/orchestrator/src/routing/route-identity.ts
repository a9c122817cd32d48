/**
 * Who asks a routing question: what a verified token says, and nothing that a request says.
 *
 * Invariants:
 *   I1. A token that cannot be read, is not trusted, not yet or no longer valid, or revoked in this store is nobody's identity.
 *
 * @module
 */
import { createTrust, readToken } from "@canonic/authority";
import { type RouteIdentity, routeIdentityOf } from "@canonic/contracts";
import { OrchestratorError } from "../errors.ts";
import { assertKeys, openKeys } from "../keys.ts";
import { hasAuthority, withAuthority } from "../store.ts";

/**
 * The identity of a presented token, verified against a store.
 *
 * @param at - The moment of the decision, RFC 3339.
 * @throws {OrchestratorError} `orchestrator.token-refused`, `orchestrator.store-missing`.
 */
export async function verifiedIdentity(text: string, store: string, at: string): Promise<RouteIdentity> {
  assertKeys(store);
  const reading = readToken(text, createTrust(openKeys(store).trust));
  if (reading.kind === "refuse") throw refused(reading.reason.code, reading.reason.message);
  const { token } = reading;
  const chain = token.parent === null ? [token] : [token, token.parent];
  const ends = hasAuthority(store)
    ? await withAuthority(store, async (authority) => authority.standing(chain.map(({ digest }) => digest)))
    : { ends: [] };
  const end = ends.ends.find((one) => one !== null);
  if (end === "revoked") throw refused("authority.token-revoked", "the token was revoked");
  if (end === "expired" || chain.some(({ expiresAt }) => at >= expiresAt))
    throw refused("authority.token-expired", `the token expired at ${token.expiresAt}`);
  if (chain.some(({ issuedAt }) => at < issuedAt))
    throw refused(
      "authority.token-unknown",
      `the token is issued at ${token.issuedAt}, after the moment of the decision`,
    );
  const identity = routeIdentityOf(token.claims, token.digest);
  if (identity === undefined) throw refused("authority.token-unknown", "the token lists more than 1,024 permissions");
  return identity;
}

function refused(code: string, why: string): OrchestratorError<"orchestrator.token-refused"> {
  return new OrchestratorError("orchestrator.token-refused", `no identity: ${why} (${code})`, { code });
}
