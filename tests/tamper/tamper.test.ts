import { appendFileSync, cpSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createKeyPair,
  memorySource,
  type NoteSigner,
  parseTrustFile,
  signerFromPem,
  trustFileOf,
  verifyBundle,
} from "@canonic/audit";
import type { TrustFile } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { shareOf } from "../crash/random-moments.ts";
import { type Analysis, analyse, type Report } from "../main-job/analysis.ts";
import { canonic, canonicJson, readBelow, temporaryFolder } from "../main-job/command-line.ts";
import { spanishDeclaration } from "../main-job/documents.ts";
import { altered, type Bundle, fileOf, flipped, resealed } from "./bundle-copy.ts";

/** 2,000 for the full show. */
const FLIPS = Number(process.env["CANONIC_FLIPS"] ?? "44");
/** With many flips, the other samples are taken more closely too. */
const isFull = FLIPS >= 1000;
const SEED = process.env["CANONIC_FLIP_SEED"] ?? "canonic";

const folder = temporaryFolder();
let analysis: Analysis;
let bundle: Bundle;
/** The bundle of a second run of the same plan in the same log. */
let other: Bundle;
let trust: TrustFile;
let signer: NoteSigner;
beforeAll(async () => {
  const { file } = spanishDeclaration(folder);
  analysis = await analyse(folder, [file]);
  bundle = readBelow(join(analysis.out, "bundle"));
  const second = join(folder, "second");
  await canonicJson<Report>(["analyze", file, "--store", analysis.store, "--out", second]);
  other = readBelow(join(second, "bundle"));
  trust = parseTrustFile(readFileSync(analysis.trust));
  const [log] = trust.logs;
  signer = signerFromPem(log?.origin ?? "", readFileSync(join(analysis.store, "keys", "log.pem"), "utf8"));
});

const verdictOf = async (files: Bundle, trusted = trust): Promise<string> =>
  (await verifyBundle(memorySource(files), { trust: trusted })).verdict;

async function expectInvalid(files: Bundle): Promise<void> {
  const { verdict, reasons } = await verifyBundle(memorySource(files), { trust });
  expect(verdict).toBe("INVALID");
  expect(reasons.length).toBeGreaterThan(0);
}

test("both bundles are VALID as they were written, also when sealed again unchanged", async () => {
  expect(await verdictOf(bundle)).toBe("VALID");
  expect(await verdictOf(other)).toBe("VALID");
  expect(await verdictOf(resealed(bundle, signer))).toBe("VALID");
});

test(`is INVALID with any one of ${FLIPS} bytes changed, over all files`, {
  timeout: 60_000 + 500 * FLIPS,
}, async () => {
  const files = [...bundle.keys()];
  const positions = flipsOver(files);
  const survived: string[] = [];
  for (const { path, at, mask } of positions) {
    const verdict = await verdictOf(altered(bundle, { [path]: flipped(fileOf(bundle, path), at, mask) }));
    if (verdict !== "INVALID") survived.push(`${verdict}: byte ${at} of ${path} xor ${mask}`);
  }

  expect(survived).toEqual([]);
  expect(positions).toHaveLength(FLIPS);
  const kinds = new Set(positions.map(({ path }) => path.split("/")[0]));
  expect([...new Set(files.map((path) => path.split("/")[0]))].filter((kind) => !kinds.has(kind))).toEqual([]);
});

test("is INVALID with any byte of the signatures and proofs changed", async () => {
  for (const path of ["manifest.note", "checkpoint", "proof.json"]) {
    const bytes = fileOf(bundle, path);
    const step = Math.max(1, Math.floor(bytes.length / (isFull ? 20 : 3)));
    for (let at = 0; at < bytes.length; at += step)
      await expectInvalid(altered(bundle, { [path]: flipped(bytes, at, 1) }));
  }
});

