import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createKeyPair,
  createMemoryStorage,
  exportBundle,
  Frontier,
  leafHash,
  signCheckpoint,
  signerFromPem,
  trustFileOf,
  verifyBundle,
} from "@canonic/audit";
import { canonicalBytes, type Digest, digestBytes, type JsonValue } from "@canonic/contracts";
import { afterAll, expect, test } from "vitest";
import { ORIGIN } from "../simulation/people.ts";
import { simulate } from "../simulation/simulation.ts";
import type { World } from "../simulation/world.ts";

const SEEDS = 150;
const scratch = mkdtempSync(join(tmpdir(), "canonic-simulated-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const signer = signerFromPem(ORIGIN, createKeyPair().privateKeyPem);
const identity = { origin: ORIGIN, signer };
const trust = trustFileOf(ORIGIN, [signer], { approvers: [approver("berta")] });
/** The simulation's plans, verdicts and documents are made up; only what a runner journals of them is true. */
const OF_THE_PLAN = /^(contract-|plan-|request-|document-|expectation-|chunk-)/;
const OPEN = ["run-stopped", "run-unsealed", "run-waiting"];
const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);

/** The key that the simulation gives a person. */
function approver(name: string) {
  const secret = Buffer.from(digestBytes(`the simulated key of ${name}`).slice(7), "hex");
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), secret]);
  const pem = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ format: "pem", type: "pkcs8" });
  return signerFromPem(name, pem as string);
}

/** The world of a seed when all has been played; undefined when nothing came on disk. */
async function worldOf(seed: number): Promise<World | undefined> {
  let seen: World | undefined;
  await simulate(seed, {
    defect: {
      journal: (inner, world) => {
        seen = world;
        return inner;
      },
    },
  });
  return seen !== undefined && seen.log.entries.length > 0 ? seen : undefined;
}

async function evidenceOf(world: World, directory: string) {
  const storage = createMemoryStorage();
  const leaves = world.log.events().map((event, index) => {
    const bytes = canonicalBytes(event as JsonValue);
    return { index, run: event.run, seq: event.seq, hash: leafHash(bytes), bytes };
  });
  const payloads = [...world.log.payloads].map(([digest, bytes]) => ({ digest: digest as Digest, bytes }));
  await storage.append({ expectedSize: 0, leaves, payloads, nodes: [] });
  const frontier = new Frontier();
  for (const { hash } of leaves) frontier.append(hash, () => undefined);
  const checkpoint = { origin: ORIGIN, size: frontier.size, root: frontier.root() };
  await storage.swapCheckpoint(undefined, signCheckpoint(checkpoint, signer));
  await exportBundle({ storage, identity, run: world.run, directory });
  return verifyBundle(directory, { trust });
}

test("what the runner journals through crashes, stops, gates and bad tokens is never called false", async () => {
  const seen = { sealed: 0, unsealed: 0, gates: 0, stops: 0 };
  for (const seed of seeds) {
    const world = await worldOf(seed);
    if (world === undefined) continue;
    const types = world.log.events().map(({ type }) => type);
    seen[types.includes("RUN_SEALED") ? "sealed" : "unsealed"] += 1;
    if (types.includes("APPROVAL_RECORDED")) seen.gates += 1;
    if (types.includes("RUN_STOPPED")) seen.stops += 1;

    const { reasons } = await evidenceOf(world, join(scratch, `${seed}`));

    const found = reasons.filter(({ code }) => !OPEN.includes(code) && !OF_THE_PLAN.test(code));
    expect([seed, found]).toEqual([seed, []]);
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});
