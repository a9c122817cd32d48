import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isEd25519Signature, signCheckpoint } from "@canonic/audit";
import { expect, test } from "vitest";
import { createApprover, openKeys, originOf, readApprover, readTrust } from "../src/keys.ts";
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
  const asked = (note: Uint8Array | undefined) => originOf(store, { checkpoint: () => note });
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

test("log, operator and approvers have keys of their own, and the private half of an approver is not in the store (K3)", () => {
  const store = testFolder();
  const file = join(testFolder(), "ada.pem");
  createApprover(store, "ada", file);
  const { trust, operator } = openKeys(store);
  const keys = [trust.logs[0]?.keys[0], ...(trust.issuers ?? []), ...(trust.approvers ?? [])];

  expect(trust.issuers?.map(({ name }) => name)).toEqual([operator.name]);
  expect(trust.approvers?.map(({ name }) => name)).toEqual(["ada"]);
  expect(new Set(keys.map((key) => key?.publicKey)).size).toBe(3);
  expect(readApprover(file).name).toBe("ada");
  expect(readdirSync(join(store, "keys")).sort()).toEqual(["log.pem", "operator.pem"]);
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
