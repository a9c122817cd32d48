import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isEd25519Signature } from "@canonic/audit";
import { expect, test } from "vitest";
import { openKeys, readTrust } from "../src/keys.ts";
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
