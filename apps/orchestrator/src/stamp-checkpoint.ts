/**
 * A time stamp of the stored checkpoint, from an RFC 3161 authority, kept beside it.
 *
 * Invariants:
 *   S1. What is kept is an answer to our own request, of exactly the stored checkpoint's text; whom a verifier believes is
 *       the verifier's.
 *
 * @see RFC 3161, section 3.4.
 * @module
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isAuditError, openStamp, STAMP_BYTES_MAX, type Stamp, stampRequest } from "@canonic/audit";
import { OrchestratorError } from "./errors.ts";
import { readNamedFile, writeWhole } from "./files.ts";
import type { StoredCheckpoint } from "./stored-checkpoint.ts";

const WAIT_MS = 20_000;
const NONCE_BYTES = 16;

/** The stamp that a store keeps, which may be of an earlier checkpoint. */
export function storedStamp(folder: string): Uint8Array | undefined {
  const file = fileIn(folder);
  return existsSync(file) ? readNamedFile(file) : undefined;
}

/**
 * Asks an authority, and keeps its answer.
 *
 * @throws {OrchestratorError} `orchestrator.stamp-unreachable`, `orchestrator.stamp-refused`.
 */
export async function stampStored(
  folder: string,
  { note }: StoredCheckpoint,
  url: string,
): Promise<Stamp & { readonly file: string }> {
  const text = Buffer.from(note).toString("utf8").split("\n\n")[0];
  const nonce = randomBytes(NONCE_BYTES);
  const answer = await ask(url, stampRequest(`${text}\n`, nonce));
  const stamp = opened(answer, `${text}\n`, nonce, url);
  writeWhole(fileIn(folder), answer);
  return { ...stamp, file: fileIn(folder) };
}

function opened(answer: Uint8Array, text: string, nonce: Uint8Array, url: string): Stamp {
  try {
    return openStamp(answer, text, { nonce });
  } catch (cause) {
    if (!isAuditError(cause)) throw cause;
    const message = `what \`${url}\` answers is no stamp: ${cause.message}`;
    throw new OrchestratorError("orchestrator.stamp-refused", message, { url }, { cause });
  }
}

async function ask(url: string, request: Uint8Array): Promise<Uint8Array> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/timestamp-query" },
      body: Buffer.from(request),
      redirect: "error",
      signal: AbortSignal.timeout(WAIT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const pieces: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const piece of response.body ?? []) {
      sizeBytes += piece.length;
      if (sizeBytes > STAMP_BYTES_MAX) throw new RangeError("the answer is too large");
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } catch (cause) {
    const message = `the time stamping authority at \`${url}\` does not answer`;
    throw new OrchestratorError("orchestrator.stamp-unreachable", message, { url }, { cause });
  }
}

function fileIn(folder: string): string {
  return join(folder, "checkpoint.tsr");
}
