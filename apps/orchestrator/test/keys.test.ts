import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isEd25519Signature, signCheckpoint } from "@canonic/audit";
import { expect, test } from "vitest";
import { createApprover, openKeys, openWriterKeys, originOf, readApprover, readTrust } from "../src/keys.ts";
import { testFolder } from "./folder.ts";

test("a store's key is made once, for its owner alone, and its trust file holds the public half (K1)", () => {
  const store = testFolder();
  const first = openKeys(store);
  const pem = readFileSync(join(store, "keys", "log.pem"), "utf8");
  const second = openKeys(store);
  const message = Buffer.from("message");
  const [log] = readTrust(first.trustFile).logs;
  const publicKey = Buffer.from(log?.keys[0]?.publicKey ?? "", "base64");

  expect(second.origin).toBe(first.origin);
  expect(readFileSync(join(store, "keys", "log.pem"), "utf8")).toBe(pem);
  expect(statSync(join(store, "keys", "log.pem")).mode & 0o777).toBe(0o600);
  expect(log?.origin).toBe(first.origin);
  expect(isEd25519Signature({ name: first.origin, publicKey }, message, second.signer.sign(message))).toBe(true);
  expect(readFileSync(first.trustFile, "utf8")).not.toContain(pem.split("\n")[1]);
});

test("a log without its key is an error, not a reason for a new key (K1)", () => {
  const store = testFolder();
  openKeys(store);
  writeFileSync(join(store, "checkpoint"), "there was a log");
  rmSync(join(store, "keys"), { recursive: true });

  expect(() => openKeys(store)).toThrow(expect.objectContaining({ code: "orchestrator.keys-invalid" }));
});

test("the origin of a log is what its checkpoint says under a key of the trust file; the private keys are not needed", async () => {
  const store = testFolder();
  const { origin, signer } = openKeys(store);
  const stranger = openKeys(testFolder());
  const root = Buffer.alloc(32);
  const asked = (note: Uint8Array | undefined) => originOf(store, { checkpoint: () => note, readRun: () => [] });
  rmSync(join(store, "keys"), { recursive: true });

  await expect(asked(signCheckpoint({ origin, size: 0, root }, signer))).resolves.toBe(origin);
  for (const said of [origin, stranger.origin]) {
    const forged = asked(signCheckpoint({ origin: said, size: 0, root }, stranger.signer));
    await expect(forged).rejects.toMatchObject({ code: "audit.note-invalid" });
  }
  await expect(asked(undefined)).rejects.toMatchObject({ code: "orchestrator.keys-invalid" });
});

