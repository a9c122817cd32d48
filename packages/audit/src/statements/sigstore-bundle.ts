/**
 * A Sigstore bundle v0.3: a signed statement and the proof that our log holds its entry, in the format of others' tools.
 *
 * Invariants:
 *   B1. All of it follows from a {@link LoggedStatement}; it is read by printing it again, so no field can say more.
 *   B2. `integratedTime` is 0: our log promises no time. The times of a run are in its events.
 *   B3. `logId` is the whole SHA-256 of which a checkpoint's signature line has the first four bytes as its key id.
 *
 * @see protobuf-specs: sigstore_bundle.proto, sigstore_rekor.proto. C2SP signed-note for the key id.
 * @module
 */
import { hash } from "node:crypto";
import { canonicalBytes, digestBytes, type JsonValue, parseCanonicalJson } from "@canonic/contracts";
import { type Checkpoint, readCheckpoint } from "../checkpoint.ts";
import type { NoteKey } from "../keys.ts";
import { SIGNATURE_TYPE } from "../signed-note.ts";
import { envelopeOf, preAuthEncoding } from "./dsse.ts";
import { readStatementEntry, spkiOf, writeStatementEntry } from "./entry.ts";
import { textAt, valueAt } from "./json-path.ts";

const MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** A statement, who signed it, and where the log has its entry. */
export interface LoggedStatement {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** Of the attestor, raw. */
  readonly publicKey: Uint8Array;
  /** Of the key that signed the checkpoint (B3). */
  readonly logId: Uint8Array;
  readonly index: number;
  /** The audit path of the entry under the checkpoint, from its sibling up. */
  readonly hashes: readonly Uint8Array[];
  /** The checkpoint, exact bytes. */
  readonly note: Uint8Array;
}

/**
 * Prints the bundle of a statement.
 *
 * @throws {AuditError} `audit.entry-invalid`, `audit.note-invalid`, `audit.checkpoint-invalid` for parts that are none.
 */
export function writeSigstoreBundle(logged: LoggedStatement): Uint8Array {
  const { payload, signature, publicKey, logId, index, hashes, note } = logged;
  const { root, size } = readCheckpoint(note);
  const hint = keyHintOf(publicKey);
  const inclusionProof = {
    checkpoint: { envelope: Buffer.from(note).toString("utf8") },
    hashes: hashes.map(base64),
    logIndex: `${index}`,
    rootHash: base64(root),
    treeSize: `${size}`,
  };
  const entry = {
    canonicalizedBody: base64(entryOf(logged)),
    inclusionProof,
    integratedTime: "0",
    kindVersion: { kind: "hashedrekord", version: "0.0.2" },
    logId: { keyId: base64(logId) },
    logIndex: `${index}`,
  };
  return canonicalBytes({
    mediaType: MEDIA_TYPE,
    dsseEnvelope: envelopeOf(payload, signature, hint),
    verificationMaterial: { publicKey: { hint }, tlogEntries: [entry] },
  });
}

/** Reads a bundle strictly (B1); undefined for everything that {@link writeSigstoreBundle} would not print. */
export function readSigstoreBundle(
  bytes: Uint8Array,
): (LoggedStatement & { readonly checkpoint: Checkpoint }) | undefined {
  try {
    const value = parseCanonicalJson(bytes);
    const entry = ["verificationMaterial", "tlogEntries", 0] as const;
    const note = Buffer.from(textAt(value, [...entry, "inclusionProof", "checkpoint", "envelope"]) ?? "", "utf8");
    const { publicKey, signature } = readStatementEntry(bytesAt(value, [...entry, "canonicalizedBody"]));
    const hashes = valueAt(value, [...entry, "inclusionProof", "hashes"]);
    const logged: LoggedStatement = {
      payload: bytesAt(value, ["dsseEnvelope", "payload"]),
      signature,
      publicKey,
      logId: bytesAt(value, [...entry, "logId", "keyId"]),
      index: Number(textAt(value, [...entry, "logIndex"])),
      hashes: Array.isArray(hashes) ? hashes.map((_, at) => bytesAt(hashes, [at])) : [],
      note,
    };
    if (!Number.isSafeInteger(logged.index) || logged.index < 0) return undefined;
    const isSame = Buffer.compare(writeSigstoreBundle(logged), bytes) === 0;
    return isSame ? { ...logged, checkpoint: readCheckpoint(note) } : undefined;
  } catch {
    return undefined;
  }
}

/** The exact bytes of the log's leaf for a statement. */
export function entryOf({
  payload,
  signature,
  publicKey,
}: Pick<LoggedStatement, "payload" | "signature" | "publicKey">) {
  return writeStatementEntry({ digest: digestBytes(preAuthEncoding(payload)), signature, publicKey });
}

/** How a bundle names the log whose checkpoint this key signs (B3). */
export function logIdOf({ name, publicKey }: NoteKey): Uint8Array {
  const input = Buffer.concat([Buffer.from(`${name}\n`, "utf8"), Buffer.of(SIGNATURE_TYPE.ed25519), publicKey]);
  return hash("sha256", input, "buffer");
}

/** How a bundle names the key that signed its statement: base64 of the SHA-256 of the key as SubjectPublicKeyInfo. */
export function keyHintOf(publicKey: Uint8Array): string {
  return hash("sha256", spkiOf(publicKey), "base64");
}

function bytesAt(value: JsonValue, path: readonly (string | number)[]): Uint8Array {
  return Buffer.from(textAt(value, path) ?? "", "base64");
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
