/**
 * What vouches for leaves that no checkpoint covers yet: a mark that only the log's keeper can make.
 *
 *     key  = SHA-256(Ed25519 signature of "canonic/tail-mark-key/v1\n<origin>\n"), never stored and never shown
 *     mark = HMAC-SHA256(key, "canonic/tail-mark/v1\n<origin>\n<size>\n<base64 of the root>\n")
 *
 * The mark of a group lies in the group's own row. A checkpoint for each group would cost a file and two syncs; this costs
 * an HMAC. Earlier versions kept it as a payload, under its own digest: there it is still found.
 *
 * Invariants:
 *   M1. Whoever can write to the store and has no key adds no leaf that the next opening takes.
 *   M2. A mark is of one log, one size and one root.
 *
 * @see RFC 2104.
 * @module
 */
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from "node:crypto";
import { digestBytes } from "@canonic/contracts";
import type { NoteSigner } from "./keys.ts";
import type { LogIdentity } from "./log-identity.ts";
import type { LogReader } from "./storage.ts";

export class TailMarker {
  readonly #origin: string;
  readonly #key: KeyObject;

  constructor(origin: string, signer: NoteSigner) {
    this.#origin = origin;
    const signature = signer.sign(Buffer.from(`canonic/tail-mark-key/v1\n${origin}\n`, "utf8"));
    this.#key = createSecretKey(hash("sha256", signature, "buffer"));
  }

  /** The mark of the log's first `size` leaves. */
  markOf(size: number, root: Uint8Array): Uint8Array {
    const text = `canonic/tail-mark/v1\n${this.#origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
    // A key object costs a fifth of a key in bytes, which Node wraps anew each time; a binary string less than a buffer.
    return Buffer.from(createHmac("sha256", this.#key).update(text, "utf8").digest("binary"), "binary");
  }
}

/** Those who may have marked the end of this log: its key, and one that a rotation was begun to. */
export function markersOf({ origin, signer, next }: LogIdentity): readonly TailMarker[] {
  return [signer, ...(next === undefined ? [] : [next])].map((one) => new TailMarker(origin, one));
}

/** True when one of them marked the log at this size and root. */
export async function isMarked(
  reader: Pick<LogReader, "mark" | "payload">,
  markers: readonly TailMarker[],
  size: number,
  root: Uint8Array,
): Promise<boolean> {
  const marks = markers.map((marker) => marker.markOf(size, root));
  const isOne = (found: Uint8Array | undefined) =>
    found !== undefined && marks.some((mark) => found.length === mark.length && timingSafeEqual(found, mark));
  if (isOne(await reader.mark(size))) return true;
  for (const mark of marks) if (isOne(await reader.payload(digestBytes(mark)))) return true;
  return false;
}
