/** Attacks on a live store: the next command refuses with a code, or `fsck` names what is wrong; nothing goes on unseen. */
import { cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  addCheckpoint,
  createKeyPair,
  Frontier,
  parseTrustFile,
  readCheckpoint,
  signerFromPem,
  trustedKeysOf,
} from "@canonic/audit";
import { openSqliteReader } from "@canonic/store-sqlite";
import { beforeAll, describe, expect, test } from "vitest";
import { domainsConfig } from "../authority/plans.ts";
import { canonic, type Ended } from "../main-job/command-line.ts";
import { storeAttacks } from "./store-attacks.ts";
import { copyOf, type History, makeHistory, STORE, type Struck } from "./struck-store.ts";

/** By default every second one, and never less than the twenty that are asked for. */
const isAll = process.env["CANONIC_ATTACKS"] === "all";
const attacks = storeAttacks.filter((_attack, at) => isAll || at % 2 === 0);

let history: History;
beforeAll(async () => {
  history = await makeHistory();
});

const said = (store: Struck, ...args: string[]): Promise<Ended> =>
  canonic([...args, "--json"], { cwd: store.cwd, config: domainsConfig });

/** The code of a refusal; null for a command that did what it was asked. */
function refusalOf({ code, stdout, stderr }: Ended): string | null {
  expect(stderr).not.toMatch(/^\s+at |orchestrator\.internal/m);
  if (code === 0) return null;
  expect([1, 2, 4]).toContain(code);
  const { error } = JSON.parse(stdout) as { error?: { code: string } };
  return error?.code ?? null;
}

/** What `fsck` refuses with, or finds. */
function findingsOf(ended: Ended): readonly string[] {
  const refusal = refusalOf(ended);
  if (refusal !== null) return [refusal];
  const { sound, findings } = JSON.parse(ended.stdout) as { sound: boolean; findings: { code: string }[] };
  expect(ended.code).toBe(sound ? 0 : 1);
  return findings.map(({ code }) => code);
}

test("the store as it is: the next run goes on, and fsck is clean", async () => {
  const store = copyOf(history);

  expect(findingsOf(await said(store, "fsck"))).toEqual([]);
  expect(refusalOf(await said(store, "run", "plan.json"))).toBeNull();
  expect(findingsOf(await said(store, "fsck"))).toEqual([]);
});

describe.concurrent("an attack on the store is refused or named", () => {
  test.each(attacks)("$name", async ({ how, run, fsck }) => {
    const store = copyOf(history);
    const release = how(store, history);

    const found = findingsOf(await said(store, "fsck"));
    const refused = refusalOf(await said(store, "run", "plan.json"));
    if (typeof release === "function") release();

    const named = fsck !== null && found.includes(fsck) ? [fsck] : found;
    expect({ run: refused, fsck: named }).toEqual({ run, fsck: fsck === null ? [] : [fsck] });
    expect(run ?? fsck).not.toBeNull();
    // What is damaged stays so: nothing is repaired in passing.
    if (fsck !== null && run === null) expect(findingsOf(await said(store, "fsck"))).toContain(fsck);
  });
});

