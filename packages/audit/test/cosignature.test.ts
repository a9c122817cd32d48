import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cosign,
  cosignaturesOf,
  createKeyPair,
  keyIdOf,
  openCheckpoint,
  openNote,
  parseVerifierKey,
  printVerifierKey,
  SIGNATURE_TYPE,
  signCheckpoint,
  signerFromPem,
  withCosignatures,
} from "../src/index.ts";
import { newIdentity, ORIGIN } from "./support.ts";

const { signer: log } = newIdentity();
const witnessOf = (name: string) => signerFromPem(name, createKeyPair().privateKeyPem);
const [one, two, stranger] = ["witness.example/one", "witness.example/two", "witness.example/stranger"].map(
  witnessOf,
) as [ReturnType<typeof witnessOf>, ReturnType<typeof witnessOf>, ReturnType<typeof witnessOf>];
const witnesses = [one, two];
const coded = (code: string) => expect.objectContaining({ name: "AuditError", code });
const checkpoint = { origin: ORIGIN, size: 7, root: Buffer.alloc(32, 7) };
const note = signCheckpoint(checkpoint, log);
const textOf = (bytes: Uint8Array) => openNote(bytes, [log]).text;
const body = textOf(note);

describe("cosignatures", () => {
  test("stand under the log's signature and say who saw the checkpoint when", () => {
    const both = withCosignatures(note, cosign(body, 1_700_000_000, one) + cosign(body, 1_700_000_001, two), witnesses);

    expect(cosignaturesOf(both, witnesses)).toEqual([
      { witness: one.name, key: one, time: 1_700_000_000 },
      { witness: two.name, key: two, time: 1_700_000_001 },
    ]);
    expect(openCheckpoint(both, [log])).toEqual(checkpoint);
    expect(textOf(both)).toBe(body);
  });

  test("have the layout of the specification: key id, eight bytes of seconds, signature", () => {
    const line = cosign(body, 1_679_315_147, one);

    const bytes = Buffer.from(line.split(" ")[2] as string, "base64");

    expect(line).toMatch(/^— witness\.example\/one [A-Za-z0-9+/]+=*\n$/);
    expect(bytes.length).toBe(4 + 8 + 64);
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from(keyIdOf(one, SIGNATURE_TYPE.cosignature)));
    expect(bytes.subarray(4, 12).toString("hex")).toBe("00000000641850cb");
    const message = Buffer.from(`cosignature/v1\ntime 1679315147\n${body}`);
    expect(bytes.subarray(12)).toEqual(Buffer.from(one.sign(message)));
  });

  test("with any flipped bit refuse the note or are of nobody (C2)", () => {
    const line = Buffer.from(cosign(body, 1, one));
    const prefix = `— ${one.name} `;
    const start = Buffer.byteLength(prefix);
    let refused = 0;
    for (let bit = start * 8; bit < (line.length - 1) * 8; bit += 1) {
      const changed = Buffer.from(line);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const bent = Buffer.concat([note, changed]);
      const found = () => cosignaturesOf(bent, witnesses);
      try {
        expect(found()).toEqual([]);
      } catch (error) {
        expect(error).toEqual(coded("audit.note-invalid"));
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan((line.length - start) * 8 * 0.9);
  });

  test.each([
    ["of another checkpoint", () => cosign(body.replace("\n7\n", "\n8\n"), 1, one)],
    ["of another time than it says", () => retimed(cosign(body, 1, one))],
    ["without its time", () => lineOf(one.name, SIGNATURE_TYPE.cosignature, one.sign(Buffer.from(body)))],
    ["with a time over 2^53", () => lineOf(one.name, SIGNATURE_TYPE.cosignature, Buffer.alloc(72, 0xff))],
    ["with a byte more", () => lineOf(one.name, SIGNATURE_TYPE.cosignature, Buffer.alloc(73))],
  ])("%s refuse the note (C2)", (_title, line) => {
    expect(() => cosignaturesOf(Buffer.concat([note, Buffer.from(line())]), witnesses)).toThrow(
      coded("audit.note-invalid"),
    );
    expect(() => withCosignatures(note, line(), witnesses)).toThrow(coded("audit.note-invalid"));
  });

  test("of strangers mean nothing and are not kept", () => {
    const lines = cosign(body, 1, stranger);

    expect(cosignaturesOf(Buffer.concat([note, Buffer.from(lines)]), witnesses)).toEqual([]);
    expect(withCosignatures(note, lines, witnesses)).toEqual(note);
  });

  test("and signatures are never each other (C1)", () => {
    const asLog = signCheckpoint(checkpoint, one);

    expect(cosignaturesOf(asLog, witnesses)).toEqual([]);
    const cosigned = Buffer.concat([Buffer.from(`${body}\n`), Buffer.from(cosign(body, 1, log))]);
    expect(() => openCheckpoint(cosigned, [log])).toThrow(coded("audit.note-invalid"));
  });

  test("count a key once, by its latest line (C3)", () => {
    const old = withCosignatures(note, cosign(body, 5, one), witnesses);
    const renewed = withCosignatures(old, cosign(body, 9, one), witnesses);

    expect(cosignaturesOf(renewed, witnesses)).toEqual([{ witness: one.name, key: one, time: 9 }]);
    expect(Buffer.from(renewed).toString().split("\n").length).toBe(Buffer.from(old).toString().split("\n").length);
    expect(withCosignatures(renewed, cosign(body, 5, one), witnesses)).toEqual(renewed);
  });

  test.each([
    ["nothing", ""],
    ["another text", `\nmore\n\n— a ${Buffer.alloc(68).toString("base64")}\n`],
    ["a line without its end", cosign(body, 1, one).slice(0, -1)],
    ["an empty line", `\n${cosign(body, 1, one)}`],
    ["sixteen lines more", cosign(body, 1, one).repeat(17)],
  ])("are not taken from an answer of %s", (_title, lines) => {
    expect(() => withCosignatures(note, lines, witnesses)).toThrow(coded("audit.note-invalid"));
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])("are not made at the time %d", (time) => {
    expect(() => cosign(body, time, one)).toThrow(coded("audit.note-invalid"));
  });
});

describe("verifier keys", () => {
  test("read as the specification's reference implementation prints them", () => {
    // golang.org/x/mod/sumdb/note, package example.
    const text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    const key = parseVerifierKey(text);

    expect(key).toMatchObject({ name: "PeterNeumann", type: SIGNATURE_TYPE.ed25519 });
    expect(printVerifierKey(key, key.type)).toBe(text);
  });

  test("come back as they were printed", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.constantFrom(...Object.values(SIGNATURE_TYPE)),
        (bytes, type) => {
          const key = { name: "example.org/k", publicKey: Buffer.from(bytes) };

          expect(parseVerifierKey(printVerifierKey(key, type))).toEqual({ ...key, type });
        },
      ),
    );
  });

  const good = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  test.each([
    ["nothing", ""],
    ["no name", good.slice(12)],
    ["a name with a space", `a ${good}`],
    ["the id of another key", good.replace("c74f20a3", "c74f20a4")],
    ["an id in capitals", good.replace("c74f20a3", "C74F20A3")],
    ["a type that is not known here", good.replace("+AR", "+Bh")],
    ["a key of 31 bytes", good.slice(0, -4)],
    ["base64 with padding too much", `${good}==`],
    ["white space after it", `${good} `],
  ])("with %s are refused", (_title, text) => {
    expect(() => parseVerifierKey(text)).toThrow(coded("audit.key-invalid"));
  });
});

function lineOf(name: string, type: (typeof SIGNATURE_TYPE)["cosignature"], signature: Uint8Array): string {
  const id = keyIdOf({ name, publicKey: one.publicKey }, type);
  return `— ${name} ${Buffer.concat([id, signature]).toString("base64")}\n`;
}

function retimed(line: string): string {
  const bytes = Buffer.from(line.split(" ")[2] as string, "base64");
  bytes[11] = (bytes[11] as number) + 1;
  return `— ${one.name} ${bytes.toString("base64")}\n`;
}
