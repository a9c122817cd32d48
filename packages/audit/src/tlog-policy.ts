/**
 * Log policies: which logs a verifier knows, and which witnesses must have cosigned.
 *
 *     log <vkey> [<url>]
 *     witness <name> <vkey> [<url>]
 *     group <name> all|any|<k> <name>…
 *     quorum <name>|none
 *
 * Invariants:
 *   L1. Names are octets: read as Latin-1, where each octet is one character, and never compared otherwise.
 *   L2. A name is defined before it is used, once, and is a member of at most one group: a witness counts in one way.
 *   L3. A checkpoint satisfies a policy when one of its logs signed it under its own origin and the quorum cosigned it;
 *       a wrong line of a log or witness that the policy knows refuses it.
 *
 * @see C2SP tlog-policy (https://c2sp.org/tlog-policy).
 * @module
 */
import { openCheckpoint } from "./checkpoint.ts";
import { cosignaturesOf } from "./cosignature.ts";
import { AuditError } from "./errors.ts";
import type { NoteKey } from "./keys.ts";
import { keyOf, openNote, parseNote, SIGNATURE_TYPE, type SignatureType } from "./signed-note.ts";
import { parseVerifierKey } from "./verifier-key.ts";

const POLICY_BYTES_MAX = 256 * 1024;
const RESERVED = "none";

/** Who must have cosigned. A name is the policy's own, not the one that a witness signs under. */
export type Quorum =
  | { readonly kind: "none" }
  | { readonly kind: "witness"; readonly name: string; readonly key: NoteKey }
  | { readonly kind: "group"; readonly name: string; readonly threshold: number; readonly members: readonly Quorum[] };

export interface LogPolicy {
  /** Empty where the log is known otherwise. */
  readonly logs: readonly { readonly key: NoteKey; readonly url: string | null }[];
  readonly witnesses: readonly { readonly name: string; readonly key: NoteKey; readonly url: string | null }[];
  readonly quorum: Quorum;
}

/** What a policy says of a note. */
export interface PolicyJudgement {
  /** One of the policy's logs signed it; also true of any note when the policy names no log. */
  readonly isOfKnownLog: boolean;
  readonly hasQuorum: boolean;
}

/**
 * Reads a policy.
 *
 * @throws {AuditError} `audit.policy-invalid` with the line, counted from 1.
 */
export function parseLogPolicy(source: string | Uint8Array): LogPolicy {
  const octets = Buffer.from(typeof source === "string" ? Buffer.from(source, "utf8") : source);
  if (octets.length > POLICY_BYTES_MAX) throw invalid(1, `a file of at most ${POLICY_BYTES_MAX} bytes`);
  const lines = octets.toString("latin1").split("\n");
  const reading = new PolicyReading();
  if (lines.pop() !== "") throw invalid(lines.length + 1, "a last line that ends with a line feed");
  lines.forEach((line, at) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the format allows exactly one of these
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(line)) throw invalid(at + 1, "a line without control characters but tab");
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    if (words.length > 0 && !words[0]?.startsWith("#")) reading.take(words, at + 1);
  });
  return reading.end(lines.length + 1);
}

/** True when a note is a checkpoint that satisfies a policy; false for whatever is no such note (L3). */
export function isSatisfied(policy: LogPolicy, note: Uint8Array): boolean {
  try {
    const { isOfKnownLog, hasQuorum } = judgeByPolicy(policy, note);
    return isOfKnownLog && hasQuorum;
  } catch {
    return false;
  }
}

/**
 * Says what a note has of what a policy asks for.
 *
 * @throws {AuditError} `audit.note-invalid`, also for a wrong line of a log or witness that the policy knows.
 */
export function judgeByPolicy({ logs, witnesses, quorum }: LogPolicy, note: Uint8Array): PolicyJudgement {
  const cosigned = new Set(
    cosignaturesOf(
      note,
      witnesses.map(({ key }) => key),
    ).map(({ key }) => key),
  );
  const logKeys = logs.map(({ key }) => key);
  const isByKnown = parseNote(note).signatures.some(
    (line) => keyOf(line, logKeys, SIGNATURE_TYPE.ed25519) !== undefined,
  );
  if (isByKnown) openNote(note, logKeys);
  const isOfKnownLog = logs.length === 0 || logs.some(({ key }) => isSignedBy(key, note));
  return { isOfKnownLog, hasQuorum: isMet(quorum, cosigned) };
}

function isSignedBy(key: NoteKey, note: Uint8Array): boolean {
  try {
    return openCheckpoint(note, [key]).origin === key.name;
  } catch {
    return false;
  }
}

