/**
 * Whom a verifier trusts: the trust file, and the keys that it gives each role.
 *
 * Invariants:
 *   T1. A key has one role: the log's keeper cannot issue its own tokens with the log's key, and neither can approve, sign
 *       statements or witness.
 *   T2. A key beside the logs' has one name: a signature says who made it.
 *   T3. A quorum can be had: there are as many witnesses, counted by name, as it asks for.
 *
 * @module
 */
import { shapeIssues, TrustFile } from "@canonic/contracts";
import { AuditError } from "./errors.ts";
import type { NoteKey } from "./keys.ts";

/** The people and systems beside the log. */
export interface TrustedPeople {
  readonly issuers?: readonly NoteKey[];
  readonly approvers?: readonly NoteKey[];
  /** Who signs statements about runs. */
  readonly attestors?: readonly NoteKey[];
  /** Who cosigns checkpoints. */
  readonly witnesses?: readonly NoteKey[];
  /** How many of the witnesses must have cosigned. */
  readonly witnessQuorum?: number;
}

const ROLES = ["issuers", "approvers", "attestors", "witnesses"] as const;

type PrintedKey = { readonly name: string; readonly publicKey: string };

/**
 * Reads a trust file; any JSON layout will do, it is a person's own file.
 *
 * @throws {AuditError} `audit.trust-invalid`, also for a key that is not 32 bytes, or has two roles or two names,
 *   and for a quorum that nobody can reach.
 */
export function parseTrustFile(bytes: Uint8Array): TrustFile {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new AuditError("audit.trust-invalid", "the trust file is not JSON", {
      issues: [{ pointer: "", expected: "JSON" }],
    });
  }
  const parsed = TrustFile.safeParse(value);
  if (!parsed.success) {
    const issues = shapeIssues(parsed.error).slice(0, 20);
    throw new AuditError("audit.trust-invalid", "the file is not a trust file", { issues });
  }
  checkKeys(parsed.data);
  return parsed.data;
}

/** The keys that may sign for an origin; none for an origin that the file does not name. */
export function trustedKeysOf(trust: TrustFile, origin: string): NoteKey[] {
  return trust.logs.filter((log) => log.origin === origin).flatMap((log) => log.keys.map(decoded));
}

/** The keys that may issue tokens; none when the file lists none. */
export function trustedIssuersOf(trust: TrustFile): NoteKey[] {
  return (trust.issuers ?? []).map(decoded);
}

/** The keys that may approve at gates; none when the file lists none. */
export function trustedApproversOf(trust: TrustFile): NoteKey[] {
  return (trust.approvers ?? []).map(decoded);
}

/** The keys that may sign statements about runs; none when the file lists none. */
export function trustedAttestorsOf(trust: TrustFile): NoteKey[] {
  return (trust.attestors ?? []).map(decoded);
}

/** The keys of the witnesses; none when the file lists none. */
export function trustedWitnessesOf(trust: TrustFile): NoteKey[] {
  return (trust.witnesses ?? []).map(decoded);
}

/**
 * The trust file that makes a verifier trust one log, and these people.
 *
 * @throws {AuditError} `audit.trust-invalid` for a key that has two roles or two names, or a quorum that nobody can reach.
 */
export function trustFileOf(origin: string, keys: readonly NoteKey[], people: TrustedPeople = {}): TrustFile {
  const trust: TrustFile = {
    schema: "canonic/trust/v1",
    logs: [{ origin, keys: keys.map(printed) }],
    ...Object.fromEntries(ROLES.flatMap((role) => (people[role] ? [[role, people[role].map(printed)]] : []))),
    ...(people.witnessQuorum === undefined ? {} : { witnessQuorum: people.witnessQuorum }),
  };
  checkKeys(trust);
  return trust;
}

/** T1, T2, T3, and the bytes of each key. */
function checkKeys(trust: TrustFile): void {
  const known = new Map<string, string>();
  const take = ({ publicKey }: PrintedKey, owner: string, pointer: string) => {
    decodeKey(publicKey, pointer);
    const other = known.get(publicKey) ?? owner;
    if (other !== owner)
      throw invalid("a public key stands twice, in two roles or under two names", pointer, "one owner");
    known.set(publicKey, owner);
  };
  trust.logs.forEach(({ keys }, log) => {
    for (const [at, key] of keys.entries()) take(key, "log", `/logs/${log}/keys/${at}/publicKey`);
  });
  for (const role of ROLES)
    for (const [at, key] of (trust[role] ?? []).entries()) take(key, `${role} ${key.name}`, `/${role}/${at}/publicKey`);
  const witnesses = new Set((trust.witnesses ?? []).map(({ name }) => name)).size;
  if ((trust.witnessQuorum ?? 0) > witnesses)
    throw invalid("the quorum asks for more witnesses than there are", "/witnessQuorum", `at most ${witnesses}`);
}

function printed({ name, publicKey }: NoteKey): PrintedKey {
  return { name, publicKey: Buffer.from(publicKey).toString("base64") };
}

function decoded({ name, publicKey }: PrintedKey): NoteKey {
  return { name, publicKey: decodeKey(publicKey, "") };
}

function decodeKey(base64: string, pointer: string): Uint8Array {
  const key = Buffer.from(base64, "base64");
  if (key.length === 32 && key.toString("base64") === base64) return key;
  throw invalid("a public key is not 32 bytes of base64", pointer, "32 bytes of base64");
}

function invalid(message: string, pointer: string, expected: string): AuditError<"audit.trust-invalid"> {
  return new AuditError("audit.trust-invalid", message, { issues: [{ pointer, expected }] });
}
