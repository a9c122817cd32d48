/**
 * Whether a token lets a plan run at all, once its text is read and the store has nothing against it.
 *
 * @module
 */
import { type Plan, type RegistrySnapshot, Trigger } from "@canonic/contracts";
import { type Refusal, refusal } from "./refusal.ts";
import type { ReadToken } from "./token.ts";

/** The presented token and its parent. */
export function chainOf(token: ReadToken): readonly ReadToken[] {
  return token.parent === null ? [token] : [token, token.parent];
}

/** The first of the token and its parent whose time is over. */
export function expiredOf(token: ReadToken, now: string): ReadToken | undefined {
  return chainOf(token).find(({ expiresAt }) => now >= expiresAt);
}

export function expiryFault({ expiresAt }: ReadToken): Refusal {
  return refusal("authority.token-expired", "exp", `the token expired at ${expiresAt}`);
}

/** By the clock the token would be valid again: it was set back, and what the store has seen counts. */
export function seenExpiredFault(): Refusal {
  return refusal("authority.token-expired", "store", "the token was seen to have expired before, by a later clock");
}

/** A token whose lifetime has not begun is not there yet. */
export function futureFault(token: ReadToken, now: string): Refusal | null {
  const future = chainOf(token).find(({ issuedAt }) => now < issuedAt);
  if (future === undefined) return null;
  return refusal("authority.token-unknown", "iat", `the token is issued at ${future.issuedAt}, which is not yet`);
}

export function userFault({ claims }: ReadToken, plan: Plan, user: string): Refusal | null {
  if (claims.sub === user && plan.user === user) return null;
  return refusal("authority.user-differs", "sub", "token, plan and whoever presents the token are not one user");
}

export function triggerFault({ claims }: ReadToken, trigger: string): Refusal | null {
  const known = Trigger.safeParse(trigger);
  if (!known.success) return refusal("authority.trigger-refused", "triggers", "nothing may start a run this way");
  if (claims.triggers.includes(known.data)) return null;
  return refusal("authority.trigger-refused", "triggers", `the token does not list trigger \`${known.data}\``);
}

export function modeFault({ claims }: ReadToken, plan: Plan): Refusal | null {
  if (claims.modes.includes(plan.mode)) return null;
  return refusal("authority.mode-refused", "modes", `the token does not list mode \`${plan.mode}\``);
}

/** True unless the snapshot shows that no task of the plan writes. */
export function planWrites(plan: Plan, snapshot: RegistrySnapshot | undefined): boolean {
  if (snapshot === undefined) return true;
  const effects = new Map(
    snapshot.operations.map(({ operation, version, effect }) => [`${operation}@${version}`, effect]),
  );
  return plan.tasks.some(({ operation, version }) => (effects.get(`${operation}@${version}`) ?? "write") === "write");
}
