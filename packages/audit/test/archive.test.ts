import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalBytes, digestBytes, type JsonValue, type RunId } from "@canonic/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { archiveNoteText } from "../src/bundle-layout.ts";
import { readWhole } from "../src/bundle-source.ts";
import {
  createMemoryStorage,
  directorySource,
  exportArchive,
  exportBundle,
  memorySource,
  numbersOfPeriod,
  readBundleLineage,
  signNote,
  trustFileOf,
  verdictLines,
  verifyEvidence,
} from "../src/index.ts";
import { exported, type Files } from "./bundle-files.ts";
import { newIdentity, ORIGIN, open } from "./support.ts";
import { journalRun, wholeRun } from "./whole-run.ts";

const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer]);
const storage = createMemoryStorage();
const scratch = mkdtempSync(join(tmpdir(), "canonic-archive-"));
const runs: RunId[] = [];
let files: Files;
/** The third run under the checkpoint that was the log's last before the fourth. */
let earlier: Files;

beforeAll(async () => {
  const journal = await open(storage, identity);
  for (const tasks of [1, 2, 3]) {
    runs.push(journalRun(journal, wholeRun(tasks)));
    await journal.durable();
  }
  earlier = await exported(storage, identity, runs[2] as RunId);
  runs.push(journalRun(journal, wholeRun(4)));
  await journal.durable();
  await exportArchive({ storage, identity, directory: join(scratch, "archive"), from: 2, to: 4 });
  await exportArchive({ storage, identity, directory: join(scratch, "archive.tar"), from: 2, to: 4 });
  const source = directorySource(join(scratch, "archive"));
  files = new Map();
  for (const { path, sizeBytes } of await source.list()) files.set(path, await readWhole(source, path, sizeBytes));
  await journal.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("an archive is no bundle to read lineage from, and who asks is told to name one of its bundles", async () => {
  await expect(readBundleLineage(join(scratch, "archive"))).rejects.toMatchObject({
    code: "audit.lineage-unreadable",
    message: `this is an archive: name the folder of one of its bundles, like \`runs/${runs[1]}/\``,
  });
  expect((await readBundleLineage(join(scratch, "archive", "runs", runs[1] as RunId))).run).toBe(runs[1]);
});

test("who exports or verifies an archive is told of each run", async () => {
  const told: string[] = [];
  const tell = (what: string) => (done: number, all: number) => told.push(`${what} ${done}/${all}`);
  const directory = join(scratch, "told");
  await exportArchive({ storage, identity, directory, from: 2, to: 4, onRun: tell("written") });
  await verifyEvidence(directory, { trust, onRun: tell("judged") });

  expect(told).toEqual(["written 1/3", "written 2/3", "written 3/3", "judged 1/3", "judged 2/3", "judged 3/3"]);
});

test("one of a thing is told as one", async () => {
  const directory = join(scratch, "one");
  await exportArchive({ storage, identity, directory, from: 2, to: 2 });
  const lines = verdictLines(await verifyEvidence(directory, { trust }));

  expect(lines[1]).toBe("  an archive of 1 run");
  expect(verdictLines(await verifyEvidence(join(scratch, "archive"), { trust }))[1]).toBe("  an archive of 3 runs");
});

async function judged(changed: ReadonlyMap<string, Uint8Array>): Promise<string[]> {
  const { verdict, reasons } = await verifyEvidence(memorySource(changed), { trust });
  return [verdict, ...new Set(reasons.map(({ code }) => code))];
}

type Listed = { run: string; number: number; manifest: string };

/** The archive with its manifest bent and signed again, as one could who holds the log's key. */
function resigned(bend: (manifest: Record<string, JsonValue> & { runs: Listed[] }) => void, of: Files = files): Files {
  const manifest = JSON.parse(Buffer.from(of.get("manifest.json") as Uint8Array).toString());
  bend(manifest);
  const bytes = canonicalBytes(manifest);
  const note = signNote(archiveNoteText(ORIGIN, digestBytes(bytes)), identity.signer);
  return new Map([...of, ["manifest.json", bytes], ["manifest.note", note]]);
}

function without(run: RunId, of: Files = files): Files {
  return new Map([...of].filter(([path]) => !path.startsWith(`runs/${run}/`)));
}

describe("an archive", () => {
  test("of three runs is VALID as a folder, in memory and as a tar file", async () => {
    for (const source of [join(scratch, "archive"), join(scratch, "archive.tar"), memorySource(files)]) {
      const verification = await verifyEvidence(source, { trust });

      expect(verification).toMatchObject({ verdict: "VALID", reasons: [], findings: 0 });
      expect("runs" in verification && verification.runs.map((run) => [run?.run, run?.status])).toEqual(
        runs.slice(1).map((run) => [run, "completed"]),
      );
    }
  });

  test("asked for with a gap, or where there is no run, is not written", async () => {
    const asked = (from: number, to: number) =>
      exportArchive({ storage, identity, directory: join(scratch, "none"), from, to });

    await expect(asked(5, 9)).rejects.toMatchObject({ code: "audit.archive-empty" });
    await expect(exportBundle({ storage, identity, run: runs[0] as RunId, directory: scratch })).rejects.toMatchObject({
      code: "audit.bundle-exists",
    });
  });

  test("takes the numbers of a period, and all between them", () => {
    const at = (number: number, startedAt: string) => ({ number, startedAt });
    const listed = [at(1, "2026-01-01"), at(2, "2026-01-05"), at(3, "2026-01-02"), at(4, "2026-01-05")];

    expect(numbersOfPeriod(listed, { since: "2026-01-05", until: null })).toEqual({ from: 2, to: 4 });
    expect(numbersOfPeriod(listed, { since: null, until: "2026-01-05" })).toEqual({ from: 1, to: 3 });
    expect(numbersOfPeriod(listed, { since: "2026-02-01", until: null })).toBeUndefined();
  });
});

describe("an archive is INVALID", () => {
  const second = () => runs[1] as RunId;
  const third = () => runs[2] as RunId;
  const attacks: [string, string, () => Files][] = [
    [
      "with a manifest that nobody signed",
      "manifest-signature",
      () => new Map([...files, ["manifest.json", canonicalBytes({ origin: ORIGIN })]]),
    ],
    ["without a run that it lists", "manifest-missing", () => without(third())],
    [
      "with a run left out and the numbers as they were",
      "archive-gap",
      () => resigned(({ runs: listed }) => listed.splice(1, 1), without(third())),
    ],
    [
      "with a run left out and the others renumbered",
      "archive-run",
      () =>
        resigned((manifest) => {
          manifest.runs.splice(1, 1);
          (manifest.runs[1] as Listed).number = 3;
          manifest["to"] = 3;
        }, without(third())),
    ],
    ["with two runs swapped", "archive-gap", () => resigned(({ runs: listed }) => listed.reverse())],
    [
      "with a run twice",
      "archive-gap",
      () =>
        resigned((manifest) => {
          manifest.runs.push({ ...(manifest.runs[0] as Listed), number: 5 });
          manifest["to"] = 5;
        }),
    ],
    [
      "with a run in another's place",
      "archive-run",
      () => {
        const moved: Files = without(third());
        for (const [path, bytes] of files)
          if (path.startsWith(`runs/${second()}/`)) moved.set(path.replace(second(), third()), bytes);
        return moved;
      },
    ],
    [
      "with a run under an earlier checkpoint",
      "archive-checkpoint",
      () =>
        resigned(
          ({ runs: listed }) => {
            (listed[1] as Listed).manifest = digestBytes(earlier.get("manifest.json") as Uint8Array);
          },
          new Map([
            ...without(third()),
            ...[...earlier].map(([path, bytes]) => [`runs/${third()}/${path}`, bytes] as const),
          ]),
        ),
    ],
    ["with a file beside its runs", "file-unlisted", () => new Map([...files, ["notes.txt", Buffer.from("x")]])],
    [
      "with a run that it does not list",
      "file-unlisted",
      () => new Map([...files, [`runs/${runs[0]}/plan.json`, Buffer.from("x")]]),
    ],
    [
      "with a file of a run changed",
      "file-changed",
      () => new Map([...files, [`runs/${second()}/outputs.jsonl`, Buffer.from("[]\n")]]),
    ],
    [
      "of another schema",
      "manifest-malformed",
      () =>
        resigned((manifest) => {
          manifest["note"] = "x";
        }),
    ],
    [
      "whose own manifest is gone",
      "manifest-missing",
      () => new Map([...files].filter(([path]) => path !== "manifest.json")),
    ],
  ];
  test.each(attacks)("%s: %s", async (_title, code, attack) => {
    const [verdict, ...codes] = await judged(attack());

    expect(verdict).toBe("INVALID");
    expect(codes).toContain(code);
  });
});
