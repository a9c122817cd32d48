/**
 * What vouches for leaves that no checkpoint covers yet: a mark that only the log's keeper can make.
 *
 *     key  = SHA-256(Ed25519 signature of "canonic/tail-mark-key/v1\n<origin>\n"), never stored and never shown
 *     mark = HMAC-SHA256(key, "canonic/tail-mark/v1\n<origin>\n<size>\n<base64 of the root>\n")
 *
 * The mark of a group is one of its payloads, under its own digest, so it is written in the group's transaction and found
 * again by making it again. A checkpoint for each group would cost a file and two syncs; this costs a row.
 *
 * Invariants:
 *   M1. Whoever can write to the store and has no key adds no leaf that the next opening takes.
 *   M2. A mark is of one log, one size and one root.
 *
 * @see RFC 2104.
 * @module
 */
import { createHmac, hash } from "node:crypto";
import { digestBytes, type Payload } from "@canonic/contracts";
import type { NoteSigner } from "./keys.ts";
import type { LogIdentity } from "./log-identity.ts";
import type { LogReader } from "./storage.ts";

export class TailMarker {
  readonly #origin: string;
  readonly #key: Uint8Array;

  constructor(origin: string, signer: NoteSigner) {
    this.#origin = origin;
    const signature = signer.sign(Buffer.from(`canonic/tail-mark-key/v1\n${origin}\n`, "utf8"));
    this.#key = hash("sha256", signature, "buffer");
  }

  /** The mark of the log's first `size` leaves. */
  markOf(size: number, root: Uint8Array): Payload {
    const text = `canonic/tail-mark/v1\n${this.#origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
    const bytes = createHmac("sha256", this.#key).update(text, "utf8").digest();
    return { digest: digestBytes(bytes), bytes };
  }
}

/** Those who may have marked the end of this log: its key, and one that a rotation was begun to. */
export function markersOf({ origin, signer, next }: LogIdentity): readonly TailMarker[] {
  return [signer, ...(next === undefined ? [] : [next])].map((one) => new TailMarker(origin, one));
}

/** True when one of them marked the log at this size and root. */
export async function isMarked(
  reader: Pick<LogReader, "payload">,
  markers: readonly TailMarker[],
  size: number,
  root: Uint8Array,
): Promise<boolean> {
  for (const marker of markers) {
    const { digest } = marker.markOf(size, root);
    const bytes = await reader.payload(digest);
    if (bytes !== undefined && digestBytes(bytes) === digest) return true;
  }
  return false;
}
