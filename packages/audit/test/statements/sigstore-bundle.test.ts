import { canonicalJson, digestBytes, type JsonObject, type JsonValue } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { createKeyPair, keyIdOf, signCheckpoint, signerFromPem, trustFileOf } from "../../src/index.ts";
import { preAuthEncoding } from "../../src/statements/dsse.ts";
import {
  entryOf,
  type LoggedStatement,
  logIdOf,
  readSigstoreBundle,
  writeSigstoreBundle,
} from "../../src/statements/sigstore-bundle.ts";
import { attestorKeysOf, trustedRootOf } from "../../src/statements/trusted-root.ts";
import { leafHash, nodeHash } from "../../src/tree-hash.ts";
import { ORIGIN } from "../support.ts";

const log = signerFromPem(ORIGIN, createKeyPair().privateKeyPem);
const attestor = signerFromPem("attestor", createKeyPair().privateKeyPem);
const payload = Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}');
const signed = { payload, signature: attestor.sign(preAuthEncoding(payload)), publicKey: attestor.publicKey };
const sibling = leafHash(Buffer.from("another leaf"));
const root = nodeHash(sibling, leafHash(entryOf(signed)));
const logged: LoggedStatement = {
  ...signed,
  logId: logIdOf(log),
  index: 1,
  hashes: [sibling],
  note: signCheckpoint({ origin: ORIGIN, size: 2, root }, log),
};
const bytes = writeSigstoreBundle(logged);

test("reads back what it wrote, whole (B1)", () => {
  const read = readSigstoreBundle(bytes);

  expect(read).toEqual({ ...logged, checkpoint: { origin: ORIGIN, size: 2, root } });
});

test("has the fields of a bundle 0.3 with a public key, a DSSE envelope and one hashedrekord entry (B1, B2)", () => {
  const base64 = (data: Uint8Array) => Buffer.from(data).toString("base64");
  const value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  const { hint } = value.verificationMaterial.publicKey;

  expect(value).toEqual({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    dsseEnvelope: {
      payload: base64(payload),
      payloadType: "application/vnd.in-toto+json",
      signatures: [{ keyid: hint, sig: base64(signed.signature) }],
    },
    verificationMaterial: {
      publicKey: { hint },
      tlogEntries: [
        {
          canonicalizedBody: base64(entryOf(signed)),
          inclusionProof: {
            checkpoint: { envelope: Buffer.from(logged.note).toString("utf8") },
            hashes: [base64(sibling)],
            logIndex: "1",
            rootHash: base64(root),
            treeSize: "2",
          },
          integratedTime: "0",
          kindVersion: { kind: "hashedrekord", version: "0.0.2" },
          logId: { keyId: base64(logIdOf(log)) },
          logIndex: "1",
        },
      ],
    },
  });
});

test("names a log by the whole hash of which its checkpoints show four bytes (B3)", () => {
  expect(logIdOf(log).length).toBe(32);
  expect(Buffer.compare(logIdOf(log).subarray(0, 4), keyIdOf(log))).toBe(0);
});

test("names every log key of a trust file in the trusted root, under a URL that holds its name (R1, R2)", () => {
  const other = signerFromPem("example.org/other", createKeyPair().privateKeyPem);
  const trust = trustFileOf(ORIGIN, [log, other], { attestors: [attestor] });

  const { tlogs, ...rest } = trustedRootOf(trust);

  expect(rest).toEqual({
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    certificateAuthorities: [],
    ctlogs: [],
    timestampAuthorities: [],
  });
  expect((tlogs as JsonObject[]).map(({ baseUrl }) => baseUrl)).toEqual([
    `https://${ORIGIN}`,
    "https://example.org/other",
  ]);
  expect((tlogs as JsonObject[]).map(({ logId }) => logId)).toEqual(
    [log, other].map((key) => ({ keyId: Buffer.from(logIdOf(key)).toString("base64") })),
  );
});

