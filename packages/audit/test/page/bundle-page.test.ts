import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BundleManifest, canonicalBytes, digestBytes } from "@canonic/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manifestNoteText } from "../../src/bundle-layout.ts";
import { readWhole } from "../../src/bundle-source.ts";
import {
  createMemoryStorage,
  directorySource,
  exportBundle,
  memorySource,
  signNote,
  trustFileOf,
  verifyBundle,
} from "../../src/index.ts";
import { newIdentity, ORIGIN, open } from "../support.ts";
import { journalRun, wholeRun } from "../whole-run.ts";

const folder = mkdtempSync(join(tmpdir(), "canonic-page-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer]);

/** The files of a bundle of a run of so many tasks. */
async function exported(name: string, tasks: number): Promise<Map<string, Uint8Array>> {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  const run = journalRun(journal, wholeRun(tasks));
  await journal.durable();
  const directory = join(folder, name);
  await exportBundle({ storage, identity, run, directory });
  const source = directorySource(directory);
  const paths = (await source.list()).map(({ path }) => path);
  return new Map(await Promise.all(paths.map(async (path) => [path, await readWhole(source, path, 1e9)] as const)));
}

let files: Map<string, Uint8Array>;
beforeAll(async () => {
  files = await exported("small", 3);
});

const verdictOf = async (bundle: ReadonlyMap<string, Uint8Array>) => {
  const { verdict, reasons } = await verifyBundle(memorySource(bundle), { trust });
  return [verdict, ...reasons.map(({ code, place }) => `${code} ${place}`)];
};

/** With another page, or none, and listed and signed again. */
function withPage(page: string | null): Map<string, Uint8Array> {
  const copy = new Map(files);
  if (page === null) copy.delete("index.html");
  else copy.set("index.html", Buffer.from(page));
  const before = BundleManifest.parse(JSON.parse(Buffer.from(copy.get("manifest.json") ?? "").toString()));
  const listed = [...copy].filter(([path]) => !path.startsWith("manifest.")).sort(([a], [b]) => (a < b ? -1 : 1));
  const manifest = canonicalBytes({
    ...before,
    files: listed.map(([path, bytes]) => ({ path, digest: digestBytes(bytes), sizeBytes: bytes.length })),
  });
  copy.set("manifest.json", manifest);
  return copy.set("manifest.note", signNote(manifestNoteText(ORIGIN, digestBytes(manifest)), identity.signer));
}

test("the page of a bundle lists its files, with their digests", () => {
  const page = Buffer.from(files.get("index.html") ?? "").toString();
  const listed = [...files.keys()].filter((path) => !path.includes("/") && !/^(manifest\.|index\.html)/.test(path));

  expect(listed.length).toBeGreaterThan(6);
  for (const path of listed) {
    expect(page).toContain(path);
    expect(page).toContain(digestBytes(files.get(path) ?? "").slice(7));
  }
});

test("the verifier believes nothing of the page, but it must be the one that was signed", async () => {
  const changed = new Map(files);
  changed.set(
    "index.html",
    Buffer.from(
      Buffer.from(files.get("index.html") ?? "")
        .toString()
        .replace("✓", "✗"),
    ),
  );

  expect(await verdictOf(files)).toEqual(["VALID"]);
  expect(await verdictOf(withPage("<!DOCTYPE html><script>anything</script>"))).toEqual(["VALID"]);
  expect(await verdictOf(withPage(null))).toEqual(["VALID"]);
  expect(await verdictOf(changed)).toEqual(["INVALID", "file-changed index.html"]);
});

test("the page is the same for equal bundles, and hardly longer for longer runs (P1, P4)", async () => {
  const again = await exported("again", 3);
  const long = await exported("long", 300);
  const sizeOf = (bundle: ReadonlyMap<string, Uint8Array>) => bundle.get("index.html")?.length ?? 0;

  expect(again.get("index.html")).toEqual(files.get("index.html"));
  expect(readFileSync(join(folder, "again", "index.html"))).toEqual(Buffer.from(again.get("index.html") ?? ""));
  expect(sizeOf(long) - sizeOf(files)).toBeLessThan(1000);
});