test.each(["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])(
  "a key file of %j is refused",
  (pem) => {
    const store = testFolder();
    openKeys(store);
    writeFileSync(join(store, "keys", "log.pem"), pem);

    expect(() => openKeys(store)).toThrow(expect.objectContaining({ code: "orchestrator.keys-invalid" }));
  },
);

test.each(["", "{}", "[]", '{"schema":"canonic/trust/v1","logs":[]}'])("a trust file of %j is refused", (text) => {
  const file = join(testFolder(), "trust.json");
  writeFileSync(file, text);

  expect(() => readTrust(file)).toThrow(expect.objectContaining({ code: "audit.trust-invalid" }));
});

test("a trust file that is not there is named", () => {
  expect(() => readTrust(join(testFolder(), "none.json"))).toThrow(
    expect.objectContaining({
      code: "orchestrator.file-unreadable",
      details: expect.objectContaining({ system: "ENOENT" }),
    }),
  );
});

test("log, operator, attestor and approvers have keys of their own, and the private half of an approver is not in the store (K3)", () => {
  const store = testFolder();
  const file = join(testFolder(), "ada.pem");
  createApprover(store, "ada", file);
  const { trust, operator } = openKeys(store);
  const people = [...(trust.issuers ?? []), ...(trust.approvers ?? []), ...(trust.attestors ?? [])];
  const keys = [trust.logs[0]?.keys[0], ...people];

  expect(trust.issuers?.map(({ name }) => name)).toEqual([operator.name]);
  expect(trust.approvers?.map(({ name }) => name)).toEqual(["ada"]);
  expect(new Set(keys.map((key) => key?.publicKey)).size).toBe(4);
  expect(readApprover(file).name).toBe("ada");
  expect(readdirSync(join(store, "keys")).sort()).toEqual(["attestor.pem", "log.pem", "operator.pem"]);
});

test.each([
  ["a line break", "ada\nbob"],
  ["nothing", ""],
  ["the name of something that executes", "approval-bot"],
])("%s names no approver, and nothing is made", (_what, name) => {
  const store = testFolder();
  const file = join(testFolder(), "key.pem");

  expect(() => createApprover(store, name, file)).toThrow();
  expect(existsSync(file)).toBe(false);
  expect(openKeys(store).trust.approvers).toEqual([]);
});

test("a key without a name, and the operator's key, are no approver's", () => {
  const store = testFolder();
  openKeys(store);

  expect(() => readApprover(join(store, "keys", "operator.pem"))).toThrow(
    expect.objectContaining({ code: "orchestrator.keys-invalid" }),
  );
});

test("an operator's key that is lost is an error, not a reason for a new one (K1)", () => {
  const store = testFolder();
  openKeys(store);
  rmSync(join(store, "keys", "operator.pem"));

  expect(() => openKeys(store)).toThrow(expect.objectContaining({ code: "orchestrator.keys-invalid" }));
});

/** A store as it was made before there were attestors. */
function storeOfBefore(): string {
  const store = testFolder();
  const { trust, trustFile } = openKeys(store);
  const { attestors: _, ...before } = trust;
  rmSync(join(store, "keys", "attestor.pem"));
  writeFileSync(trustFile, JSON.stringify(before));
  return store;
}

test("a store of before gets an attestor when it is opened to be written, and its trust file the public half (K4)", () => {
  const store = storeOfBefore();
  createApprover(store, "ada", join(testFolder(), "ada.pem"));

  const { attestor, trust, origin } = openWriterKeys(store);

  expect(trust.attestors).toEqual([
    { name: `${origin}/attestor`, publicKey: Buffer.from(attestor.publicKey).toString("base64") },
  ]);
  expect(trust.approvers?.map(({ name }) => name)).toEqual(["ada"]);
  expect(readTrust(join(store, "trust.json"))).toEqual(trust);
  expect(openWriterKeys(store).attestor.publicKey).toEqual(attestor.publicKey);
  expect(statSync(join(store, "keys", "attestor.pem")).mode & 0o777).toBe(0o600);
});

test("a crash between the attestor's key and the trust file is made good with the same key (K4)", () => {
  const store = storeOfBefore();
  const trust = readFileSync(join(store, "trust.json"));
  const { attestor } = openWriterKeys(store);
  writeFileSync(join(store, "trust.json"), trust);

  const again = openWriterKeys(store);

  expect(again.attestor.publicKey).toEqual(attestor.publicKey);
  expect(again.trust.attestors?.length).toBe(1);
});

test("who only reads a store of before makes nothing (K4)", () => {
  const store = storeOfBefore();
  const trust = readFileSync(join(store, "trust.json"));

  openKeys(store);

  expect(readdirSync(join(store, "keys")).sort()).toEqual(["log.pem", "operator.pem"]);
  expect(readFileSync(join(store, "trust.json"))).toEqual(trust);
});

test("an attestor's key that is lost is an error, not a reason for a new one (K1)", () => {
  const store = testFolder();
  openWriterKeys(store);
  rmSync(join(store, "keys", "attestor.pem"));

  expect(() => openWriterKeys(store)).toThrow(expect.objectContaining({ code: "orchestrator.keys-invalid" }));
});

test("a list of attestors that a person has changed stays as it is", () => {
  const store = testFolder();
  const { trust, trustFile } = openWriterKeys(store);
  writeFileSync(trustFile, JSON.stringify({ ...trust, attestors: [] }));

  expect(openWriterKeys(store).trust.attestors).toEqual([]);
});

test("a key file that cannot be read is not said to be no key", () => {
  const store = testFolder();
  mkdirSync(join(store, "keys", "log.pem"), { recursive: true });

  expect(() => openKeys(store)).toThrow(expect.objectContaining({ code: "orchestrator.file-unreadable" }));
});
