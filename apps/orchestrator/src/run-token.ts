/**
 * The token that a run is started with: one that somebody gives, or one that the local operator issues to himself.
 *
 * Invariants:
 *   T1. A self-issued token allows exactly the plan: its domains, methods, capabilities and mode, once per task, for the
 *       longest time that a token may live.
 *   T2. A token's bytes are in no message, event or bundle: its digest is its name.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import {
  type AuthorityStorage,
  claimsForPlan,
  createTrust,
  issueToken,
  readToken,
  registerToken,
} from "@canonic/authority";
import { type Plan, type RegistrySnapshot, Trigger } from "@canonic/contracts";
import { systemClock } from "./clock.ts";
import { readNamedFile } from "./files.ts";
import type { LogKeys } from "./keys.ts";

/** Reads a token's file: one line, as `canonic token issue` writes it. */
export function readTokenFile(file: string): string {
  return Buffer.from(readNamedFile(file)).toString("utf8").replace(/\n$/, "");
}

/** Issues and registers a token of the local operator for one run of a plan. */
export async function selfIssuedToken(
  storage: AuthorityStorage,
  keys: LogKeys,
  plan: Plan,
  snapshot: RegistrySnapshot,
  trigger: string,
): Promise<string> {
  // Nothing is issued for a trigger that starts no run; what was said is refused at validation, as evidence.
  const known = Trigger.safeParse(trigger).data ?? "direct_command";
  const now = systemClock.now();
  const label = "one run by the local operator";
  const text = issueToken(
    claimsForPlan(plan, snapshot, { now, jti: newTokenId(), label, trigger: known }),
    keys.operator,
  );
  const reading = readToken(text, createTrust(keys.trust));
  // Whether the store trusts its own operator is said at validation, where every token is allowed or refused.
  if (reading.kind === "token") await registerToken(storage, reading.token, now);
  return text;
}

/** What makes a token another one than any before. */
export function newTokenId(): string {
  return randomBytes(18).toString("base64url");
}
