import { type Digest, digestBytes } from "@canonic/contracts";
import { expect, test } from "vitest";
import { createKeyPair, isEd25519Signature, signerFromPem } from "../../src/index.ts";
import { readStatementEntry, writeStatementEntry } from "../../src/statements/entry.ts";

const signer = signerFromPem("example.org/attestor", createKeyPair().privateKeyPem);
const signed = Buffer.from("DSSEv1 1 a 1 b");
const entry = { digest: digestBytes(signed), signature: signer.sign(signed), publicKey: signer.publicKey };
const bytes = writeStatementEntry(entry);
const text = Buffer.from(bytes).toString();

test("prints an entry that reads back as it was, and its signature is of what its digest names (Y1, Y2)", () => {
  const read = readStatementEntry(bytes);

  expect(read.digest).toBe(entry.digest);
  expect(Buffer.compare(read.publicKey, entry.publicKey)).toBe(0);
  expect(isEd25519Signature({ name: "a", publicKey: read.publicKey }, signed, read.signature)).toBe(true);
});

test("prints the fields of a hashedrekord 0.0.2 entry and no other (Y3)", () => {
  const bare = writeStatementEntry({
    digest: `sha256:${"00".repeat(32)}` as Digest,
    signature: new Uint8Array(64),
    publicKey: new Uint8Array(32),
  });

  expect(Buffer.from(bare).toString()).toBe(
    `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"${"A".repeat(43)}="},"signature":{"content":"${"A".repeat(86)}==","verifier":{"keyDetails":"PKIX_ED25519","publicKey":{"rawBytes":"MCowBQYDK2VwAyEA${"A".repeat(43)}="}}}}}}`,
  );
});

const mutations: readonly (readonly [name: string, text: string])[] = [
  ["empty", ""],
  ["no JSON", text.slice(0, -1)],
  ["null", "null"],
  ["a list", `[${text.slice(2)}`],
  ["a space", ` ${text}`],
  ["a line feed", `${text}\n`],
  ["another version", text.replace('"0.0.2"', '"0.0.1"')],
  ["another kind", text.replace('"hashedrekord"', '"intoto"')],
  ["another algorithm", text.replace("SHA2_256", "SHA2_512")],
  ["another kind of key", text.replace("PKIX_ED25519", "PKIX_ED25519_PH")],
  ["a further field", text.replace('{"apiVersion"', '{"a":1,"apiVersion"')],
  ["a duplicate key", text.replace('"kind":', '"kind":"x","kind":')],
  [
    "another order",
    text.replace('"apiVersion":"0.0.2","kind":"hashedrekord"', '"kind":"hashedrekord","apiVersion":"0.0.2"'),
  ],
  ["an escaped letter", text.replace('"kind"', '"\\u006bind"')],
  ["a short digest", text.replace(/"digest":"[^"]+"/, '"digest":"AAAA"')],
  ["a digest in base64url", text.replace(/"digest":"[^"]+"/, `"digest":"${"_".repeat(43)}"`)],
  ["no digest", text.replace(/,"digest":"[^"]+"/, "")],
  ["a number as digest", text.replace(/"digest":"[^"]+"/, '"digest":7')],
  ["a short signature", text.replace(/"content":"[^"]+"/, '"content":"AAAA"')],
  ["a raw key", text.replace("MCowBQYDK2VwAyEA", "")],
  ["an X25519 key", text.replace("MCowBQYDK2VwAyEA", "MCowBQYDK2VuAyEA")],
  ["a long text", `${text}${" ".repeat(100_000)}`],
];

test.each(mutations)("refuses %s (Y3)", (_, mutated) => {
  expect(mutated).not.toBe(text);
  expect(() => readStatementEntry(Buffer.from(mutated))).toThrow(
    expect.objectContaining({ code: "audit.entry-invalid" }),
  );
});

test("writes no entry with a key or signature of another length", () => {
  const invalid = expect.objectContaining({ code: "audit.entry-invalid" });
  expect(() => writeStatementEntry({ ...entry, signature: entry.signature.subarray(1) })).toThrow(invalid);
  expect(() => writeStatementEntry({ ...entry, publicKey: new Uint8Array(33) })).toThrow(invalid);
});
