/** Attacks on an archive: what its keeper takes out, puts in or exchanges between runs is INVALID. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { exportArchive, signNote } from "@canonic/audit";
import { canonicalBytes, digestBytes } from "@canonic/contracts";
import { openSqliteReader } from "@canonic/store-sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBelow, temporaryFolder } from "../main-job/command-line.ts";
import { altered, type Bundle, fileOf, flipped } from "../tamper/bundle-copy.ts";
import { Judge } from "./judge.ts";
import { type Evidence, gatedEvidence, textOf, withJson, written } from "./struck-bundle.ts";
import { tarOf } from "./tar.ts";

const judge = new Judge();
const folder = temporaryFolder();
let evidence: Evidence;
let archive: Bundle;
let runs: readonly string[];
beforeAll(async () => {
  evidence = await gatedEvidence();
  const store = dirname(evidence.trust);
  const storage = openSqliteReader({ directory: store });
  const identity = { origin: evidence.origin, signer: evidence.signer };
  await exportArchive({ storage, identity, directory: join(folder, "archive"), from: 1, to: 2 });
  storage.close();
  archive = readBelow(join(folder, "archive"));
  runs = JSON.parse(textOf(archive, "manifest.json")).runs.map(({ run }: { run: string }) => run);
});
afterAll(() => judge.close());

let count = 0;
async function judged(bundle: Bundle) {
  count += 1;
  const { verdict, codes } = await judge.judge(written(bundle, join(folder, `${count}`)), evidence.trust);
  return { verdict, codes };
}

// biome-ignore lint/suspicious/noExplicitAny: altered values are of any shape.
type Loose = any;

/** The archive's own manifest altered and signed again. */
function archived(bundle: Bundle, alter: (manifest: Loose) => unknown): Bundle {
  const manifest = JSON.parse(textOf(bundle, "manifest.json"));
  alter(manifest);
  const bytes = canonicalBytes(manifest);
  const [format] = textOf(bundle, "manifest.note").split("\n");
  const note = signNote(`${format}\n${evidence.origin}\n${digestBytes(bytes)}\n`, evidence.signer);
  return altered(bundle, { "manifest.json": bytes, "manifest.note": note });
}

const inRun = (at: number, path: string) => `runs/${runs[at]}/${path}`;
const ofRun = (bundle: Bundle, at: number) => [...bundle.keys()].filter((path) => path.startsWith(inRun(at, "")));
const dropped = (at: number) => altered(archive, Object.fromEntries(ofRun(archive, at).map((path) => [path, null])));
/** A run's files in the place of the other's. */
const exchanged = () => {
  const copy = new Map(dropped(1));
  for (const path of ofRun(archive, 0)) copy.set(path.replace(inRun(0, ""), inRun(1, "")), fileOf(archive, path));
  return copy;
};

const attacks: readonly (readonly [name: string, code: string, how: () => Bundle])[] = [
  ["a run taken out", "manifest-missing", () => dropped(1)],
  [
    "a run taken out and struck from the list",
    "archive-gap",
    () =>
      archived(dropped(0), (manifest) => {
        manifest.runs.shift();
      }),
  ],
  [
    "a run taken out, its number given to the next",
    "archive-run",
    () =>
      archived(dropped(0), (manifest) => {
        manifest.runs.shift();
        manifest.runs[0].number = 1;
        manifest.to = 1;
      }),
  ],
  ["a run in the place of another", "archive-run", exchanged],
  [
    "a run twice",
    "archive-run",
    () =>
      archived(exchanged(), (manifest) => {
        manifest.runs[1].manifest = manifest.runs[0].manifest;
      }),
  ],
  [
    "numbers exchanged",
    "archive-gap",
    () =>
      archived(archive, ({ runs: listed }) => {
        [listed[0].number, listed[1].number] = [listed[1].number, listed[0].number];
      }),
  ],
  [
    "runs out of order",
    "archive-gap",
    () =>
      archived(archive, (manifest) => {
        manifest.runs.reverse();
      }),
  ],
  [
    "a period that says more than it holds",
    "archive-gap",
    () =>
      archived(archive, (manifest) => {
        manifest.to = 3;
      }),
  ],
  [
    "no runs",
    "manifest-malformed",
    () =>
      archived(archive, (manifest) => {
        manifest.runs = [];
      }),
  ],
  [
    "a field that nobody knows",
    "manifest-malformed",
    () =>
      archived(archive, (manifest) => {
        manifest.zzz = 1;
      }),
  ],
  [
    "another origin",
    "origin-untrusted",
    () =>
      archived(archive, (manifest) => {
        manifest.origin = "example.org/other";
      }),
  ],
  [
    "the manifest of an archive altered by a stranger",
    "manifest-signature",
    () =>
      withJson(archive, "manifest.json", (manifest) => {
        manifest.to = 3;
      }),
  ],
  ["a file beside the runs", "file-unlisted", () => altered(archive, { "notes.txt": Buffer.from("hello") })],
  [
    "a file in a run that it does not list",
    "file-unlisted",
    () => altered(archive, { [inRun(0, "notes.txt")]: Buffer.from("hello") }),
  ],
  [
    "a run that nobody lists",
    "file-unlisted",
    () => altered(archive, { "runs/run_00000000000000000000/manifest.json": Buffer.from("{}") }),
  ],
  [
    "a bit of an event of one run",
    "file-changed",
    () => altered(archive, { [inRun(1, "events.jsonl")]: flipped(fileOf(archive, inRun(1, "events.jsonl")), 300, 1) }),
  ],
  [
    "the checkpoint of an earlier time in one run",
    "archive-checkpoint",
    () => altered(archive, { [inRun(0, "checkpoint")]: fileOf(evidence.bundle, "checkpoint") }),
  ],
  [
    "a run under another checkpoint, sealed by itself",
    "archive-checkpoint",
    () => {
      const copy = new Map(dropped(0));
      for (const [path, bytes] of evidence.bundle) copy.set(inRun(0, path), bytes);
      const manifest = digestBytes(fileOf(evidence.bundle, "manifest.json"));
      return archived(copy, ({ runs: listed }) => {
        listed[0].manifest = manifest;
      });
    },
  ],
];

test("the archive as it is, as a folder and as a tar, is VALID", async () => {
  expect(runs).toHaveLength(2);
  expect(await judged(archive)).toEqual({ verdict: "VALID", codes: [] });
  const file = join(folder, "archive.tar");
  writeFileSync(file, tarOf([...archive].map(([path, bytes]) => ({ path, bytes }))));
  expect(await judge.judge(file, evidence.trust)).toMatchObject({ verdict: "VALID", codes: [] });
});

describe("an attack on an archive is INVALID", () => {
  test.each(attacks)("%s", async (_name, code, how) => {
    const { verdict, codes } = await judged(how());

    expect({ verdict, codes: codes.includes(code) ? [code] : codes }).toEqual({ verdict: "INVALID", codes: [code] });
  });
});

test("counted", () => {
  process.stdout.write(`attacks on an archive: ${attacks.length}\n`);
  expect(attacks.length).toBeGreaterThan(15);
});
