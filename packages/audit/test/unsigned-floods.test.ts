/** What somebody can send who has no key: it is refused before it costs anything. Counted in what is read and checked. */
import { canonicalBytes } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import {
  type BundleSource,
  createKeyPair,
  createMemoryStorage,
  memorySource,
  signerFromPem,
  trustFileOf,
  verifyBundle,
} from "../src/index.ts";
import { areVouchedFor, rotationOf } from "../src/key-rotation.ts";
import { exported, type Files, judged } from "./bundle-files.ts";
import { newIdentity, ORIGIN, open } from "./support.ts";
import { journalRun, wholeRun } from "./whole-run.ts";

const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer]);
const newSigner = () => signerFromPem(ORIGIN, createKeyPair().privateKeyPem);

async function bundle(): Promise<Files> {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  const run = journalRun(journal, wholeRun());
  await journal.durable();
  return exported(storage, identity, run);
}

describe("a large manifest", () => {
  const large = (start: string) => Buffer.concat([Buffer.from(start), Buffer.alloc(2_000_000, "0,")]);

  test("that nobody signed is not parsed (S2)", async () => {
    const files = new Map([...(await bundle()), ["manifest.json", large(`{"origin":"${ORIGIN}","a":[`)]]);

    expect(await judged(files, trust)).toEqual(["INVALID", "manifest-signature"]);
  });

  test("under a note that names no log is of no log that is trusted", async () => {
    const note = Buffer.from((await bundle()).get("manifest.note") as Uint8Array)
      .toString()
      .replace(ORIGIN, "other.test/log");
    const files = new Map([...(await bundle()), ["manifest.json", large("{")], ["manifest.note", Buffer.from(note)]]);

    expect(await judged(files, trust)).toEqual(["INVALID", "origin-untrusted"]);
  });
});

describe("rotations", () => {
  const signers = Array.from({ length: 40 }, newSigner);
  const chain = signers.slice(1).map((next, at) => rotationOf(ORIGIN, signers[at] as typeof next, next));
  const counted = (rotations: typeof chain, trusted: typeof signers, isGood: (at: number) => boolean) => {
    let checked = 0;
    const areGood = areVouchedFor(rotations, trusted, (data) => {
      checked += 1;
      return isGood(rotations.indexOf(data));
    });
    return [areGood, checked];
  };

  test("that lead to a trusted key which did not sign them cost one check", () => {
    expect(counted(chain, [signers.at(-1) as (typeof signers)[0]], (at) => at < chain.length - 1)).toEqual([false, 1]);
  });

  test("of strangers cost none", () => {
    expect(counted(chain, [newSigner()], () => true)).toEqual([false, 0]);
  });

  test("of a log are all checked, whichever key is trusted", () => {
    for (const key of [signers[0], signers[17], signers.at(-1)])
      expect(counted(chain, [key as (typeof signers)[0]], () => true)).toEqual([true, chain.length]);
    expect(areVouchedFor(chain, [signers[17] as (typeof signers)[0]])).toBe(true);
  });
});

test("a proof of rotations that is larger than any is not read before the manifest was believed", async () => {
  const ranges = Array.from({ length: 700_000 }, () => [0, 1]);
  const proof = canonicalBytes({ schema: "canonic/inclusion-proof/v1", treeSize: 1, ranges, hashes: [] });
  const files = new Map([...(await bundle()), ["log-proof.json", proof], ["log-events.jsonl", Buffer.from("{}\n")]]);
  const inner = memorySource(files);
  const read: string[] = [];
  const source: BundleSource = {
    list: () => inner.list(),
    read(path, sizeBytesMax) {
      read.push(path);
      return inner.read(path, sizeBytesMax);
    },
  };

  const { verdict } = await verifyBundle(source, { trust });

  expect(verdict).toBe("INVALID");
  expect(read).not.toContain("log-proof.json");
  expect(read).toContain("events.jsonl");
});
