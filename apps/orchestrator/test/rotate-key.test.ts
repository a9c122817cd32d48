import { copyFileSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { fsck, openLogCheckpoint, readCheckpoint, trustedKeysOf } from "@canonic/audit";
import { describe, expect, test } from "vitest";
import { nextSignerOf, openKeys, originOf, readTrust, trustInForce } from "../src/keys.ts";
import { makeNextKey } from "../src/log-key-files.ts";
import { rotateLogKey } from "../src/rotate-key.ts";
import { withAuthority, withReader, withStore } from "../src/store.ts";
import { testFolder } from "./folder.ts";

const visit = (store: string) =>
  withAuthority(store, (authority) => withStore(store, authority, async () => undefined));
const pem = (store: string, name: string) => readFileSync(join(store, "keys", name), "utf8");
const logFiles = (store: string) => readdirSync(join(store, "keys")).filter((name) => name.startsWith("log"));

async function newStore() {
  const store = testFolder();
  await visit(store);
  const { origin, trustFile } = openKeys(store);
  return { store, origin, first: pem(store, "log.pem"), trust: readFileSync(trustFile, "utf8") };
}

/** Everything that must hold of a store whose rotation came to its end. */
async function expectRotated(store: string, origin: string, first: string, rotations: number): Promise<void> {
  const keys = openKeys(store);
  expect(keys.origin).toBe(origin);
  expect(keys.identity.next).toBeUndefined();
  expect(pem(store, "log.pem")).not.toBe(first);
  expect(pem(store, "log-1.pem")).toBe(first);
  expect(logFiles(store)).toHaveLength(1 + rotations);
  for (const name of logFiles(store)) expect(statSync(join(store, "keys", name)).mode & 0o777).toBe(0o600);
  await withReader(store, async (reader) => {
    const note = (await reader.checkpoint()) as Uint8Array;
    expect(readCheckpoint(note).size).toBe(await reader.size());
    expect((await openLogCheckpoint(reader, note, [keys.signer])).origin).toBe(origin);
    expect(await originOf(store, reader)).toBe(origin);
    expect((await fsck(reader, { trust: { origin, keys: [keys.signer] } })).findings).toEqual([]);
  });
}

test("a log changes its key and keeps its name, its trust file and its old keys (F3)", async () => {
  const { store, origin, first, trust } = await newStore();

  const one = await withAuthority(store, (authority) => rotateLogKey(store, authority));
  await expectRotated(store, origin, first, 1);
  const two = await withAuthority(store, (authority) => rotateLogKey(store, authority));

  await expectRotated(store, origin, first, 2);
  expect([one.origin, one.index, two.index]).toEqual([origin, 0, 1]);
  expect(two.publicKey).toBe(Buffer.from(openKeys(store).signer.publicKey).toString("base64"));
  expect(two.publicKey).not.toBe(one.publicKey);
  expect(readFileSync(openKeys(store).trustFile, "utf8")).toBe(trust);
});

test("a trust file of the key in force names it alone, beside the people of the store's own", async () => {
  const { store, origin } = await newStore();
  const { publicKey } = await withAuthority(store, (authority) => rotateLogKey(store, authority));
  const out = join(testFolder(), "trust.json");

  await withReader(store, (reader) => trustInForce(reader, openKeys(store), out));

  const fresh = readTrust(out);
  const { logs: _, ...people } = openKeys(store).trust;
  expect(fresh).toEqual({ ...people, logs: [{ origin, keys: [{ name: origin, publicKey }] }] });
  await withReader(store, async (reader) => {
    const note = (await reader.checkpoint()) as Uint8Array;
    expect((await openLogCheckpoint(reader, note, trustedKeysOf(fresh, origin))).size).toBe(1);
    const again = trustInForce(reader, openKeys(store), out);
    await expect(again).rejects.toMatchObject({ code: "orchestrator.out-not-empty" });
  });
});

describe("a crash in a rotation (F1, F2)", () => {
  test("before its event leaves the old key in force, and the next rotation goes on with the same new key", async () => {
    const { store, origin, first } = await newStore();
    const next = readFileSync(makeNextKey(store, origin), "utf8");

    await visit(store);
    expect(pem(store, "log.pem")).toBe(first);
    expect(openKeys(store).origin).toBe(origin);
    await withAuthority(store, (authority) => rotateLogKey(store, authority));

    await expectRotated(store, origin, first, 1);
    expect(pem(store, "log.pem")).toBe(next);
  });

  test("between its checkpoint and its key file is completed by whoever opens the store next", async () => {
    const { store, origin, first } = await newStore();
    const next = nextSignerOf(makeNextKey(store, origin), origin);
    await withAuthority(store, (authority) =>
      withStore(store, authority, async ({ journal }) => void (await journal.rotateKey(next))),
    );
    expect(pem(store, "log.pem")).toBe(first);
    await withReader(store, async (reader) => {
      expect(await originOf(store, reader)).toBe(origin);
      const out = join(testFolder(), "trust.json");
      const { publicKey } = await trustInForce(reader, openKeys(store), out);
      expect(publicKey).toBe(Buffer.from(next.publicKey).toString("base64"));
    });

    await visit(store);

    await expectRotated(store, origin, first, 1);
  });

  test("between keeping the old key file and putting the next one in its place keeps one copy of it", async () => {
    const { store, origin, first } = await newStore();
    const next = nextSignerOf(makeNextKey(store, origin), origin);
    await withAuthority(store, (authority) =>
      withStore(store, authority, async ({ journal }) => void (await journal.rotateKey(next))),
    );
    copyFileSync(join(store, "keys", "log.pem"), join(store, "keys", "log-1.pem"));
    expect(logFiles(store)).toEqual(["log-1.pem", "log-next.pem", "log.pem"]);

    await visit(store);

    await expectRotated(store, origin, first, 1);
  });

  test("that lost the next key's file is an error, and nothing is written", async () => {
    const { store, origin } = await newStore();
    const file = makeNextKey(store, origin);
    const next = nextSignerOf(file, origin);
    await withAuthority(store, (authority) =>
      withStore(store, authority, async ({ journal }) => void (await journal.rotateKey(next))),
    );
    const kept = join(testFolder(), "elsewhere.pem");
    renameSync(file, kept);

    await expect(visit(store)).rejects.toMatchObject({ code: "audit.key-not-in-force" });
    await withReader(store, async (reader) => expect(await reader.size()).toBe(1));
    renameSync(kept, file);
    await visit(store);
    expect(openKeys(store).identity.next).toBeUndefined();
  });
});
