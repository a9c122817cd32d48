/**
 * A witness: it remembers the last checkpoint of each log that it knows, and cosigns what continues it.
 *
 *     old <size that the client believes the witness to know>
 *     <base64 of a hash>              the consistency proof from there
 *     <empty line>
 *     <the checkpoint, a signed note>
 *
 * Invariants:
 *   W1. For one origin it cosigns one history: a checkpoint is cosigned when it is the remembered one or proved to continue
 *       it, and it is remembered, durably, before the answer.
 *   W2. Of two requests that continue the same checkpoint at once, one is cosigned; the state's compare-and-swap says which.
 *   W3. A state that cannot be read, or was not signed by its log, is an error and no answer: nothing is cosigned over it.
 *
 * @see C2SP tlog-witness (https://c2sp.org/tlog-witness).
 * @module
 */
import { type Checkpoint, readCheckpointText } from "./checkpoint.ts";
import { cosign } from "./cosignature.ts";
import { isAuditError } from "./errors.ts";
import type { NoteKey, NoteSigner } from "./keys.ts";
import { isConsistent } from "./proof.ts";
import { openNote } from "./signed-note.ts";
import type { Answer } from "./storage.ts";
import { EMPTY_ROOT, HASH_BYTES, sameBytes } from "./tree-hash.ts";

const HASHES_MAX = 63;
/** The largest request that can be well-formed: a note, and 63 hashes above it. */
export const WITNESS_REQUEST_BYTES_MAX = 96 * 1024;

/** What a witness remembers: the note of the last checkpoint that it cosigned, by the log's origin. */
export interface WitnessState {
  last(origin: string): Answer<Uint8Array | undefined>;
  /**
   * Replaces it, durably, if the present one is `expected`; false if it is another. Of those who expect the same one, at
   * most one is told true; false may also mean that the next was written and has been replaced since.
   */
  swap(origin: string, expected: Uint8Array | undefined, next: Uint8Array): Answer<boolean>;
}

export interface WitnessOptions {
  readonly signer: NoteSigner;
  /** The keys of the logs that it knows; a key is named by the origin that it signs for. */
  readonly logs: readonly NoteKey[];
  readonly state: WitnessState;
  readonly clock: { posixSeconds(): number };
}

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: string;
  readonly body: string;
}

interface AddCheckpoint {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly note: Uint8Array;
}

/**
 * Answers one `add-checkpoint` request.
 *
 * @throws Whatever the state throws, and {@link AuditError} for a state that is not what it wrote (W3).
 */
export async function addCheckpoint(body: Uint8Array, options: WitnessOptions): Promise<WitnessAnswer> {
  const request = parseAddCheckpoint(body);
  const checkpoint = request && unlessInvalid(() => readCheckpointText(textBehind(request.note)));
  if (request === undefined || checkpoint === undefined) return said(400, "not an old size, a proof and a checkpoint");
  const { origin, size } = checkpoint;
  const keys = options.logs.filter(({ name }) => name === origin);
  if (keys.length === 0) return said(404, "unknown log");
  const opened = unlessInvalid(() => openNote(request.note, keys));
  if (opened === undefined) return said(403, "not signed by a known key of the log");
  if (request.oldSize > size) return said(400, "the old size is larger than the checkpoint's");
  const last = await options.state.last(origin);
  const known = last === undefined ? undefined : readCheckpointText(openNote(last, keys).text);
  const refusal = refusalOf(request, checkpoint, known);
  if (refusal !== undefined) return refusal;
  if (!(await options.state.swap(origin, last, request.note))) return conflict(await sizeOf(options, origin, keys));
  const line = cosign(opened.text, options.clock.posixSeconds(), options.signer);
  return { status: 200, type: "text/plain; charset=utf-8", body: line };
}

function refusalOf(
  { oldSize, proof }: AddCheckpoint,
  { size, root }: Checkpoint,
  known: Checkpoint | undefined,
): WitnessAnswer | undefined {
  const knownSize = known?.size ?? 0;
  if (oldSize !== knownSize) return conflict(knownSize);
  const knownRoot = known?.root ?? EMPTY_ROOT;
  if (oldSize === size && !sameBytes(root, knownRoot)) return conflict(knownSize);
  // From nothing everything follows, and a proof of it has no hashes.
  const follows = oldSize === 0 ? proof.length === 0 : isConsistent(oldSize, size, knownRoot, root, proof);
  return follows ? undefined : said(422, "the proof does not lead from the old checkpoint to this one");
}

/** Undefined for what is no request; every number and hash has one spelling. */
function parseAddCheckpoint(body: Uint8Array): AddCheckpoint | undefined {
  const end = Buffer.from(body).indexOf("\n\n");
  if (end < 0 || body.length > WITNESS_REQUEST_BYTES_MAX) return undefined;
  const [old = "", ...lines] = Buffer.from(body).subarray(0, end).toString("latin1").split("\n");
  const [, decimal] = /^old (0|[1-9][0-9]{0,15})$/.exec(old) ?? [];
  const proof = lines.map((line) => Buffer.from(line, "base64"));
  const isStrict = proof.every((hash, at) => hash.length === HASH_BYTES && hash.toString("base64") === lines[at]);
  const oldSize = Number(decimal);
  if (!Number.isSafeInteger(oldSize) || !isStrict || proof.length > HASHES_MAX) return undefined;
  return { oldSize, proof, note: body.subarray(end + 2) };
}

/** A note's text before anything of it is believed: what says whose keys to look for. */
function textBehind(note: Uint8Array): string {
  const text = Buffer.from(note).toString("utf8");
  return text.slice(0, text.lastIndexOf("\n\n") + 1);
}

async function sizeOf({ state }: WitnessOptions, origin: string, keys: readonly NoteKey[]): Promise<number> {
  const last = await state.last(origin);
  return last === undefined ? 0 : readCheckpointText(openNote(last, keys).text).size;
}

function conflict(size: number): WitnessAnswer {
  return { status: 409, type: "text/x.tlog.size", body: `${size}\n` };
}

function said(status: WitnessAnswer["status"], message: string): WitnessAnswer {
  return { status, type: "text/plain; charset=utf-8", body: `${message}\n` };
}

function unlessInvalid<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isAuditError(error)) return undefined;
    throw error;
  }
}