function isMet(quorum: Quorum, cosigned: ReadonlySet<NoteKey>): boolean {
  if (quorum.kind === "none") return true;
  if (quorum.kind === "witness") return cosigned.has(quorum.key);
  return quorum.members.filter((member) => isMet(member, cosigned)).length >= quorum.threshold;
}

class PolicyReading {
  readonly #logs: LogPolicy["logs"][number][] = [];
  readonly #witnesses: LogPolicy["witnesses"][number][] = [];
  readonly #defined = new Map<string, Quorum>();
  readonly #members = new Set<string>();
  #quorum: Quorum | undefined;

  take([keyword, ...words]: readonly string[], line: number): void {
    if (keyword === "log") this.#takeLog(words, line);
    else if (keyword === "witness") this.#takeWitness(words, line);
    else if (keyword === "group") this.#takeGroup(words, line);
    else if (keyword === "quorum") this.#takeQuorum(words, line);
    else throw invalid(line, "a line of log, witness, group or quorum");
  }

  end(line: number): LogPolicy {
    if (this.#quorum === undefined) throw invalid(line, "a policy with a quorum");
    return { logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum };
  }

  #takeLog([vkey, url, ...rest]: readonly string[], line: number): void {
    if (vkey === undefined || rest.length > 0) throw invalid(line, "log, a key and perhaps a URL");
    const key = policyKeyOf(vkey, SIGNATURE_TYPE.ed25519, line);
    this.#logs.push({ key: fresh(key, this.#logs, line), url: url ?? null });
  }

  #takeWitness([name, vkey, url, ...rest]: readonly string[], line: number): void {
    if (name === undefined || vkey === undefined || rest.length > 0)
      throw invalid(line, "witness, a name, a key and perhaps a URL");
    const key = fresh(policyKeyOf(vkey, SIGNATURE_TYPE.cosignature, line), this.#witnesses, line);
    this.#define(name, { kind: "witness", name, key }, line);
    this.#witnesses.push({ name, key, url: url ?? null });
  }

  #takeGroup([name, count, ...names]: readonly string[], line: number): void {
    if (name === undefined || count === undefined || names.length === 0)
      throw invalid(line, "group, a name, a threshold and its members");
    const threshold = count === "all" ? names.length : count === "any" ? 1 : thresholdOf(count);
    if (threshold < 1 || threshold > names.length)
      throw invalid(line, `a threshold of 1 to ${names.length}, all or any`);
    const members = names.map((member) => {
      if (this.#members.has(member)) throw invalid(line, "members that are in no other group, and once in this");
      this.#members.add(member);
      return this.#named(member, line);
    });
    this.#define(name, { kind: "group", name, threshold, members }, line);
  }

  #takeQuorum([name, ...rest]: readonly string[], line: number): void {
    if (name === undefined || rest.length > 0) throw invalid(line, "quorum and one name");
    if (this.#quorum !== undefined) throw invalid(line, "one quorum in the whole policy");
    this.#quorum = name === RESERVED ? { kind: "none" } : this.#named(name, line);
  }

  #define(name: string, as: Quorum, line: number): void {
    if (name === RESERVED || this.#defined.has(name)) throw invalid(line, "a name that is not taken");
    this.#defined.set(name, as);
  }

  #named(name: string, line: number): Quorum {
    const found = this.#defined.get(name);
    if (found === undefined) throw invalid(line, "names of witnesses and groups of lines before it");
    return found;
  }
}

/** NaN, which no comparison accepts as within bounds, would pass `< 1 ||`: what is no number is 0. */
function thresholdOf(count: string): number {
  return /^[1-9][0-9]{0,4}$/.test(count) ? Number(count) : 0;
}

function policyKeyOf(octets: string, type: SignatureType, line: number): NoteKey {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(octets, "latin1"));
    const { name, publicKey, type: found } = parseVerifierKey(text);
    if (found === type) return { name, publicKey };
  } catch {
    // Falls through to the one answer for every key that is none.
  }
  const kind = type === SIGNATURE_TYPE.ed25519 ? "Ed25519 signatures, type 0x01" : "cosignatures, type 0x04";
  throw invalid(line, `a verifier key for ${kind}`);
}

/** Two keys are the same when their bytes are, whatever their names. */
function fresh(key: NoteKey, known: readonly { readonly key: NoteKey }[], line: number): NoteKey {
  if (known.every((other) => Buffer.compare(other.key.publicKey, key.publicKey) !== 0)) return key;
  throw invalid(line, "a key that no line before has in the same role");
}

function invalid(line: number, expected: string): AuditError<"audit.policy-invalid"> {
  return new AuditError("audit.policy-invalid", `line ${line} of the log policy is not ${expected}`, {
    line,
    expected,
  });
}
