/**
 * A proof that one leaf stands in a log, as one text that any client of transparency logs reads offline.
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64>              only where there is any
 *     index <decimal>
 *     <base64 of a hash>          the audit path, from the leaf's sibling up
 *     <empty line>
 *     <the checkpoint, a signed note>
 *
 * Invariants:
 *   T1. Strict by printing again: a proof is accepted only when its parts print exactly the bytes that were read.
 *   T2. What is extra is authenticated by nothing: it is given back, and decides nothing.
 *
 * @see C2SP tlog-proof (https://c2sp.org/tlog-proof). RFC 6962, section 2.1.1.
 * @module
 */
import { type Checkpoint, openCheckpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import type { NoteKey } from "./keys.ts";
import { isIncluded } from "./proof.ts";
import { HASH_BYTES } from "./tree-hash.ts";

const HEADER = "c2sp.org/tlog-proof@v1";
const PROOF_BYTES_MAX = 256 * 1024;
const HASHES_MAX = 63;

export interface LogProof {
  readonly index: number;
  /** The audit path, from the leaf's sibling up. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, as the log wrote it. */
  readonly checkpoint: Uint8Array;
  /** Opaque bytes of the application. */
  readonly extra?: Uint8Array;
}

export function printLogProof({ index, hashes, checkpoint, extra }: LogProof): Uint8Array {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${Buffer.from(extra).toString("base64")}`]),
    `index ${index}`,
    ...hashes.map((hash) => Buffer.from(hash).toString("base64")),
    "\n",
  ];
  return Buffer.concat([Buffer.from(lines.join("\n"), "utf8"), checkpoint]);
}

/**
 * Reads a proof without deciding whether it proves anything.
 *
 * @throws {AuditError} `audit.tlog-proof-invalid`.
 */
export function parseLogProof(bytes: Uint8Array): LogProof {
  if (bytes.length > PROOF_BYTES_MAX) throw invalid(`at most ${PROOF_BYTES_MAX} bytes`);
  const end = Buffer.from(bytes).indexOf("\n\n");
  if (end < 0) throw invalid("a proof, an empty line and a checkpoint");
  const lines = Buffer.from(bytes).subarray(0, end).toString("latin1").split("\n");
  if (lines.shift() !== HEADER) throw invalid(`a text that starts with \`${HEADER}\``);
  const extra =
    lines[0]?.startsWith("extra ") === true ? Buffer.from(lines.shift()?.slice(6) as string, "base64") : null;
  const [, decimal] = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? "") ?? [];
  if (decimal === undefined || !Number.isSafeInteger(Number(decimal))) throw invalid("a proof with its index");
  if (extra?.length === 0) throw invalid("without an empty extra line");
  if (lines.length > HASHES_MAX) throw invalid(`a path of at most ${HASHES_MAX} hashes`);
  const hashes = lines.map((line) => Buffer.from(line, "base64"));
  if (hashes.some(({ length }) => length !== HASH_BYTES)) throw invalid("a path of hashes of 32 bytes");
  const checkpoint = bytes.subarray(end + 2);
  const proof = { index: Number(decimal), hashes, checkpoint, ...(extra === null ? {} : { extra }) };
  if (Buffer.compare(printLogProof(proof), bytes) !== 0) throw invalid("written in the one canonical way");
  return proof;
}

/**
 * Reads a proof that a leaf stands in the log of one of these keys.
 *
 * @param leaf - The leaf's hash.
 * @returns The checkpoint that includes the leaf.
 * @throws {AuditError} `audit.tlog-proof-invalid`, `audit.note-invalid`, `audit.checkpoint-invalid`.
 */
export function openLogProof(bytes: Uint8Array, leaf: Uint8Array, trusted: readonly NoteKey[]): Checkpoint {
  const { index, hashes, checkpoint: note } = parseLogProof(bytes);
  const checkpoint = openCheckpoint(note, trusted);
  if (isIncluded(leaf, index, checkpoint.size, checkpoint.root, hashes)) return checkpoint;
  throw invalid("a path from the leaf to the checkpoint's root");
}

function invalid(fault: string): AuditError<"audit.tlog-proof-invalid"> {
  return new AuditError("audit.tlog-proof-invalid", `a proof of inclusion is not ${fault}`, { fault });
}