test("prints an attestor's key as others read it, under the hint that bundles name it by", () => {
  const [key] = attestorKeysOf(trustFileOf(ORIGIN, [log], { attestors: [attestor] }));
  const value = JSON.parse(Buffer.from(bytes).toString("utf8"));

  expect(key?.name).toBe("attestor");
  expect(key?.hint).toBe(value.verificationMaterial.publicKey.hint);
  expect(key?.pem).toMatch(/^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=]{60}\n-----END PUBLIC KEY-----\n$/);
});

describe("refuses a bundle (B1)", () => {
  const entry = "/verificationMaterial/tlogEntries/0";
  const proof = `${entry}/inclusionProof`;
  const changes: readonly (readonly [name: string, pointer: string, value: JsonValue | undefined])[] = [
    ["of another type", "/mediaType", "application/vnd.dev.sigstore.bundle.v0.4+json"],
    ["with a further field", "/extra", 1],
    ["with an inclusion promise", `${entry}/inclusionPromise`, { signedEntryTimestamp: "AAAA" }],
    ["with a time", `${entry}/integratedTime`, "1769860800"],
    ["without a time", `${entry}/integratedTime`, undefined],
    ["of another kind of entry", `${entry}/kindVersion/kind`, "dsse"],
    ["with two indexes", `${entry}/logIndex`, "0"],
    ["with a negative index", `${entry}/logIndex`, "-1"],
    ["with an index that is a number", `${entry}/logIndex`, 1],
    ["with another tree size", `${proof}/treeSize`, "3"],
    ["with another root", `${proof}/rootHash`, Buffer.alloc(32).toString("base64")],
    ["with hashes that are no list", `${proof}/hashes`, "AAAA"],
    ["with a hash that is no base64", `${proof}/hashes/0`, "*"],
    ["with an empty checkpoint", `${proof}/checkpoint/envelope`, ""],
    ["with a checkpoint that is no note", `${proof}/checkpoint/envelope`, "origin\n2\nAAAA\n"],
    ["with another entry", `${entry}/canonicalizedBody`, Buffer.from("{}").toString("base64")],
    ["with another payload than its entry", "/dsseEnvelope/payload", "e30="],
    ["with another type of payload", "/dsseEnvelope/payloadType", "text/plain"],
    ["with another signature than its entry", "/dsseEnvelope/signatures/0/sig", Buffer.alloc(64).toString("base64")],
    ["with two signatures", "/dsseEnvelope/signatures/1", { keyid: "", sig: "" }],
    ["with two entries", "/verificationMaterial/tlogEntries/1", {}],
    ["without an entry", "/verificationMaterial/tlogEntries", []],
    ["with another hint", "/verificationMaterial/publicKey/hint", "AAAA"],
    ["with a certificate", "/verificationMaterial/certificate", { rawBytes: "AAAA" }],
  ];

  test.each(changes)("%s", (_, pointer, value) => {
    const changed = changedAt(pointer, value);

    expect(changed).not.toBe(Buffer.from(bytes).toString("utf8"));
    expect(readSigstoreBundle(Buffer.from(changed))).toBeUndefined();
  });

  test.each([
    ["that is empty", ""],
    ["that is null", "null"],
    ["that is no JSON", "{"],
    ["with a space", ` ${Buffer.from(bytes).toString("utf8")}`],
    ["with its keys in another order", JSON.stringify(JSON.parse(Buffer.from(bytes).toString("utf8")), ["mediaType"])],
  ])("%s", (_, text) => {
    expect(readSigstoreBundle(Buffer.from(text))).toBeUndefined();
  });
});

test("gives the entry the digest of what was signed, not of the payload", () => {
  const body = Buffer.from(entryOf(signed)).toString("utf8");
  const base64 = (data: Uint8Array) => Buffer.from(digestBytes(data).slice(7), "hex").toString("base64");

  expect(body).toContain(base64(preAuthEncoding(payload)));
  expect(body).not.toContain(base64(payload));
});

function changedAt(pointer: string, value: JsonValue | undefined): string {
  const document = JSON.parse(Buffer.from(bytes).toString("utf8"));
  const steps = pointer.slice(1).split("/");
  const last = steps.pop() as string;
  const parent = steps.reduce((at, step) => at[step], document);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return canonicalJson(document);
}
