/** A witness as a process: what a log gets from it, and what nobody gets from it, also when it is killed. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  cosignaturesOf,
  createKeyPair,
  openCheckpoint,
  parseVerifierKey,
  printVerifierKey,
  SIGNATURE_TYPE,
  signerFromPem,
} from "@canonic/audit";
import { describe, expect, test } from "vitest";
import { canonic, canonicJson, type Started, startCanonic, temporaryFolder } from "../main-job/command-line.ts";
import { appendRun, historyOf, initialisedStore } from "./sealed-log.ts";

const KILLS = Number(process.env["CANONIC_WITNESS_KILLS"] ?? "3");

type Listening = { readonly witness: string; readonly key: string; readonly url: string; readonly started: Started };

/** Starts a witness and waits until it listens. */
async function startWitness(folder: string, name: string, ...logKeys: string[]): Promise<Listening> {
  const files = [
    "--key",
    join(folder, `${name}.pem`),
    "--state",
    join(folder, name),
    "--name",
    `witness.example/${name}`,
  ];
  const args = ["witness", "--listen", "127.0.0.1:0", ...files, ...logKeys.flatMap((key) => ["--log", key]), "--json"];
  const started = startCanonic(args, { config: null, cwd: folder });
  let text = "";
  const said = new Promise<string>((resolve, reject) => {
    started.child.stdout?.on("data", (piece: string) => {
      text += piece;
      if (text.includes("\n}") || /\}\n$/.test(text)) resolve(text);
    });
    started.ended.then(({ stderr }) => reject(new Error(stderr)));
  });
  const { witness, key, url } = JSON.parse(await said) as Omit<Listening, "started">;
  return { witness, key, url, started };
}

async function stop({ started }: Listening): Promise<void> {
  started.child.kill("SIGTERM");
  expect((await started.ended).code).toBe(0);
}

const post = async (url: string, body: Uint8Array) => {
  const response = await fetch(`${url}/add-checkpoint`, { method: "POST", body: Buffer.from(body) });
  return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
};

