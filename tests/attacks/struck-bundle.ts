/**
 * Bundles to be attacked: a gated run and two analyses, the keys that sealed them, and ways to alter their text.
 *
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type NoteSigner, parseTrustFile, signerFromPem, signNote } from "@canonic/audit";
import { canonicalBytes, canonicalJson, digestBytes, type JsonValue } from "@canonic/contracts";
import { domainsConfig, THREE_DOMAINS } from "../authority/plans.ts";
import { canonicJson, readBelow, temporaryFolder } from "../main-job/command-line.ts";
import { altered, type Bundle, fileOf, resealed } from "../tamper/bundle-copy.ts";

const GATED = `${THREE_DOMAINS}gates:
  - name: SG_1
    before: record
`;

export type Evidence = {
  readonly bundle: Bundle;
  /** A later run of the same plan in the same log. */
  readonly other: Bundle;
  readonly signer: NoteSigner;
  readonly origin: string;
  /** The trust file that an auditor has. */
  readonly trust: string;
};

/** Two runs behind a gate that Ann approved, by the command line. */
export async function gatedEvidence(): Promise<Evidence> {
  const cwd = temporaryFolder();
  const command = <T>(code: number, ...args: string[]) => canonicJson<T>(args, { cwd, config: domainsConfig, code });
  writeFileSync(join(cwd, "plan.yaml"), GATED);
  await command(0, "plan", "plan.yaml", "--out", "plan.json");
  const runs: string[] = [];
  for (const number of [1, 2]) {
    const { run } = await command<{ run: string }>(3, "run", "plan.json");
    if (number === 1) await command(0, "keys", "approver", "ann", "--out", "ann.pem");
    const approval = `approval-${number}.json`;
    await command(0, "approve", run, "SG_1", "--key", "ann.pem", "--meaning", "read", "--out", approval);
    await command(0, "resume", run, "--approval", approval);
    runs.push(run);
  }
  const trust = join(cwd, ".canonic", "trust.json");
  const origin = parseTrustFile(readFileSync(trust)).logs[0]?.origin ?? "";
  const signer = signerFromPem(origin, readFileSync(join(cwd, ".canonic", "keys", "log.pem"), "utf8"));
  const [bundle, other] = runs.map((run) => readBelow(join(cwd, "canonic-out", run, "bundle")));
  if (bundle === undefined || other === undefined) throw new Error("two runs have two bundles");
  return { bundle, other, signer, origin, trust };
}

/** Writes a bundle as a folder. */
export function written(bundle: Bundle, folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, bytes] of bundle) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

export function textOf(bundle: Bundle, path: string): string {
  return Buffer.from(fileOf(bundle, path)).toString();
}

/** A file's text altered; an alteration that changes nothing is an error of the test. */
export function withText(bundle: Bundle, path: string, alter: (text: string) => string): Bundle {
  const before = textOf(bundle, path);
  const after = alter(before);
  if (after === before) throw new Error(`the attack changed nothing in ${path}`);
  return altered(bundle, { [path]: Buffer.from(after) });
}

/** A file's lines altered. */
export function withLines(bundle: Bundle, path: string, alter: (lines: string[]) => readonly string[]): Bundle {
  return withText(bundle, path, (text) =>
    alter(text.trimEnd().split("\n"))
      .map((line) => `${line}\n`)
      .join(""),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: altered values are of any shape.
type Loose = any;

/** A file's JSON altered and printed canonically again. */
export function withJson(bundle: Bundle, path: string, alter: (value: Loose) => unknown): Bundle {
  return withText(bundle, path, (text) => {
    const value = JSON.parse(text) as Loose;
    const replaced = alter(value);
    return canonicalJson((replaced !== null && typeof replaced === "object" ? replaced : value) as JsonValue);
  });
}

/** The manifest altered as its keeper could, and signed again; its text may be any. */
export function remanifested(bundle: Bundle, signer: NoteSigner, alter: (manifest: Loose) => unknown): Bundle {
  const sealed = resealed(bundle, signer);
  const manifest = JSON.parse(textOf(sealed, "manifest.json")) as Loose;
  const text = alter(manifest);
  const bytes = typeof text === "string" ? Buffer.from(text) : canonicalBytes(manifest);
  const note = `canonic/bundle-manifest/v1\n${manifest.origin}\n${digestBytes(bytes)}\n`;
  return altered(sealed, { "manifest.json": bytes, "manifest.note": signNote(note, signer) });
}
