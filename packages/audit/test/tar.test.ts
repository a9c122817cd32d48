import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readWhole } from "../src/bundle-source.ts";
import {
  createMemoryStorage,
  directorySource,
  exportBundle,
  tarSource,
  trustFileOf,
  verifyEvidence,
} from "../src/index.ts";
import { parseHeader, printHeader } from "../src/tar-header.ts";
import { newIdentity, ORIGIN, open } from "./support.ts";
import { journalRun, wholeRun } from "./whole-run.ts";

const BLOCK = 512;
const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer]);
const scratch = mkdtempSync(join(tmpdir(), "canonic-tar-"));
const folder = join(scratch, "bundle");
const file = join(scratch, "bundle.tar");
let good: Buffer;
let count = 0;

beforeAll(async () => {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  const run = journalRun(journal, wholeRun());
  await journal.durable();
  await exportBundle({ storage, identity, run, directory: folder });
  await exportBundle({ storage, identity, run, directory: file });
  good = readFileSync(file);
  await journal.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function judged(bytes: Uint8Array): Promise<string[]> {
  count += 1;
  const path = join(scratch, `${count}.tar`);
  writeFileSync(path, bytes);
  const { verdict, reasons } = await verifyEvidence(path, { trust });
  return [verdict, ...new Set(reasons.map(({ code }) => code))];
}

/** A header with some of its bytes replaced, under a checksum that fits. */
function headerWith(change: (header: Buffer) => void, path = "a", sizeBytes = 0): Buffer {
  const header = Buffer.from(printHeader({ path, sizeBytes }) as Uint8Array);
  change(header);
  header.write("        ", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

const end = Buffer.alloc(2 * BLOCK);

describe("a bundle in a tar file", () => {
  test("is VALID, and has the files of the folder", async () => {
    const [inTar, inFolder] = [tarSource(file), directorySource(folder)];
    const listed = await inTar.list();

    expect(listed).toEqual(await inFolder.list());
    expect(listed.length).toBeGreaterThan(8);
    for (const { path, sizeBytes } of listed)
      expect(Buffer.from(await readWhole(inTar, path, sizeBytes + 1))).toEqual(readFileSync(join(folder, path)));
    expect((await verifyEvidence(file, { trust })).verdict).toBe("VALID");
  });

  test("is read by the system's tar", () => {
    const listed = execFileSync("tar", ["-tf", file], { encoding: "utf8" }).trim().split("\n");

    expect(listed).toContain("events.jsonl");
    expect(listed).toEqual([...listed].sort());
  });

  test("has no byte that can be another", async () => {
    const places = fc.integer({ min: 0, max: good.length - 1 });
    await fc.assert(
      fc.asyncProperty(places, fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const changed = Buffer.from(good);
        changed[place] = (changed[place] as number) ^ flip;

        expect((await judged(changed))[0]).toBe("INVALID");
      }),
      { numRuns: 120 },
    );
  });

  const attacks: [string, () => Uint8Array][] = [
    ["cut in a block", () => good.subarray(0, good.length - 100)],
    ["without its end", () => good.subarray(0, good.length - 2 * BLOCK)],
    ["with one zero block", () => good.subarray(0, good.length - BLOCK)],
    ["with blocks behind its end", () => Buffer.concat([good, Buffer.alloc(BLOCK)])],
    ["followed by another tar", () => Buffer.concat([good, good])],
    ["of nothing", () => Buffer.alloc(0)],
    ["that is compressed", () => execFileSync("gzip", ["-c"], { input: good })],
    ["that is a zip file", () => Buffer.concat([Buffer.from("504b0304", "hex"), Buffer.alloc(BLOCK)])],
    ["with a symbolic link", () => Buffer.concat([headerWith((h) => h.write("2/etc/passwd", 156)), end])],
    ["with a hard link", () => Buffer.concat([headerWith((h) => (h[156] = 0x31)), end])],
    ["with a device", () => Buffer.concat([headerWith((h) => (h[156] = 0x33)), end])],
    ["with a directory", () => Buffer.concat([headerWith((h) => (h[156] = 0x35)), end])],
    ["with a sparse file", () => Buffer.concat([headerWith((h) => (h[156] = 0x53)), end])],
    ["with a pax header", () => Buffer.concat([headerWith((h) => (h[156] = 0x78)), end])],
    ["with a GNU long name", () => Buffer.concat([headerWith((h) => (h[156] = 0x4c)), end])],
    ["with the old plain type", () => Buffer.concat([headerWith((h) => (h[156] = 0)), end])],
    ["with an absolute path", () => Buffer.concat([headerWith((h) => h.write("/a", 0)), end])],
    ["with a path upwards", () => Buffer.concat([headerWith((h) => h.write("a/../../b", 0)), end])],
    ["with an owner", () => Buffer.concat([headerWith((h) => h.write("root", 265)), end])],
    ["with a time", () => Buffer.concat([headerWith((h) => h.write("00000000001", 136)), end])],
    ["with bytes behind a name", () => Buffer.concat([headerWith((h) => (h[50] = 0x61)), end])],
    ["with a size in base 256", () => Buffer.concat([headerWith((h) => (h[124] = 0x80)), end])],
    [
      "with a size beyond its end",
      () => Buffer.concat([printHeader({ path: "a", sizeBytes: 9e9 - 1 }) ?? headerWith(() => {}, "a", 8e9), end]),
    ],
    ["with a member twice", () => Buffer.concat([headerWith(() => {}), headerWith(() => {}), end])],
    ["with members out of order", () => Buffer.concat([headerWith(() => {}, "b"), headerWith(() => {}, "a"), end])],
    ["with padding that is not zero", () => Buffer.concat([headerWith(() => {}, "a", 1), Buffer.alloc(BLOCK, 1), end])],
    [
      "with a wrong checksum",
      () =>
        Buffer.concat([Buffer.from(printHeader({ path: "a", sizeBytes: 0 }) as Uint8Array).fill(0x31, 148, 150), end]),
    ],
  ];
  test.each(attacks)("%s is refused as a tar", async (_title, bytes) => {
    expect(await judged(bytes())).toEqual(["INVALID", "tar-invalid"]);
  });

  test("behind a link is not opened", async () => {
    const link = join(scratch, "link.tar");
    symlinkSync(file, link);

    expect((await verifyEvidence(link, { trust })).reasons.map(({ code }) => code)).toEqual(["bundle-unreadable"]);
  });
});

describe("a header", () => {
  test("is read back as it was written, and in no other spelling", () => {
    const step = fc.string({ unit: fc.constantFrom(..."abcXYZ019_-"), minLength: 1, maxLength: 70, size: "max" });
    const paths = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join("/"));
    let long = 0;
    fc.assert(
      fc.property(paths, fc.nat(8 ** 10), (path, sizeBytes) => {
        const header = printHeader({ path, sizeBytes });
        if (header === undefined) return;
        if (path.length > 100) long += 1;

        expect(header).toHaveLength(BLOCK);
        expect(parseHeader(header)).toEqual({ path, sizeBytes });
      }),
    );
    expect(long).toBeGreaterThan(5);
  });

  test("of a path that is too long is none", () => {
    expect(printHeader({ path: "a".repeat(101), sizeBytes: 0 })).toBeUndefined();
    expect(printHeader({ path: "../a", sizeBytes: 0 })).toBeUndefined();
    expect(printHeader({ path: "a", sizeBytes: 8 ** 11 })).toBeUndefined();
  });
});
