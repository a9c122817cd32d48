/** No decision ever sees two versions of the world, however fast services come and go. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Digest, ServiceChange, ServiceContract } from "@canonic/contracts";
import { openServiceReader, type ServiceReader } from "@canonic/registry";
import { openSqliteServices, openSqliteServicesReader } from "@canonic/store-sqlite";
import { afterAll, expect, test } from "vitest";
import { type Look, lookAt } from "./looks.ts";
import { faultsOf, replay } from "./replay.ts";
import { KEEPER, openStorm, stormContract } from "./storm-registry.ts";

const SECONDS = Number(process.env["CANONIC_STORM_SECONDS"] ?? 2);
const scratch = mkdtempSync(join(tmpdir(), "canonic-storm-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
});

/** A process of the storm and the lines that it wrote. */
interface Started {
  readonly child: ChildProcess;
  readonly lines: string[];
}

function started(script: string, ...given: readonly string[]): Started {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@canonic/source", path, ...given], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout as NonNullable<ChildProcess["stdout"]> }).on("line", (line) =>
    lines.push(line),
  );
  return { child, lines };
}

/** Kills a process of the storm; one that ended before is an error. */
async function killed({ child, lines }: Started): Promise<readonly string[]> {
  if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
  return lines;
}

/** A change that a writer said was done; the last line may be cut by the kill. */
const isChange = (line: string) => /^\d+ sha256:[0-9a-f]{64}$/.test(line);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Waits for that many lines; a process that ends before is an error. */
async function until({ child, lines }: Started, count: number): Promise<void> {
  while (lines.length < count) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    await pause(5);
  }
}

/** All that the store says happened, checked link by link. */
async function historyOf(reader: ServiceReader) {
  const changes: { readonly digest: Digest; readonly change: ServiceChange }[] = [];
  for await (const one of reader.history()) changes.push(one);
  const contracts = new Map<Digest, ServiceContract>();
  for (const { change } of changes) {
    for (const action of change.actions) {
      if (action.kind !== "register" || contracts.has(action.contract)) continue;
      contracts.set(action.contract, (await reader.contract(action.contract)) as ServiceContract);
    }
  }
  return { changes, contracts };
}

/** Whole lines that were read as JSON; the last one may be cut by the kill. */
function looksIn(lines: readonly string[]): Look[] {
  return lines.flatMap((line, place) => {
    try {
      return [JSON.parse(line) as Look];
    } catch (error) {
      if (place < lines.length - 1) throw error;
      return [];
    }
  });
}

test(
  "every decision under a storm of hot swaps is of exactly one revision of the history",
  async () => {
    const directory = mkdtempSync(join(scratch, "store-"));
    openSqliteServices({ directory }).close();
    const writers = [1, 2].map((seed) => started("write-forever.ts", directory, String(seed)));
    for (const writer of writers) await until(writer, 1);
    const router = started("route-forever.ts", directory);
    await until(router, 1);
    const own: Look[] = [];
    const reader = openServiceReader({ storage: openSqliteServicesReader({ directory }) });
    let isOver = false;
    const looking = (async () => {
      for (let turn = 0; !isOver; turn += 5) {
        const frozen = await reader.snapshot();
        await pause(0); // The world moves on between the look and the decision.
        own.push(lookAt(frozen, [turn, turn + 1, turn + 2, turn + 3, turn + 4]));
      }
    })();
    await pause(SECONDS * 1000);
    isOver = true;
    await looking;
    const routed = looksIn(await killed(router));
    const acknowledged = (await Promise.all(writers.map(killed))).map((lines) => lines.filter(isChange).length);

    const { changes, contracts } = await historyOf(reader);
    const looks = [...own, ...routed];
    const snapshots = replay(
      changes.map(({ change }) => change),
      contracts,
      new Set(looks.map(({ revision }) => revision)),
    );
    const swaps = changes.filter(({ change }) => change.actions.some(({ kind }) => kind === "register")).length;
    const decisions = looks.reduce((sum, look) => sum + look.decisions.length, 0);
    process.stderr.write(
      `storm of ${SECONDS} s: ${changes.length} revisions (${swaps} registrations), ${looks.length} looks at ${snapshots.size} revisions, ${decisions} decisions\n`,
    );

    expect(faultsOf(looks, snapshots, 400)).toEqual([]);
    expect(await reader.check()).toEqual({ revision: changes.length, digest: changes.at(-1)?.digest });
    await reader.close();
    expect(acknowledged.every((count) => count > 5 * SECONDS)).toBe(true);
    expect(swaps).toBeGreaterThan(5 * SECONDS);
    expect(new Set(own.map(({ revision }) => revision)).size).toBeGreaterThan(2 * SECONDS);
    expect(new Set(routed.map(({ revision }) => revision)).size).toBeGreaterThan(2 * SECONDS);
    expect(new Set(looks.flatMap((look) => look.decisions.map(({ chosen }) => chosen))).size).toBeGreaterThan(5);
  },
  SECONDS * 4000 + 60_000,
);

test("the judge of the storm finds a service, a digest and a decision of another revision", async () => {
  const directory = mkdtempSync(join(scratch, "store-"));
  const registry = openStorm(directory);
  const by = KEEPER;
  await registry.register(stormContract("atlas", 1), { by, state: "active" });
  const first = lookAt(await registry.snapshot(), [0, 1]);
  await registry.swap(stormContract("atlas", 2), { by, state: "active" });
  const second = lookAt(await registry.snapshot(), [0, 1]);
  const { changes, contracts } = await historyOf(registry);
  const snapshots = replay(
    changes.map(({ change }) => change),
    contracts,
    new Set([1, 2]),
  );
  await registry.close();
  const judged = (...looks: Look[]) => [...new Set(faultsOf(looks, snapshots, 10))];

  expect(judged(first, second)).toEqual([]);
  expect(judged({ ...second, services: first.services })).toEqual(["2: services of another revision"]);
  expect(judged({ ...second, services: [...first.services, second.services[1] as string] })).toEqual([
    "2: services of another revision",
  ]);
  expect(judged({ ...second, digest: first.digest })).toEqual(["2: another digest"]);
  expect(judged({ ...second, decisions: first.decisions })).toEqual([
    "2: a decision over another world",
    "2: another decision",
  ]);
  expect(judged({ ...second, revision: 3 })).toEqual(["3: a revision that the history has not"]);
});

test("a writer that is killed in the middle of a change leaves a whole registry, with all that it had said was done", async () => {
  const directory = mkdtempSync(join(scratch, "store-"));
  for (const seed of [11, 12, 13]) {
    const writer = started("write-forever.ts", directory, String(seed));
    await until(writer, 20 + 13 * (seed % 3));
    const said = (await killed(writer)).filter(isChange);

    const registry = openStorm(directory);
    const head = await registry.check();
    const { changes } = await historyOf(registry);
    const digests = new Map(changes.map(({ change, digest }) => [change.revision, digest]));
    expect(changes.length).toBe(head.revision);
    for (const line of said) {
      const [revision, digest] = line.split(" ");
      expect(digests.get(Number(revision))).toBe(digest);
    }
    const after = await registry.register(stormContract(`after-${seed}`, 1), { by: KEEPER });
    expect(after.head.revision).toBe(head.revision + 1);
    await registry.close();
  }
}, 60_000);