describe("events that were dropped, swapped or duplicated", () => {
  const changes: readonly (readonly [string, (lines: readonly string[], at: number) => readonly string[]])[] = [
    ["dropped", (lines, at) => lines.toSpliced(at, 1)],
    ["swapped with the next", (lines, at) => lines.toSpliced(at, 2, ...lines.slice(at, at + 2).reverse())],
    ["duplicated", (lines, at) => lines.toSpliced(at, 0, ...lines.slice(at, at + 1))],
  ];
  const places = isFull ? [0, 0.001, 0.2, 0.5, 0.97, 1] : [0, 0.5, 1];

  test.each(changes)("are INVALID: %s", async (_, change) => {
    for (const place of places) {
      const changed = altered(bundle, { "events.jsonl": eventsWith(change, place) });
      await expectInvalid(changed);
    }
  });

  test.each(changes)("are INVALID although the log's own key sealed them: %s", async (_, change) => {
    for (const place of places) {
      await expectInvalid(resealed(altered(bundle, { "events.jsonl": eventsWith(change, place) }), signer));
    }
  });

  function eventsWith(change: (lines: readonly string[], at: number) => readonly string[], place: number): Uint8Array {
    const lines = linesOf("events.jsonl");
    return bytesOf(change(lines, Math.round(place * (lines.length - 2))));
  }
});

describe("what a dishonest keeper of the key would seal", () => {
  const named: readonly (readonly [string, () => Bundle])[] = [
    ["another run's checkpoint and proof", () => altered(bundle, pick(other, "checkpoint", "proof.json"))],
    ["another run's events", () => altered(bundle, pick(other, "events.jsonl"))],
    ["no last event", () => altered(bundle, { "events.jsonl": bytesOf(linesOf("events.jsonl").slice(0, -1)) })],
    [
      "two answers swapped",
      () => altered(bundle, { "outputs.jsonl": bytesOf(swapped(linesOf("outputs.jsonl"), 3, 7)) }),
    ],
    ["a missing answer", () => altered(bundle, { "outputs.jsonl": bytesOf(linesOf("outputs.jsonl").slice(1)) })],
    ["no answers", () => altered(bundle, { "outputs.jsonl": null })],
    ["a better score", () => altered(bundle, { "outputs.jsonl": replaced("outputs.jsonl", '"score":0', '"score":3') })],
    ["another text", () => altered(bundle, { "document.txt": replaced("document.txt", "derechos", "deberes!") })],
    ["another seed", () => altered(bundle, { "plan.json": replaced("plan.json", '"seed":42', '"seed":43') })],
    ["fewer expected contracts", () => altered(bundle, { "plan.json": replaced("plan.json", '"determinism",', "") })],
    ["no registry", () => altered(bundle, { "registry.json": null })],
    ["no contracts", () => altered(bundle, { "contracts.jsonl": null })],
    ["an artifact less", () => altered(bundle, { [anArtifact()]: null })],
    ["an artifact under another's name", () => altered(bundle, { [anArtifact()]: Buffer.from('{"a":1}') })],
  ];

  test.each(named)("is INVALID: %s", async (_, make) => {
    await expectInvalid(make());
    await expectInvalid(resealed(make(), signer));
  });
});

test("trust comes from outside: a bundle sealed with another key, or by another log's trust, is INVALID", async () => {
  const origin = trust.logs[0]?.origin ?? "";
  const stranger = signerFromPem(origin, createKeyPair().privateKeyPem);
  const strange = trustFileOf(origin, [stranger]);

  await expectInvalid(resealed(bundle, stranger));
  expect(await verdictOf(bundle, strange)).toBe("INVALID");
  expect(await verdictOf(resealed(bundle, stranger), strange)).toBe("INVALID");
});

