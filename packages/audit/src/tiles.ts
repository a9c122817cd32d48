/**
 * A log as static files that any client of tiled transparency logs reads.
 *
 *     checkpoint                       the signed note
 *     tile/<level>/<index>[.p/<width>] up to 256 hashes: of leaves at level 0, of full tiles of the level below above it
 *     tile/entries/<index>[.p/<width>] up to 256 leaves, each behind its length in two bytes, big-endian
 *
 * Invariants:
 *   T1. Everything is made from the exact bytes of the leaves, read once; nothing that a store derived is copied.
 *   T2. The files give the root of the checkpoint, or there are none.
 *   T3. The folder appears whole, by one rename.
 *
 * @see C2SP tlog-tiles (https://c2sp.org/tlog-tiles).
 * @module
 */
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Checkpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import { Frontier } from "./frontier.ts";
import type { NoteKey } from "./keys.ts";
import { openLogCheckpoint } from "./log-chain.ts";
import { makeFolder } from "./make-folder.ts";
import { type LogReader, TILE_LEVELS } from "./storage.ts";
import { leafHash, sameBytes } from "./tree-hash.ts";

const TILE_WIDTH = 2 ** TILE_LEVELS;
const READ_LEAVES = 1024;

/** One file of the layout. */
export interface TileFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface TilesOptions {
  readonly storage: LogReader;
  /** The keys of the log as a trust file names them; its rotations are followed from there. */
  readonly trusted: readonly NoteKey[];
  /** Must not exist yet. */
  readonly directory: string;
}

/** The path of a tile or entry bundle: its index in groups of three digits, all but the last behind an `x`. */
export function tilePath(kind: number | "entries", index: number, width: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const steps = padded.match(/.{3}/g) ?? [];
  const path = steps.map((step, at) => (at === steps.length - 1 ? step : `x${step}`)).join("/");
  return `tile/${kind}/${path}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

/**
 * The tiles and entry bundles of a log up to a checkpoint, each as soon as it is whole.
 *
 * @throws {AuditError} `audit.log-behind-checkpoint`, `audit.checkpoint-mismatch` at the end, before the last files (T2).
 */
export async function* tilesOf(storage: LogReader, { size, root }: Checkpoint): AsyncGenerator<TileFile> {
  const rows = new Rows();
  const frontier = new Frontier();
  while (frontier.size < size) {
    const leaves = await storage.readLeaves(frontier.size, Math.min(READ_LEAVES, size - frontier.size));
    if (leaves.length === 0)
      throw new AuditError("audit.log-behind-checkpoint", "the log ends before its checkpoint", {
        size: frontier.size,
        checkpointSize: size,
      });
    for (const { bytes } of leaves) {
      const hash = leafHash(bytes);
      rows.add("entries", prefixed(bytes));
      rows.add(0, hash);
      frontier.append(hash, (level, _index, node) => {
        if (level % TILE_LEVELS === 0) rows.add(level / TILE_LEVELS, node);
      });
      yield* rows.takeFull();
    }
  }
  if (!sameBytes(frontier.root(), root))
    throw new AuditError("audit.checkpoint-mismatch", "the log does not have the root of its checkpoint", { size });
  yield* rows.takeRest();
}

/**
 * Writes a log up to its stored checkpoint.
 *
 * @returns What the checkpoint says, and how many files there are.
 * @throws {AuditError} `audit.bundle-exists`, `audit.checkpoint-missing`, `audit.note-invalid`, `audit.write-failed`, and as
 *   {@link tilesOf}.
 */
export async function exportTiles({
  storage,
  trusted,
  directory,
}: TilesOptions): Promise<Checkpoint & { readonly files: number }> {
  if ((await stat(directory).catch(() => undefined)) !== undefined)
    throw new AuditError("audit.bundle-exists", `\`${directory}\` exists already`, { path: directory });
  const note = await storage.checkpoint();
  if (note === undefined)
    throw new AuditError("audit.checkpoint-missing", "the log has no checkpoint", { size: await storage.size() });
  const checkpoint = await openLogCheckpoint(storage, note, trusted);
  const partial = join(dirname(directory), `.${basename(directory)}.partial`);
  let files = 1;
  try {
    await written(() => rm(partial, { recursive: true, force: true }));
    for await (const { path, bytes } of tilesOf(storage, checkpoint)) {
      await written(() => writeNewFile(join(partial, path), bytes));
      files += 1;
    }
    await written(() => writeNewFile(join(partial, "checkpoint"), note));
    await written(() => rename(partial, directory));
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
  return { ...checkpoint, files };
}

/** What is waiting for a full tile, by level; entries beside them. */
class Rows {
  readonly #rows = new Map<number | "entries", { index: number; parts: Uint8Array[] }>();

  add(kind: number | "entries", part: Uint8Array): void {
    const row = this.#rows.get(kind) ?? { index: 0, parts: [] };
    this.#rows.set(kind, row);
    row.parts.push(part);
  }

  *takeFull(): Generator<TileFile> {
    for (const [kind, row] of this.#rows) {
      if (row.parts.length < TILE_WIDTH) continue;
      yield { path: tilePath(kind, row.index, TILE_WIDTH), bytes: Buffer.concat(row.parts) };
      row.index += 1;
      row.parts = [];
    }
  }

  *takeRest(): Generator<TileFile> {
    for (const [kind, { index, parts }] of this.#rows)
      if (parts.length > 0) yield { path: tilePath(kind, index, parts.length), bytes: Buffer.concat(parts) };
  }
}

function prefixed(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

async function writeNewFile(file: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(dirname(file));
  await writeFile(file, bytes, { flag: "wx" });
}

/** The world's refusals become the package's own; faults of the log pass as they are. */
async function written(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw new AuditError("audit.write-failed", "the tiles cannot be written", { operation: "export" }, { cause });
  }
}
