/**
 * One analysis run through the command line, and its results read back as a reader would: from the files alone.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Digest, digestBytes, Output, parseCanonicalJson } from "@canonic/contracts";
import { type CommandOptions, canonicJson } from "./command-line.ts";

/** What `canonic analyze --json` prints; it may say more. */
export type Report = {
  readonly run: string;
  readonly status: string;
  readonly resumed: boolean;
  readonly planDigest: Digest;
  readonly outputsDigest: Digest | null;
  readonly outputs: number;
  readonly contracts: readonly VerdictShown[];
  readonly coverage: { readonly planned: Share; readonly consumed: Share } | null;
  readonly events: number;
  readonly out: string | null;
  readonly bundle: string | null;
  readonly report: string | null;
  readonly operationMs: number;
  readonly durationMs: number;
};
type VerdictShown = {
  readonly contract: string;
  readonly verdict: string;
  readonly violation: string | null;
  readonly checked: number;
  readonly reasons: readonly { readonly code: string }[];
};
type Share = { readonly numerator: number; readonly denominator: number };

export type Analysis = {
  readonly report: Report;
  readonly store: string;
  readonly out: string;
  readonly trust: string;
};

/** Analyses a document, or the default one, into `<folder>/store` and `<folder>/out`. */
export async function analyse(
  folder: string,
  document: readonly string[] = [],
  options: CommandOptions = {},
): Promise<Analysis> {
  const store = join(folder, "store");
  const out = join(folder, "out");
  const report = await canonicJson<Report>(["analyze", ...document, "--store", store, "--out", out], options);
  return { report, store, out, trust: join(store, "trust.json") };
}

/** The lines of a file that must end in a line feed. */
export function linesOf(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  if (!text.endsWith("\n")) throw new Error("the last line has no line feed");
  return text.slice(0, -1).split("\n");
}

export function readOutputs(out: string): readonly Output[] {
  return linesOf(readFileSync(join(out, "outputs.jsonl"))).map((line) =>
    Output.parse(parseCanonicalJson(Buffer.from(line))),
  );
}

export function digestOfFile(...steps: readonly string[]): Digest {
  return digestBytes(readFileSync(join(...steps)));
}

/** An artifact of the bundle, by digest. */
export function readArtifact(out: string, digest: Digest): unknown {
  return JSON.parse(readFileSync(join(out, "bundle", "artifacts", `${digest.slice(7)}.json`), "utf8"));
}
