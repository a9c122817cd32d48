import { existsSync } from "node:fs";
import { join } from "node:path";
import { createKeyPair, printVerifierKey, SIGNATURE_TYPE, signerFromPem } from "@canonic/audit";
import { takeLock } from "@canonic/store-sqlite";
import { expect, test } from "vitest";
import { assertKeys, openKeys, readTrust } from "../src/keys.ts";
import { trustWitness } from "../src/trust-witness.ts";
import { testFolder } from "./folder.ts";

const vkeyOf = (name: string) =>
  printVerifierKey(signerFromPem(name, createKeyPair().privateKeyPem), SIGNATURE_TYPE.cosignature);

test("a store that there is not is not made by asking about it", () => {
  const store = join(testFolder(), "typo");
  const refusal = expect.objectContaining({ code: "orchestrator.store-missing", details: { directory: store } });

  expect(() => assertKeys(store)).toThrow(refusal);
  expect(() => trustWitness(store, vkeyOf("witness.example/one"), undefined)).toThrow(refusal);
  expect(existsSync(store)).toBe(false);
});

test("a store with keys and no log yet takes witnesses, and keeps whom it trusts", () => {
  const store = testFolder();
  const { trustFile } = openKeys(store);
  const before = readTrust(trustFile);

  trustWitness(store, vkeyOf("witness.example/one"), undefined);
  const { witnesses, quorum } = trustWitness(store, vkeyOf("witness.example/two"), "2");

  expect({ witnesses, quorum }).toEqual({ witnesses: ["witness.example/one", "witness.example/two"], quorum: 2 });
  expect(readTrust(trustFile)).toMatchObject({ ...before, witnessQuorum: 2 });
});

test("a witness waits for who is changing the trust file, and overwrites nobody's change", () => {
  const store = testFolder();
  openKeys(store);
  const release = takeLock(store, "trust.lock", 0);
  try {
    expect(() => trustWitness(store, vkeyOf("witness.example/one"), undefined)).toThrow(
      expect.objectContaining({ code: "store-sqlite.locked" }),
    );
  } finally {
    release();
  }
});
