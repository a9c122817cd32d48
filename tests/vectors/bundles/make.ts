/**
 * Makes all vectors of bundles: the same bytes every time, from fixed keys and a fixed clock.
 *
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memorySource, signerFromPem, verifyBundle } from "@canonic/audit";
import { openOffice, peopleOf } from "../../tamper/office.ts";
import { BAD } from "./bad.ts";
import { GOOD } from "./good.ts";
import { testKey } from "./keys.ts";
import { type Files, listedAgain } from "./reseal.ts";

export interface BundleVector {
  readonly name: string;
  readonly what: string;
  readonly verdict: "VALID" | "INVALID" | "INDETERMINATE";
  /** Codes that must be among the reasons; another verifier may have others beside them. */
  readonly codes: readonly string[];
  /** The bundle that this one is made of. */
  readonly base?: string;
  /** Every file; beside a base those that differ, null where one is gone. */
  readonly files: Readonly<Record<string, string | null>>;
}

const people = peopleOf({ log: testKey("log"), issuer: testKey("issuer"), ann: testKey("ann") });
const stranger = signerFromPem(people.log.name, testKey("stranger"));
export const { trustFile } = people;

/** All vectors: the good, each from a run of its own log, then the bad. */
export async function makeVectors(): Promise<readonly BundleVector[]> {
  const good = new Map<string, Files>();
  const vectors: BundleVector[] = [];
  for (const { name, what, verdict, codes, play } of GOOD) {
    const files = await bundleOf(play);
    good.set(name, files);
    vectors.push({ name, what, verdict, codes, files: Object.fromEntries([...files].sort(byPath)) });
  }
  for (const { name, base, how, verdict = "INVALID", codes, make } of BAD) {
    const before = good.get(base);
    if (before === undefined) throw new Error(`no good bundle is called ${base}`);
    const after = make(before, people.log, stranger);
    vectors.push({ name, what: how, verdict, codes, base, files: difference(before, after) });
  }
  return vectors;
}

/** What this project's own verifier says. */
export function verdictOf(files: Files) {
  const source = memorySource(new Map([...files].map(([path, text]) => [path, Buffer.from(text, "utf8")])));
  return verifyBundle(source, { trust: trustFile });
}

/** The files of a vector, whole. */
export function filesOf(vector: BundleVector, all: readonly BundleVector[]): Files {
  const base = all.find(({ name }) => name === vector.base);
  const files = new Map(Object.entries(base?.files ?? {}) as [string, string][]);
  for (const [path, text] of Object.entries(vector.files)) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  return files;
}

async function bundleOf(play: (typeof GOOD)[number]["play"]): Promise<Files> {
  const folder = mkdtempSync(join(tmpdir(), "canonic-vector-"));
  try {
    const office = await openOffice("memory", folder, people);
    const to = join(folder, "bundle");
    await office.exportTo(await play(office), to);
    await office.close();
    const signer = office.logSigner();
    const names = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = new Map(
      names.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path.slice(to.length + 1), readFileSync(path, "utf8")] as const;
      }),
    );
    // The page is for people, and no part of the format.
    files.delete("index.html");
    return listedAgain(files, signer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function difference(before: Files, after: Files): Record<string, string | null> {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return Object.fromEntries(
    paths.filter((path) => before.get(path) !== after.get(path)).map((path) => [path, after.get(path) ?? null]),
  );
}

function byPath([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