describe.concurrent("what a store cannot see of itself, and who sees it", () => {
  test.each([
    ["the log and its checkpoint", (store: Struck) => store.take(history.first, "log.sqlite", "checkpoint")],
    [
      "the whole store",
      (store: Struck) => {
        rmSync(store.path("."), { recursive: true });
        cpSync(join(history.first, STORE), store.path("."), { recursive: true });
      },
    ],
  ])("%s rolled back together: a witness, and whoever else kept a later checkpoint", async (_what, how) => {
    const store = copyOf(history);
    const kept = readCheckpoint(store.read("checkpoint"));
    const witness = await witnessOf(store);
    how(store);

    const found = findingsOf(await said(store, "fsck"));
    const now = readCheckpoint(store.read("checkpoint"));

    expect(found).toEqual([]);
    expect(now.size).toBeLessThan(kept.size);
    expect(refusalOf(await said(store, "run", "plan.json"))).toBeNull();
    // The log has grown again, with other leaves: it is a fork of what was signed, and the kept root says so.
    const grown = readCheckpoint(store.read("checkpoint"));
    expect(grown.origin).toBe(kept.origin);
    expect(await witness(store, kept.size)).toBe(grown.size < kept.size ? 400 : 422);
    expect(await witness(store, 0)).toBe(409);
    expect(await rootAt(store, Math.min(kept.size, grown.size))).not.toEqual(
      kept.size <= grown.size ? kept.root : undefined,
    );
  });

  test("an older checkpoint of the same log: nothing is lost by it, and the next one covers all", async () => {
    const store = copyOf(history);
    const before = readCheckpoint(store.read("checkpoint"));
    store.take(history.revoked, "checkpoint");
    expect(readCheckpoint(store.read("checkpoint")).size).toBeLessThan(before.size);

    expect(findingsOf(await said(store, "fsck"))).toEqual([]);
    expect(refusalOf(await said(store, "run", "plan.json"))).toBeNull();

    expect(await rootAt(store, before.size)).toEqual(before.root);
    expect(findingsOf(await said(store, "fsck"))).toEqual([]);
  });

  test("a revocation taken out of the store of authority: the log still has it, and the run's evidence is not VALID", async () => {
    const store = copyOf(history);
    store.sql("authority.sqlite", "DELETE FROM marks WHERE fact = 'revoked'");

    const ended = await said(store, "run", "plan.json", "--token", "token.txt");

    expect(ended.code).toBe(1);
    const { verification } = JSON.parse(ended.stdout) as { verification: { verdict: string; reasons: unknown[] } };
    expect(verification.verdict).toBe("INVALID");
  });

  test("another store in its place: whoever has the trust file", async () => {
    const store = copyOf(history);
    writeFileSync(join(store.cwd, "trust.json"), store.read("trust.json"));
    rmSync(store.path("."), { recursive: true });
    symlinkSync(join(history.foreign, STORE), store.path("."));

    const { stdout } = await said(store, "runs");
    const { runs } = JSON.parse(stdout) as { runs: { run: string }[] };
    await said(store, "export", String(runs[0]?.run), "--out", "bundle");
    const judged = await said(store, "verify", "bundle", "--trust", "trust.json");

    expect(judged.code).toBe(1);
    expect(JSON.parse(judged.stdout)).toMatchObject({ verdict: "INVALID", reasons: [{ code: "origin-untrusted" }] });
  });
});

/** A witness that cosigned the store's checkpoint as it is; it answers what the store has later, with its HTTP status. */
async function witnessOf(store: Struck): Promise<(store: Struck, oldSize: number) => Promise<number>> {
  const { origin } = readCheckpoint(store.read("checkpoint"));
  const logs = trustedKeysOf(parseTrustFile(store.read("trust.json")), origin);
  const signer = signerFromPem("witness.test", createKeyPair().privateKeyPem);
  let last: Uint8Array | undefined;
  const state = {
    last: () => last,
    swap: (_origin: string, _expected: Uint8Array | undefined, next: Uint8Array) => {
      last = next;
      return true;
    },
  };
  const ask = async (asked: Struck, oldSize: number): Promise<number> => {
    const body = Buffer.concat([Buffer.from(`old ${oldSize}\n\n`), asked.read("checkpoint")]);
    return (await addCheckpoint(body, { signer, logs, state, clock: { posixSeconds: () => 1_769_860_800 } })).status;
  };
  expect(await ask(store, 0)).toBe(200);
  return ask;
}

/** The root of the first `size` leaves, from the leaves; undefined where there are fewer. */
async function rootAt(store: Struck, size: number): Promise<Uint8Array | undefined> {
  const reader = openSqliteReader({ directory: store.path(".") });
  try {
    const leaves = await reader.readLeaves(0, size);
    if (leaves.length < size) return undefined;
    const frontier = new Frontier();
    for (const { hash } of leaves) frontier.append(hash);
    return frontier.root();
  } finally {
    reader.close();
  }
}

test("at least 20 attacks on a store are named, each once", () => {
  const names = storeAttacks.map(({ name }) => name);

  process.stdout.write(`attacks on a live store: ${attacks.length} of ${names.length}\n`);
  expect(attacks.length).toBeGreaterThanOrEqual(20);
  expect(new Set(names).size).toBe(names.length);
});
