import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createKeyPair,
  keyIdOf,
  openCheckpoint,
  openNote,
  readCheckpoint,
  signCheckpoint,
  signerFromPem,
  signNote,
} from "../src/index.ts";
import { newIdentity, ORIGIN } from "./support.ts";

const { signer } = newIdentity();
const coded = (code: string) => expect.objectContaining({ name: "AuditError", code });
const root = Buffer.alloc(32, 7);
const string = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe("signed notes", () => {
  test("verify the example of the specification's reference implementation", () => {
    // golang.org/x/mod/sumdb/note, package example.
    const publicKey = Buffer.from("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "base64").subarray(1);
    const note = Buffer.from(
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
    );

    expect(openNote(note, [{ name: "PeterNeumann", publicKey }]).signedBy).toEqual(["PeterNeumann"]);
    expect(Buffer.from(keyIdOf({ name: "PeterNeumann", publicKey })).toString("hex")).toBe("c74f20a3");
  });

  test("come back as they were signed", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ minLength: 1 }).filter((line) => !/\p{Cc}/u.test(line)),
          { minLength: 1 },
        ),
        (lines) => {
          const text = lines.map((line) => `${line}\n`).join("");

          expect(openNote(signNote(text, signer), [signer])).toEqual({ text, signedBy: [signer.name] });
        },
      ),
    );
  });

  test("with any flipped bit are refused", () => {
    const note = signNote("one\ntwo\n", signer);
    for (let bit = 0; bit < note.length * 8; bit += 1) {
      const changed = Buffer.from(note);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => openNote(changed, [signer])).toThrow(coded("audit.note-invalid"));
    }
  });

  test.each([
    ["nothing", ""],
    ["no signature", "text\n\n"],
    ["no text", "\n— a AAAA\n"],
    ["a hyphen for the dash", "text\n\n- a AAAA\n"],
    ["a short signature", `text\n\n— a ${Buffer.alloc(60).toString("base64")}\n`],
    ["base64 without padding", `text\n\n— a ${Buffer.alloc(68).toString("base64").replace("=", "")}\n`],
    ["a name with a plus", `text\n\n— a+b ${Buffer.alloc(68).toString("base64")}\n`],
    ["a carriage return", `text\r\n\n— a ${Buffer.alloc(68).toString("base64")}\n`],
    ["no final line feed", `text\n\n— a ${Buffer.alloc(68).toString("base64")}`],
  ])("with %s are refused", (_title, text) => {
    expect(() => openNote(Buffer.from(text), [signer])).toThrow(coded("audit.note-invalid"));
  });

  test("of an unknown key, or of a known name with another key, are refused", () => {
    const other = { ...newIdentity().signer, name: signer.name };

    expect(() => openNote(signNote("text\n", signer), [other])).toThrow(coded("audit.note-invalid"));
    expect(() => openNote(signNote("text\n", signer), [])).toThrow(coded("audit.note-invalid"));
  });
});

describe("checkpoints", () => {
  test("come back as they were signed", () => {
    const checkpoint = { origin: ORIGIN, size: 2 ** 53 - 1, root };

    expect(openCheckpoint(signCheckpoint(checkpoint, signer), [signer])).toEqual(checkpoint);
  });

  const base64 = root.toString("base64");
  test.each([
    ["no size", `${ORIGIN}\n\n${base64}\n`],
    ["a size with a leading zero", `${ORIGIN}\n01\n${base64}\n`],
    ["a size with a sign", `${ORIGIN}\n+1\n${base64}\n`],
    ["a size in hexadecimal", `${ORIGIN}\n0x1\n${base64}\n`],
    ["a size with an exponent", `${ORIGIN}\n1e3\n${base64}\n`],
    ["a size with a space", `${ORIGIN}\n1 \n${base64}\n`],
    ["a size over 2^53", `${ORIGIN}\n9007199254740993\n${base64}\n`],
    ["a negative size", `${ORIGIN}\n-1\n${base64}\n`],
    ["no origin", `\n1\n${base64}\n`],
    ["a root of 31 bytes", `${ORIGIN}\n1\n${root.subarray(1).toString("base64")}\n`],
    ["a root in other base64", `${ORIGIN}\n1\n${base64.replace("=", "")}\n`],
    ["a root with stray bits", `${ORIGIN}\n1\n${base64.slice(0, -2)}d=\n`],
    ["a line more", `${ORIGIN}\n1\n${base64}\nextension\n`],
    ["a line less", `${ORIGIN}\n1\n`],
  ])("with %s are refused, well signed as they may be (K1, K2)", (_title, text) => {
    const note = signNote(text, signer);

    expect(() => openCheckpoint(note, [signer])).toThrow(coded("audit.checkpoint-invalid"));
    expect(() => readCheckpoint(note)).toThrow(coded("audit.checkpoint-invalid"));
  });
});

describe("keys", () => {
  test("sign through PEM as before", () => {
    const { privateKeyPem, publicKey } = createKeyPair();
    const made = signerFromPem("name", privateKeyPem);

    expect(Buffer.from(made.publicKey)).toEqual(Buffer.from(publicKey));
    expect(string(openNote(signNote("text\n", made), [made]).text as unknown as Uint8Array)).toBe("text\n");
  });

  test.each(["", "garbage", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])(
    "are refused when they are %j",
    (pem) => {
      expect(() => signerFromPem("name", pem)).toThrow(coded("audit.key-invalid"));
    },
  );

  test("of another kind are refused", () => {
    const pem = execFileSync(process.execPath, [
      "-e",
      "console.log(require('crypto').generateKeyPairSync('ec',{namedCurve:'P-256'}).privateKey.export({type:'pkcs8',format:'pem'}))",
    ]).toString();

    expect(() => signerFromPem("name", pem)).toThrow(coded("audit.key-invalid"));
  });
});
