/**
 * The keys that may sign for a log: those of the trust file, and those that they handed over to.
 *
 * A bundle of a log that changed its key is signed by a key that the trust file need not name, so its rotations are read
 * before its manifest can be checked. They authenticate themselves; that they stand in the log, and where, is checked with
 * everything else (`verify-log-events.ts`), against the bytes that were read here.
 *
 * Invariants:
 *   K1. Nothing of a bundle adds a key that a trusted key did not sign for, or that did not sign for a trusted one.
 *   K2. Total: what cannot be read adds nothing.
 *   K3. Nothing that nobody vouches for costs more than to read it: see `areVouchedFor`, and the limits of both files.
 *
 * @module
 */
import type { TrustFile } from "@canonic/contracts";
import { LOG_EVENTS, LOG_PROOF } from "./bundle-layout.ts";
import { type BundleEntry, type BundleSource, readWhole } from "./bundle-source.ts";
import { areVouchedFor, KeyTimeline } from "./key-rotation.ts";
import type { NoteKey } from "./keys.ts";
import { LOG_EVENTS_BYTES_MAX, LOG_PROOF_BYTES_MAX, type LogEvents, parseLogEvents } from "./log-events.ts";
import { trustedKeysOf } from "./trust.ts";

export interface LogKeys {
  /** Every key that signs for the log at some size; none for a log that the trust file does not name. */
  readonly all: readonly NoteKey[];
  /** The keys that may sign a checkpoint of this size. */
  at(treeSize: number): readonly NoteKey[];
  /** What the rotations were read from; undefined when there was nothing to read. */
  readonly read: LogEvents | undefined;
}

/** Reads what is needed of a bundle that is not authenticated yet; never throws for what it holds. */
export async function openLogKeys(
  source: BundleSource,
  entries: ReadonlyMap<string, BundleEntry>,
  trust: TrustFile,
  origin: string,
): Promise<LogKeys> {
  const trusted = trustedKeysOf(trust, origin);
  const read = trusted.length === 0 ? undefined : await readLogEvents(source, entries);
  const timeline = new KeyTimeline(origin);
  const rotations = (read?.lines ?? []).flatMap(({ event, index }) =>
    event.type === "KEY_ROTATED" ? [{ index, data: event.data }] : [],
  );
  // Where the log's keys are others, what is trusted was never in force.
  if (
    rotations.length > 0 &&
    !areVouchedFor(
      rotations.map(({ data }) => data),
      trusted,
    )
  )
    return { all: trusted, at: () => [], read };
  for (const { index, data } of rotations) if (timeline.add(index, data) !== null) break;
  return { all: timeline.allKeys(trusted), at: (size) => timeline.keysAt(size, trusted), read };
}

async function readLogEvents(
  source: BundleSource,
  entries: ReadonlyMap<string, BundleEntry>,
): Promise<LogEvents | undefined> {
  const whole = async (path: string, sizeBytesMax: number) => {
    const entry = entries.get(path);
    if (entry?.isFile !== true || entry.sizeBytes > sizeBytesMax) return undefined;
    return readWhole(source, path, entry.sizeBytes + 1);
  };
  try {
    const [events, proof] = [
      await whole(LOG_EVENTS, LOG_EVENTS_BYTES_MAX),
      await whole(LOG_PROOF, LOG_PROOF_BYTES_MAX),
    ];
    return events === undefined || proof === undefined ? undefined : parseLogEvents(events, proof);
  } catch {
    return undefined;
  }
}
