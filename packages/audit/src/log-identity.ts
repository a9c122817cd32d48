/**
 * Who keeps a log: its origin and its keys, and which of them the log says is in force.
 *
 * @module
 */
import { AuditError } from "./errors.ts";
import type { KeyTimeline } from "./key-rotation.ts";
import type { NoteKey, NoteSigner } from "./keys.ts";

/**
 * Who signs this log's checkpoints. `trusted` are further keys that earlier checkpoints may be signed with. `next` is the
 * key of a rotation that was begun: the log says whether it came into force before a crash.
 */
export interface LogIdentity {
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly next?: NoteSigner;
  readonly trusted?: readonly NoteKey[];
}

/**
 * The identity whose `signer` is the one that signs a checkpoint of `size` leaves, as the log's rotations have it.
 *
 * @throws {AuditError} `audit.key-not-in-force` when the identity has not that key.
 */
export function identityAt(
  identity: LogIdentity,
  keys: KeyTimeline,
  size: number = Number.POSITIVE_INFINITY,
): LogIdentity {
  const { origin, signer, next, trusted } = identity;
  const key = keys.keyAt(size);
  const candidates = next === undefined ? [signer] : [signer, next];
  const found = key === undefined ? signer : candidates.find(({ publicKey }) => Buffer.compare(publicKey, key) === 0);
  if (found === undefined)
    throw new AuditError("audit.key-not-in-force", `the log of \`${origin}\` is signed with another key now`, {
      origin,
    });
  return { origin, signer: found, ...(trusted === undefined ? {} : { trusted }) };
}

/** The keys by which the log's keeper knows checkpoints of `size` leaves as its own. */
export function ownKeysAt({ signer, next, trusted = [] }: LogIdentity, keys: KeyTimeline, size: number) {
  // Before any rotation, a key that only waits for one has signed nothing.
  const isAwaited = next !== undefined && keys.hasRotations;
  return keys.keysAt(size, [signer, ...(isAwaited ? [next] : []), ...trusted]);
}
