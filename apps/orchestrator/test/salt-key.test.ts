import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestJson, type SaltContext } from "@canonic/contracts";
import { expect, test } from "vitest";
import { openWriterKeys } from "../src/keys.ts";
import { openSalts } from "../src/salt-key.ts";
import { testFolder } from "./folder.ts";

const context: SaltContext = { purpose: "input", request: digestJson("request"), place: "/tasks/0/name" };
const saltIn = (store: string): string => openSalts(store).saltOf(context, digestJson("ada"));
const fileOf = (store: string): string => join(store, "keys", "salt.key");
const refused = expect.objectContaining({ code: "orchestrator.keys-invalid" });

test("a store's salts are the same each time, and no other store's; the key is its owner's alone (S1)", () => {
  const [store, other] = [testFolder(), testFolder()];
  const first = saltIn(store);

  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(saltIn(store)).toBe(first);
  expect(saltIn(other)).not.toBe(first);
  expect(statSync(fileOf(store)).mode & 0o777).toBe(0o600);
});

test("a key that is lost, damaged or another's is an error, and no reason for a new one (S1)", () => {
  const [store, other] = [testFolder(), testFolder()];
  saltIn(store);
  saltIn(other);
  const hex = readFileSync(fileOf(store), "utf8");

  for (const text of [hex.slice(0, 40), "", hex.toUpperCase(), hex.trimEnd(), readFileSync(fileOf(other), "utf8")]) {
    writeFileSync(fileOf(store), text);
    expect(() => openSalts(store), text).toThrow(refused);
  }
  rmSync(fileOf(store));
  expect(() => openSalts(store)).toThrow(refused);
  expect(() => openWriterKeys(store)).toThrow(refused);
  expect(existsSync(fileOf(store))).toBe(false);
});

test("a crash between the key and its id leaves the key in force", () => {
  const store = testFolder();
  const first = saltIn(store);
  rmSync(join(store, "keys", "salt.id"));

  expect(saltIn(store)).toBe(first);
  expect(existsSync(join(store, "keys", "salt.id"))).toBe(true);
});

test("a store from before there were salt keys gets one when it is opened to be written (S3)", () => {
  const store = testFolder();
  openWriterKeys(store);
  mkdirSync(join(store, "log.sqlite"));
  for (const name of ["salt.key", "salt.id"]) rmSync(join(store, "keys", name));

  openWriterKeys(store);

  expect(existsSync(fileOf(store))).toBe(true);
});

test("no error and no salt shows the key (S2)", () => {
  const store = testFolder();
  const salt = saltIn(store);
  const hex = readFileSync(fileOf(store), "utf8").trimEnd();
  writeFileSync(fileOf(store), hex);
  let thrown: unknown;
  try {
    openSalts(store);
  } catch (error) {
    thrown = error;
  }

  expect(thrown).toBeInstanceOf(Error);
  for (const text of [String(thrown), JSON.stringify(thrown), String((thrown as Error).stack), salt])
    expect(text).not.toContain(hex.slice(0, 16));
  expect(readFileSync(join(store, "keys", "salt.id"), "utf8")).not.toContain(hex.slice(0, 16));
});