describe("canonic witness", () => {
  test("cosigns a store's checkpoints as its log grows, and the log keeps its lines", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "store");
    const signer = await initialisedStore(store);
    await appendRun(store, signer, 5);
    const { key: logKey } = await canonicJson<{ key: string }>(["log", "key", "--store", store]);
    expect(logKey).toBe(printVerifierKey(signer, SIGNATURE_TYPE.ed25519));
    const [one, two] = [await startWitness(folder, "one", logKey), await startWitness(folder, "two", logKey)];
    const urls = ["--witness", one.url, "--witness", two.url];
    await canonicJson(["log", "witness", one.key, "--store", store]);
    await canonicJson(["log", "witness", two.key, "--quorum", "2", "--store", store]);

    const first = await canonicJson<{ size: number; cosigned: unknown[] }>([
      "log",
      "cosign",
      ...urls,
      "--store",
      store,
    ]);
    await appendRun(store, signer, 9);
    const second = await canonicJson<{ size: number; cosigned: unknown[] }>([
      "log",
      "cosign",
      ...urls,
      "--store",
      store,
    ]);
    const again = await canonicJson<{ size: number; cosigned: unknown[] }>([
      "log",
      "cosign",
      ...urls,
      "--store",
      store,
    ]);

    expect([first, second, again].map(({ size, cosigned }) => [size, cosigned.length])).toEqual([
      [5, 2],
      [14, 2],
      [14, 2],
    ]);
    const note = readFileSync(join(store, "checkpoint"));
    const keys = [one, two].map(({ key }) => parseVerifierKey(key));
    expect(cosignaturesOf(note, keys).map(({ witness }) => witness)).toEqual([
      "witness.example/one",
      "witness.example/two",
    ]);
    expect(openCheckpoint(note, [signer]).size).toBe(14);
    const tiles = join(folder, "tiles");
    const written = await canonicJson<{ size: number; files: number }>([
      "log",
      "export",
      "--out",
      tiles,
      "--store",
      store,
    ]);
    expect(written).toMatchObject({ size: 14, files: 3 });
    expect(readFileSync(join(tiles, "checkpoint"))).toEqual(note);
    expect(existsSync(join(tiles, "tile", "0", "000.p", "14"))).toBe(true);
    const trust = JSON.parse(readFileSync(join(store, "trust.json"), "utf8"));
    expect([trust.witnessQuorum, trust.witnesses.length]).toEqual([2, 2]);
    await stop(one);
    await stop(two);
  });

  test("is one of several: what one said is kept, and of the others it is said what was wrong", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "store");
    const signer = await initialisedStore(store);
    await appendRun(store, signer, 5);
    const key = printVerifierKey(signer, SIGNATURE_TYPE.ed25519);
    const names = ["one", "ahead", "forked", "stranger"];
    const started = await Promise.all(names.map((name) => startWitness(folder, name, key)));
    const [one, ahead, forked, stranger] = started as [Listening, Listening, Listening, Listening];
    for (const { key } of [one, ahead, forked]) await canonicJson(["log", "witness", key, "--store", store]);
    const elsewhere = historyOf("elsewhere", signer);
    expect((await post(ahead.url, await elsewhere.request(0, 50))).status).toBe(200);
    expect((await post(forked.url, await elsewhere.request(0, 4))).status).toBe(200);
    const urls = ["http://127.0.0.1:9", ahead.url, forked.url, stranger.url, one.url];
    const args = ["log", "cosign", ...urls.flatMap((url) => ["--witness", url]), "--store", store];

    const answer = await canonicJson<{ cosigned: { witness: string }[]; failures: { code: string }[] }>(args, {
      code: 1,
    });

    expect(answer.cosigned.map(({ witness }) => witness)).toEqual([one.witness]);
    expect(answer.failures.map(({ code }) => code)).toEqual([
      "orchestrator.witness-unreachable",
      "orchestrator.witness-ahead",
      "orchestrator.witness-refused",
      "orchestrator.witness-refused",
    ]);
    const note = readFileSync(join(store, "checkpoint"));
    expect(
      cosignaturesOf(
        note,
        [one, stranger].map(({ key }) => parseVerifierKey(key)),
      ).length,
    ).toBe(1);
    for (const listening of started) await stop(listening);
  });

  test("answers only what it must, and bounds what it reads", async () => {
    const folder = temporaryFolder();
    const log = signerFromPem("canonic.test/log", createKeyPair().privateKeyPem);
    const one = await startWitness(folder, "one", printVerifierKey(log, SIGNATURE_TYPE.ed25519));
    const status = async (path: string, init: RequestInit) => (await fetch(`${one.url}${path}`, init)).status;

    expect(await status("/add-checkpoint", { method: "GET" })).toBe(405);
    expect(await status("/", { method: "POST", body: "x" })).toBe(404);
    expect(await status("/add-checkpoint", { method: "POST", body: "x" })).toBe(400);
    expect(await status("/add-checkpoint", { method: "POST", body: "x".repeat(1_000_000) })).toBe(413);
    expect(await post(one.url, await historyOf("a", log).request(0, 3))).toMatchObject({ status: 200 });
    expect(await post(one.url, await historyOf("a", log).request(0, 3))).toEqual({
      status: 409,
      type: "text/x.tlog.size",
      body: "3\n",
    });
    await stop(one);
  });

  test("without the memory that its key was made with does not start", async () => {
    const folder = temporaryFolder();
    const log = signerFromPem("canonic.test/log", createKeyPair().privateKeyPem);
    const key = printVerifierKey(log, SIGNATURE_TYPE.ed25519);
    await stop(await startWitness(folder, "one", key));
    rmSync(join(folder, "one"), { recursive: true });
    const args = [
      "witness",
      "--listen",
      "127.0.0.1:0",
      "--key",
      join(folder, "one.pem"),
      "--state",
      join(folder, "one"),
      "--log",
      key,
    ];

    const ended = await canonic(args, { config: null, cwd: folder });

    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("orchestrator.keys-invalid");
    expect(existsSync(join(folder, "one"))).toBe(false);
  });

  test(`killed ${KILLS} times while two histories are shown to it, cosigns one of them`, async () => {
    const folder = temporaryFolder();
    const log = signerFromPem("canonic.test/log", createKeyPair().privateKeyPem);
    const histories = ["honest", "forked"].map((seed) => ({ seed, ...historyOf(seed, log) }));
    const cosigned: { readonly seed: string; readonly size: number }[] = [];
    let size = 0;

    for (let life = 0; life <= KILLS; life += 1) {
      const one = await startWitness(folder, "one", printVerifierKey(log, SIGNATURE_TYPE.ed25519));
      let isAlive = true;
      const asks = histories.map(async ({ seed, request }) => {
        for (let known = size; isAlive; ) {
          const to = Math.min(known + 1, 200);
          const answer = await post(one.url, await request(known, to)).catch(() => undefined);
          if (answer === undefined) return;
          if (answer.status === 200) cosigned.push({ seed, size: to });
          if (answer.status === 200) size = Math.max(size, to);
          known = answer.status === 200 ? to : answer.status === 409 ? Number(answer.body) : known + 1;
        }
      });
      // Whenever it happens to be: the requests do not wait for each other, and some are under way.
      const enough = cosigned.length + 5 + 7 * life;
      while (cosigned.length < enough) await new Promise((resolve) => setImmediate(resolve));
      one.started.child.kill("SIGKILL");
      await one.started.ended;
      isAlive = false;
      await Promise.all(asks);
    }

    expect(new Set(cosigned.map(({ seed }) => seed)).size).toBe(1);
    expect(cosigned.length).toBeGreaterThan(KILLS * 5);
  });
});
