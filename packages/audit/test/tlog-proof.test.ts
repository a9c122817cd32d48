import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createMemoryStorage,
  leafHash,
  nodesOf,
  openLogProof,
  parseLogProof,
  printLogProof,
  proveInclusion,
  signCheckpoint,
} from "../src/index.ts";
import { newIdentity, ORIGIN, open, writeRun } from "./support.ts";

const identity = newIdentity();
const coded = (code: string) => expect.objectContaining({ name: "AuditError", code });

async function loggedProof(index = 4, events = 11) {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  writeRun(journal, "run", events);
  await journal.durable();
  const checkpoint = (await storage.checkpoint()) as Uint8Array;
  const hashes = await proveInclusion(nodesOf(storage), index, events);
  const leaf = leafHash((await storage.readLeaves(index, 1))[0]?.bytes as Uint8Array);
  return { storage, leaf, proof: { index, hashes, checkpoint } };
}
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe("a tlog-proof", () => {
  test("proves every leaf of a log, and comes back as it was printed", async () => {
    for (let index = 0; index < 11; index += 1) {
      const { proof, leaf } = await loggedProof(index);
      const bytes = printLogProof(proof);

      expect(openLogProof(bytes, leaf, [identity.signer])).toMatchObject({ origin: ORIGIN, size: 11 });
      expect(printLogProof(parseLogProof(bytes))).toEqual(bytes);
    }
  });

  test("has the layout of the specification", async () => {
    const { proof } = await loggedProof();
    const extra = Buffer.from("context");
    const lines = text(printLogProof({ ...proof, extra })).split("\n");

    expect(lines[0]).toBe("c2sp.org/tlog-proof@v1");
    expect(lines[1]).toBe(`extra ${extra.toString("base64")}`);
    expect(lines[2]).toBe("index 4");
    expect(lines.slice(3, 3 + proof.hashes.length)).toEqual(
      proof.hashes.map((hash) => Buffer.from(hash).toString("base64")),
    );
    expect(lines[3 + proof.hashes.length]).toBe("");
    expect(lines.slice(4 + proof.hashes.length).join("\n")).toBe(text(proof.checkpoint));
  });

  test("gives extra bytes back, which prove nothing (T2)", async () => {
    const { proof, leaf } = await loggedProof();
    const bytes = printLogProof({ ...proof, extra: Buffer.from("anything") });

    expect(parseLogProof(bytes).extra).toEqual(Buffer.from("anything"));
    expect(openLogProof(bytes, leaf, [identity.signer]).size).toBe(11);
  });

  test("of a log of one leaf has no hashes", () => {
    const leaf = leafHash(Buffer.from("one"));
    const checkpoint = signCheckpoint({ origin: ORIGIN, size: 1, root: leaf }, identity.signer);

    expect(openLogProof(printLogProof({ index: 0, hashes: [], checkpoint }), leaf, [identity.signer]).size).toBe(1);
  });

  test("with any flipped bit is refused", async () => {
    const { proof, leaf } = await loggedProof();
    const bytes = printLogProof(proof);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => openLogProof(changed, leaf, [identity.signer])).toThrow(
        expect.objectContaining({ name: "AuditError" }),
      );
    }
  });

  test("is refused for another leaf, another index and another key", async () => {
    const { proof, leaf } = await loggedProof();
    const other = newIdentity().signer;

    expect(() => openLogProof(printLogProof(proof), leafHash(Buffer.of()), [identity.signer])).toThrow(
      coded("audit.tlog-proof-invalid"),
    );
    expect(() => openLogProof(printLogProof({ ...proof, index: 5 }), leaf, [identity.signer])).toThrow(
      coded("audit.tlog-proof-invalid"),
    );
    expect(() => openLogProof(printLogProof(proof), leaf, [other])).toThrow(coded("audit.note-invalid"));
  });

  test("is nothing else: bytes of any kind are a proof or a coded refusal", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.string().map((words) => Buffer.from(`c2sp.org/tlog-proof@v1\n${words}`)),
        ),
        (bytes) => {
          expect(() => parseLogProof(bytes)).toThrow(coded("audit.tlog-proof-invalid"));
        },
      ),
    );
  });

  const hash = Buffer.alloc(32, 1).toString("base64");
  test.each([
    ["another version", `c2sp.org/tlog-proof@v2\nindex 0\n${hash}\n\n`],
    ["no index", `c2sp.org/tlog-proof@v1\n${hash}\n\n`],
    ["an index with a leading zero", `c2sp.org/tlog-proof@v1\nindex 00\n${hash}\n\n`],
    ["an index with a sign", `c2sp.org/tlog-proof@v1\nindex +1\n${hash}\n\n`],
    ["an index over 2^53", `c2sp.org/tlog-proof@v1\nindex 9007199254740993\n${hash}\n\n`],
    ["an empty extra line", `c2sp.org/tlog-proof@v1\nextra \nindex 0\n${hash}\n\n`],
    ["extra bytes after the index", `c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n${hash}\n\n`],
    ["extra bytes twice", `c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0\n${hash}\n\n`],
    ["extra bytes in other base64", `c2sp.org/tlog-proof@v1\nextra AAA\nindex 0\n${hash}\n\n`],
    ["a hash of 31 bytes", `c2sp.org/tlog-proof@v1\nindex 0\n${Buffer.alloc(31).toString("base64")}\n\n`],
    ["a hash without padding", `c2sp.org/tlog-proof@v1\nindex 0\n${hash.slice(0, -1)}\n\n`],
    ["64 hashes", `c2sp.org/tlog-proof@v1\nindex 0\n${`${hash}\n`.repeat(64)}\n`],
    ["a carriage return", `c2sp.org/tlog-proof@v1\r\nindex 0\r\n${hash}\r\n\r\n`],
    ["no empty line", `c2sp.org/tlog-proof@v1\nindex 0\n${hash}\n`],
  ])("with %s is refused, before its checkpoint is looked at (T1)", (_title, words) => {
    expect(() => parseLogProof(Buffer.from(words))).toThrow(coded("audit.tlog-proof-invalid"));
  });
});
