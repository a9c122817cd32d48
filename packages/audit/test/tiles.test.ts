import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createMemoryStorage, exportTiles, leafHash, openCheckpoint, type StoredLeaf } from "../src/index.ts";
import { tilePath, tilesOf } from "../src/tiles.ts";
import { naiveRoot } from "./naive-tree.ts";
import { newIdentity, open, writeRun } from "./support.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-tiles-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const identity = newIdentity();
const trusted = [identity.signer];

async function logOf(leaves: number) {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  writeRun(journal, "run", leaves);
  await journal.durable();
  return storage;
}

async function filesOf(leaves: number): Promise<Map<string, Uint8Array>> {
  const storage = await logOf(leaves);
  const files = new Map<string, Uint8Array>();
  const checkpoint = openCheckpoint((await storage.checkpoint()) as Uint8Array, trusted);
  for await (const { path, bytes } of tilesOf(storage, checkpoint)) files.set(path, bytes);
  return files;
}

describe("tiles", () => {
  test.each([
    [0, 256, "tile/0/000"],
    [0, 112, "tile/0/000.p/112"],
    [1_234_067, 256, "tile/0/x001/x234/067"],
    [999, 1, "tile/0/999.p/1"],
    [1000, 256, "tile/0/x001/000"],
  ])("of index %d and width %d stand at their path", (index, width, path) => {
    expect(tilePath(0, index, width)).toBe(path);
  });

  test.each([2, 3, 255, 256, 257, 600])("of a log of %d leaves are those of the specification", async (leaves) => {
    const files = await filesOf(leaves);
    const rest = leaves % 256;
    const full = Math.floor(leaves / 256);

    const expected = ["entries", "0"].flatMap((kind) => [
      ...Array.from({ length: full }, (_, index) => `tile/${kind}/${String(index).padStart(3, "0")}`),
      ...(rest === 0 ? [] : [`tile/${kind}/${String(full).padStart(3, "0")}.p/${rest}`]),
    ]);
    expect([...files.keys()].sort()).toEqual([...expected, ...(full > 0 ? [`tile/1/000.p/${full}`] : [])].sort());
  });

  test("hold leaves, their hashes, and the roots of full tiles (T1)", async () => {
    const storage = await logOf(600);
    const files = await filesOf(600);
    const leaves = (await storage.readLeaves(0, 600)) as readonly StoredLeaf[];
    const hashes = leaves.map(({ bytes }) => Buffer.from(leafHash(bytes)));

    const entries = ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"].flatMap((path) =>
      entriesOf(files.get(path) as Uint8Array),
    );
    expect(entries.map((entry) => Buffer.from(leafHash(entry)))).toEqual(hashes);
    const row = ["tile/0/000", "tile/0/001", "tile/0/002.p/88"].map((path) => files.get(path) as Uint8Array);
    expect(Buffer.concat(row)).toEqual(Buffer.concat(hashes));
    const roots = [leaves.slice(0, 256), leaves.slice(256, 512)].map((half) =>
      naiveRoot(half.map(({ bytes }) => bytes)),
    );
    expect(Buffer.from(files.get("tile/1/000.p/2") as Uint8Array)).toEqual(Buffer.concat(roots));
    expect(hashes.length).toBe(600);
  });

  test("are written whole beside the checkpoint, and never over anything (T3)", async () => {
    const storage = await logOf(300);
    const directory = join(scratch, "whole");

    const { size, files } = await exportTiles({ storage, trusted, directory });

    expect(size).toBe(300);
    expect(
      readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length,
    ).toBe(files);
    expect(readFileSync(join(directory, "checkpoint"))).toEqual(
      Buffer.from((await storage.checkpoint()) as Uint8Array),
    );
    await expect(exportTiles({ storage, trusted, directory })).rejects.toMatchObject({ code: "audit.bundle-exists" });
  });

  test("are not written of a log that is not the checkpoint's (T2)", async () => {
    const storage = await logOf(300);
    storage.leaves[299]?.bytes.fill(0x20);
    const directory = join(scratch, "damaged");

    await expect(exportTiles({ storage, trusted, directory })).rejects.toMatchObject({
      code: "audit.checkpoint-mismatch",
    });
    expect(existsSync(directory)).toBe(false);
    expect(readdirSync(scratch).filter((name) => name.includes("damaged"))).toEqual([]);
  });

  test("are not written for who does not trust the log's key", async () => {
    const storage = await logOf(3);

    await expect(
      exportTiles({ storage, trusted: [newIdentity().signer], directory: join(scratch, "strange") }),
    ).rejects.toMatchObject({ code: "audit.note-invalid" });
  });

  test("have no place in a folder that cannot be", async () => {
    const storage = await logOf(3);
    await exportTiles({ storage, trusted, directory: join(scratch, "file") });

    await expect(
      exportTiles({ storage, trusted, directory: join(scratch, "file", "checkpoint", "below") }),
    ).rejects.toMatchObject({ code: "audit.write-failed" });
  });
});

function entriesOf(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  const bytes = Buffer.from(bundle);
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at);
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}