describe("files", () => {
  test("are INVALID truncated to any of several lengths, longer, missing or too many", async () => {
    for (const path of [...bundle.keys()]
      .filter((_, at, all) => at % Math.ceil(all.length / (isFull ? 6 : 2)) === 0)
      .concat(TOP)) {
      const bytes = fileOf(bundle, path);
      for (const share of [0, 0.5, 0.99]) {
        await expectInvalid(altered(bundle, { [path]: bytes.subarray(0, Math.floor(share * bytes.length)) }));
      }
      await expectInvalid(altered(bundle, { [path]: bytes.subarray(0, -1) }));
      await expectInvalid(altered(bundle, { [path]: Buffer.concat([bytes, Buffer.from("\n")]) }));
      await expectInvalid(altered(bundle, { [path]: null }));
    }
    await expectInvalid(altered(bundle, { "notes.txt": Buffer.from("extra") }));
    await expectInvalid(altered(bundle, { [`artifacts/${"0".repeat(64)}.json`]: Buffer.from("{}") }));
    await expectInvalid(new Map());
  });

  test("are judged the same on the command line: INVALID, exit 1, no trace", async () => {
    const tampers: readonly ((copy: string) => void)[] = [
      (copy) => flipFile(join(copy, "events.jsonl"), 5000),
      (copy) => flipFile(join(copy, "plan.json"), 100),
      (copy) => truncateSync(join(copy, "outputs.jsonl"), 1000),
      (copy) => appendFileSync(join(copy, "checkpoint"), "\n"),
      (copy) => writeFileSync(join(copy, "extra"), ""),
      (copy) => renameSync(join(copy, "proof.json"), join(copy, "proof")),
      (copy) => {
        renameSync(join(copy, "document.txt"), `${copy}.txt`);
        symlinkSync(`${copy}.txt`, join(copy, "document.txt"));
      },
    ];
    for (const [number, tamper] of tampers.entries()) {
      const copy = join(folder, `copy-${number}`);
      cpSync(join(analysis.out, "bundle"), copy, { recursive: true });
      tamper(copy);

      const { code, stdout, stderr } = await canonic(["verify", copy, "--trust", analysis.trust]);

      expect({ number, code, stderr }).toEqual({ number, code: 1, stderr: "" });
      expect(stdout).toMatch(/^INVALID: /);
    }
  });
});

const TOP = [
  "manifest.json",
  "manifest.note",
  "checkpoint",
  "proof.json",
  "events.jsonl",
  "outputs.jsonl",
  "plan.json",
];

/** Half of the positions by file, so that small files are hit too, half by byte over the whole bundle. */
function flipsOver(files: readonly string[]): { path: string; at: number; mask: number }[] {
  const single = files.filter((path) => !path.startsWith("artifacts/"));
  const kindOf = (path: string) => path.split("/")[0];
  const isFirst = (path: string, at: number) => single.findIndex((one) => kindOf(one) === kindOf(path)) === at;
  const names = [...single.filter(isFirst), ...single.filter((path, at) => !isFirst(path, at))];
  const total = files.reduce((sum, path) => sum + fileOf(bundle, path).length, 0);
  return Array.from({ length: FLIPS }, (_, number) => {
    const mask = 1 << Math.floor(8 * shareOf(`${SEED}/mask`, number));
    const share = shareOf(`${SEED}/byte`, number);
    if (number % 2 === 0) {
      const path = names[(number / 2) % names.length] ?? "";
      return { path, at: Math.floor(share * fileOf(bundle, path).length), mask };
    }
    let at = Math.floor(share * total);
    const path = files.find((candidate) => {
      const { length } = fileOf(bundle, candidate);
      if (at < length) return true;
      at -= length;
      return false;
    });
    return { path: path ?? "", at, mask };
  });
}

function flipFile(file: string, at: number): void {
  writeFileSync(file, flipped(readFileSync(file), at, 4));
}

function linesOf(path: string): readonly string[] {
  return Buffer.from(fileOf(bundle, path)).toString().trimEnd().split("\n");
}

function bytesOf(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.map((line) => `${line}\n`).join(""));
}

function swapped(lines: readonly string[], a: number, b: number): readonly string[] {
  return lines.map((line, at) => (at === a ? lines[b] : at === b ? lines[a] : line) ?? "");
}

function replaced(path: string, from: string, to: string): Uint8Array {
  const text = Buffer.from(fileOf(bundle, path)).toString();
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  return Buffer.from(text.replace(from, to));
}

function pick(from: Bundle, ...paths: readonly string[]): Record<string, Uint8Array> {
  return Object.fromEntries(paths.map((path) => [path, fileOf(from, path)]));
}

function anArtifact(): string {
  return [...bundle.keys()].filter((path) => path.startsWith("artifacts/")).sort()[100] ?? "";
}
