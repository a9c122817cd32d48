/**
 * The log's side of witnessing: shows a witness the stored checkpoint, with the proof from what it knew, and takes its line.
 *
 * Invariants:
 *   C1. A line is kept only when a witness that the trust file names made it for exactly this checkpoint.
 *   C2. A witness that knows more than the log has is said, loudly: either it or the log was rolled back.
 *
 * @see C2SP tlog-witness (https://c2sp.org/tlog-witness).
 * @module
 */
import {
  cosignaturesOf,
  type LogReader,
  type LogStorage,
  type NoteKey,
  nodesOf,
  proveConsistency,
  WITNESS_REQUEST_BYTES_MAX,
  withCosignatures,
} from "@canonic/audit";
import { isOrchestratorError, OrchestratorError } from "./errors.ts";
import { readStoredCheckpoint, type StoredCheckpoint } from "./stored-checkpoint.ts";

const WAIT_MS = 10_000;
/** A witness that another log's process feeds at the same time can move on between two requests. */
const ATTEMPTS = 4;
const SIZE_TYPE = "text/x.tlog.size";

export type CosignedCheckpoint = StoredCheckpoint & {
  /** What each witness that did not cosign answered. */
  readonly failures: readonly { readonly url: string; readonly code: string; readonly message: string }[];
};

/**
 * Asks these witnesses, one after the other, and stores the checkpoint with their lines.
 *
 * @throws {OrchestratorError} `orchestrator.checkpoint-missing`, `orchestrator.checkpoint-changed`.
 */
export async function cosignStored(
  storage: LogStorage,
  { trusted, witnesses }: { readonly trusted: readonly NoteKey[]; readonly witnesses: readonly NoteKey[] },
  urls: readonly string[],
): Promise<CosignedCheckpoint> {
  const stored = await readStoredCheckpoint(storage, trusted);
  const failures: CosignedCheckpoint["failures"][number][] = [];
  let { note } = stored;
  for (const url of urls) {
    try {
      note = await cosignedBy(url, storage, { ...stored, note }, witnesses);
    } catch (error) {
      if (!isOrchestratorError(error)) throw error;
      failures.push({ url, code: error.code, message: error.message });
    }
  }
  const isStored = Buffer.compare(note, stored.note) === 0 || (await storage.swapCheckpoint(stored.note, note));
  if (isStored) return { ...stored, note, failures };
  throw new OrchestratorError("orchestrator.checkpoint-changed", "another checkpoint was stored meanwhile", {});
}

/** Asks one witness, and gives the note with its lines. */
async function cosignedBy(
  url: string,
  reader: LogReader,
  { note, checkpoint: value }: StoredCheckpoint,
  witnesses: readonly NoteKey[],
): Promise<Uint8Array> {
  let known = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const proof = known === 0 ? [] : await proveConsistency(nodesOf(reader), known, value.size);
    const { status, type, body } = await post(url, requestOf(known, proof, note));
    if (status === 200) return taken(url, note, body, witnesses);
    const size =
      status === 409 && type === SIZE_TYPE && /^(0|[1-9][0-9]{0,15})\n$/.test(body) ? Number(body) : undefined;
    if (size === undefined || size === known) throw refused(url, status);
    if (size > value.size) {
      const message = `the witness at \`${url}\` knows ${size} leaves, and the log has ${value.size}: one was rolled back`;
      throw new OrchestratorError("orchestrator.witness-ahead", message, { url, size });
    }
    known = size;
  }
  throw refused(url, 409);
}

function requestOf(known: number, proof: readonly Uint8Array[], note: Uint8Array): Buffer {
  const lines = [`old ${known}`, ...proof.map((hash) => Buffer.from(hash).toString("base64")), "\n"];
  return Buffer.concat([Buffer.from(lines.join("\n"), "utf8"), note]);
}

function taken(url: string, note: Uint8Array, lines: string, witnesses: readonly NoteKey[]): Uint8Array {
  const text = Buffer.from(note).subarray(0, Buffer.from(note).indexOf("\n\n") + 2);
  try {
    const answered = cosignaturesOf(Buffer.concat([text, Buffer.from(lines, "utf8")]), witnesses);
    if (answered.length > 0) return withCosignatures(note, lines, witnesses);
  } catch {
    // The same answer for what is no line and for what nobody known made.
  }
  throw refused(url, 200);
}

async function post(url: string, body: Buffer): Promise<{ status: number; type: string; body: string }> {
  try {
    const response = await fetch(`${url.replace(/\/$/, "")}/add-checkpoint`, {
      method: "POST",
      body,
      redirect: "error",
      signal: AbortSignal.timeout(WAIT_MS),
    });
    const type = response.headers.get("content-type") ?? "";
    return { status: response.status, type, body: await boundedText(response) };
  } catch (cause) {
    const message = `the witness at \`${url}\` does not answer`;
    throw new OrchestratorError("orchestrator.witness-unreachable", message, { url }, { cause });
  }
}

async function boundedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of response.body ?? []) {
    sizeBytes += piece.length;
    if (sizeBytes > WITNESS_REQUEST_BYTES_MAX) throw new RangeError("the answer is too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** What the statuses of a witness mean, C2SP tlog-witness. */
const MEANINGS: Readonly<Record<number, string>> = {
  200: "answers with no line of a witness of the trust file: `canonic log witness` adds one",
  403: "answers with 403: it knows no key that signed the checkpoint, see `canonic log key`",
  404: "answers with 404: it does not know this log, see `canonic log key`",
  409: "answers with 409: it holds another checkpoint",
  422: "answers with 422: the log does not continue what it cosigned",
};

function refused(url: string, status: number): OrchestratorError<"orchestrator.witness-refused"> {
  const why = MEANINGS[status] ?? `answers with ${status}`;
  return new OrchestratorError("orchestrator.witness-refused", `the witness at \`${url}\` ${why}`, { url, status });
}
