/**
 * Attacks on the shape of a bundle: what lies in a folder or a tar file in the place of plain files, and far too much of it.
 * Each is INVALID or refused, none is waited for, and no process dies of it.
 */
import { execFileSync } from "node:child_process";
import { cpSync, linkSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canonic, temporaryFolder } from "../main-job/command-line.ts";
import { resealed } from "../tamper/bundle-copy.ts";
import { Judge } from "./judge.ts";
import { type Evidence, gatedEvidence, remanifested, written } from "./struck-bundle.ts";
import { headerOf, type TarFields, tarMember, tarOf } from "./tar.ts";

const isAll = process.env["CANONIC_ATTACKS"] === "all";
const MANY_FILES = isAll ? 1_000_000 : 210_000;
const MEMBERS = 1_000_000;
const GIGABYTE = 2 ** 30;

const judge = new Judge();
const folder = temporaryFolder();
let evidence: Evidence;
let good: string;
let slowest = { ms: 0, path: "" };
beforeAll(async () => {
  evidence = await gatedEvidence();
  good = written(evidence.bundle, join(folder, "good"));
});
afterAll(() => judge.close());

async function judged(path: string) {
  const { verdict, codes, ms } = await judge.judge(path, evidence.trust);
  if (ms > slowest.ms) slowest = { ms, path };
  return { verdict, codes };
}

let copies = 0;
function copyOfGood(): string {
  copies += 1;
  const copy = join(folder, `copy-${copies}`);
  cpSync(good, copy, { recursive: true });
  return copy;
}
const place = (name: string): string => join(folder, `place-${++copies}-${name}`);
const members = (): TarFields[] => [...evidence.bundle].map(([path, bytes]) => ({ path, bytes }));
function tarred(bytes: Uint8Array): string {
  const file = place("bundle.tar");
  writeFileSync(file, bytes);
  return file;
}

type Shape = readonly [name: string, code: string, how: () => string, verdict?: "INDETERMINATE"];

/** Puts something else in the place of a file of the bundle. */
const instead = (file: string, put: (path: string, bundle: string) => void) => (): string => {
  const copy = copyOfGood();
  rmSync(join(copy, file), { recursive: true });
  put(join(copy, file), copy);
  return copy;
};
/** Puts something beside the files of the bundle. */
const beside = (put: (bundle: string) => void) => (): string => {
  const copy = copyOfGood();
  put(copy);
  return copy;
};
const run = (...words: string[]) => execFileSync(words[0] as string, words.slice(1), { stdio: "ignore" });

const folders: readonly Shape[] = [
  [
    "a link in the place of a file",
    "file-changed",
    instead("plan.json", (path) => symlinkSync(join(good, "plan.json"), path)),
  ],
  [
    "a link to a file that everybody has",
    "file-changed",
    instead("outputs.jsonl", (path) => symlinkSync("/etc/passwd", path)),
  ],
  ["a link to itself", "file-changed", instead("plan.json", (path) => symlinkSync(path, path))],
  ["a hard link to a file that everybody has", "file-changed", instead("outputs.jsonl", (path) => linked(path))],
  [
    "a link in the place of the manifest",
    "manifest-missing",
    instead("manifest.json", (path) => symlinkSync(join(good, "manifest.json"), path)),
  ],
  [
    "a link in the place of a folder",
    "file-missing",
    instead("artifacts", (path) => symlinkSync(join(good, "artifacts"), path)),
  ],
  ["a folder in the place of a file", "file-missing", instead("plan.json", (path) => mkdirSync(path))],
  ["a file in the place of a folder", "file-missing", instead("artifacts", (path) => writeFileSync(path, ""))],
  ["a pipe in the place of a file", "file-changed", instead("events.jsonl", (path) => run("mkfifo", path))],
  ["a pipe in the place of the manifest", "manifest-missing", instead("manifest.json", (path) => run("mkfifo", path))],
  ["a gigabyte of nothing in the place of a file", "file-changed", instead("events.jsonl", (path) => sparse(path))],
  [
    "a gigabyte of nothing in the place of the manifest",
    "manifest-malformed",
    instead("manifest.json", (path) => sparse(path)),
  ],
  [
    "a name that turns a terminal red",
    "file-unlisted",
    beside((copy) => writeFileSync(join(copy, "\u001b[31mred\n"), "")),
  ],
  ["a name that differs in case alone", "file-unlisted", beside((copy) => writeFileSync(join(copy, "PLAN.json"), ""))],
  [
    "a name that is no text",
    "bundle-unreadable",
    beside((copy) => writeFileSync(Buffer.concat([Buffer.from(`${copy}/`), Buffer.from([0xff, 0xfe])]), "")),
  ],
  [
    "a folder two thousand deep",
    "file-unlisted",
    beside((copy) => run("sh", "-c", `cd "$0" && for i in $(seq 1900); do mkdir d && cd -P d; done; : > end`, copy)),
  ],
  ["a pipe beside the files", "file-unlisted", beside((copy) => run("mkfifo", join(copy, "pipe")))],
  [`${MANY_FILES} files beside the files`, "bundle-unreadable", beside((copy) => manyFiles(copy))],
  [
    "a bundle below a link",
    "bundle-unreadable",
    () => {
      const link = place("link");
      symlinkSync(good, link);
      return link;
    },
  ],
  [
    "a pipe",
    "bundle-unreadable",
    () => {
      const pipe = place("pipe");
      run("mkfifo", pipe);
      return pipe;
    },
  ],
  ["a device that never ends", "bundle-unreadable", () => "/dev/zero"],
  [
    "an empty folder",
    "manifest-missing",
    () => {
      const empty = place("empty");
      mkdirSync(empty);
      return empty;
    },
  ],
  ["nothing", "bundle-unreadable", () => place("nothing")],
  ["a folder within the bundle", "manifest-missing", () => join(good, "artifacts")],
  ["a gigabyte of plan, listed and signed", "file-too-large", () => listedSparse("plan.json"), "INDETERMINATE"],
  ["a gigabyte of events, listed and signed", "line-too-long", () => listedSparse("events.jsonl")],
  [
    "a gigabyte of an artifact, listed and signed",
    "file-too-large",
    () => listedSparse(`artifacts/${"0".repeat(64)}.json`),
    "INDETERMINATE",
  ],
];

/** A hard link where the file system allows one; else the same bytes. */
function linked(path: string): void {
  try {
    linkSync("/etc/passwd", path);
  } catch {
    cpSync("/etc/passwd", path);
  }
}

function sparse(path: string): void {
  writeFileSync(path, "");
  truncateSync(path, GIGABYTE);
}

function manyFiles(copy: string): void {
  mkdirSync(join(copy, "many"));
  run("sh", "-c", `cd "$0" && seq ${MANY_FILES} | xargs touch`, join(copy, "many"));
}

/** SHA-256 of a gigabyte of zero bytes. */
const GIGABYTE_DIGEST = "sha256:49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14";

function listedSparse(path: string): string {
  const sealed = remanifested(evidence.bundle, evidence.signer, (manifest) => {
    const files = manifest.files.filter((file: { path: string }) => file.path !== path);
    files.push({ path, digest: GIGABYTE_DIGEST, sizeBytes: GIGABYTE });
    manifest.files = files.sort((a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1));
  });
  const to = written(sealed, place("large"));
  sparse(join(to, path));
  return to;
}

const altering =
  (change: Partial<TarFields>, path = "plan.json") =>
  () =>
    tarred(tarOf(members().map((member) => (member.path === path ? { ...member, ...change } : member))));
const adding = (member: TarFields) => () => tarred(tarOf([...members(), member]));
const bytesOf = (alter: (tar: Buffer) => Uint8Array) => () => tarred(alter(tarOf(members())));

const tars: readonly Shape[] = [
  ["a link", "tar-invalid", altering({ type: "2", link: "/etc/passwd", bytes: new Uint8Array() })],
  ["a hard link", "tar-invalid", altering({ type: "1", link: "checkpoint", bytes: new Uint8Array() })],
  ["a device", "tar-invalid", altering({ type: "3", bytes: new Uint8Array() })],
  ["a pipe", "tar-invalid", altering({ type: "6", bytes: new Uint8Array() })],
  ["a folder", "tar-invalid", adding({ path: "artifacts/", type: "5" })],
  [
    "an extended header",
    "tar-invalid",
    adding({ path: "a-header", type: "x", bytes: Buffer.from("20 path=plan.json\n") }),
  ],
  ["a header of GNU", "tar-invalid", adding({ path: "././@LongLink", type: "L", bytes: Buffer.from("plan.json\0") })],
  ["a sparse file of GNU", "tar-invalid", altering({ type: "S" })],
  ["a path to the folder above", "tar-invalid", adding({ path: "../secret" })],
  ["a path from the root", "tar-invalid", adding({ path: "/etc/passwd" })],
  ["a path with a backslash", "tar-invalid", adding({ path: "artifacts\\plan.json" })],
  ["a path with an escape sequence", "tar-invalid", adding({ path: "\u001b[2J" })],
  ["a path that needs no prefix and has one", "tar-invalid", altering({ path: "b.json", prefix: "a" })],
  ["a path twice", "tar-invalid", adding({ path: "plan.json", bytes: Buffer.from("{}") })],
  ["members out of order", "tar-invalid", () => tarred(tarOf(members().reverse(), false))],
  ["another mode", "tar-invalid", altering({ mode: "0000777\0" })],
  ["a time", "tar-invalid", altering({ mtime: "14000000000\0" })],
  ["an owner", "tar-invalid", altering({ owner: "root" })],
  ["a size in base 256", "tar-invalid", altering({ size: `\x80${"\0".repeat(10)}\x01` })],
  ["a size beyond the file", "tar-invalid", altering({ size: "77777777777\0" })],
  ["a size with a sign", "tar-invalid", altering({ size: "-0000000001\0" })],
  ["a wrong checksum", "tar-invalid", altering({ checksum: "000000\0 " })],
  ["the magic of GNU", "tar-invalid", altering({ magic: "ustar  \0" })],
  ["padding that is not zero", "tar-invalid", altering({ padding: 1 })],
  ["a byte behind the end", "tar-invalid", bytesOf((tar) => Buffer.concat([tar, Buffer.from("x")]))],
  ["a second tar behind the end", "tar-invalid", bytesOf((tar) => Buffer.concat([tar, tar]))],
  ["one block behind the end", "tar-invalid", bytesOf((tar) => Buffer.concat([tar, Buffer.alloc(512)]))],
  ["half of its end", "tar-invalid", bytesOf((tar) => tar.subarray(0, -512))],
  ["no end", "tar-invalid", bytesOf((tar) => tar.subarray(0, -1024))],
  ["its first half", "tar-invalid", bytesOf((tar) => tar.subarray(0, Math.floor(tar.length / 1024) * 512))],
  ["a cut in a block", "tar-invalid", bytesOf((tar) => tar.subarray(0, tar.length - 100))],
  ["nothing in it", "tar-invalid", bytesOf(() => new Uint8Array())],
  ["its end alone", "manifest-missing", bytesOf(() => Buffer.alloc(1024))],
  ["a gzip of itself", "tar-invalid", bytesOf((tar) => gzipSync(tar))],
  ["a gzip bomb of a gigabyte", "tar-invalid", () => tarred(gzipSync(Buffer.alloc(GIGABYTE / 4), { level: 1 }))],
  ["a zip", "tar-invalid", bytesOf(() => Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(1020)]))],
  ["text", "tar-invalid", bytesOf(() => Buffer.from("this is no bundle at all\n".repeat(1000)))],
  [
    "a gigabyte of nothing",
    "tar-invalid",
    () => {
      const file = place("sparse.tar");
      sparse(file);
      return file;
    },
  ],
  [
    "a bit of an event flipped",
    "file-changed",
    bytesOf((tar) => {
      const at = tar.indexOf('"type":"TOKEN_VALIDATION"');
      tar[at + 9] = (tar[at + 9] ?? 0) ^ 1;
      return tar;
    }),
  ],
  ["a file more", "file-unlisted", adding({ path: "notes.txt", bytes: Buffer.from("hello") })],
  ["a file less", "file-missing", () => tarred(tarOf(members().filter(({ path }) => path !== "outputs.jsonl")))],
  [`${MEMBERS} members of nothing`, "tar-invalid", () => manyMembers()],
];

/** Members like `m0000001`, with the good ones before them. */
function manyMembers(): string {
  const file = place("many.tar");
  const pieces: Buffer[] = [...members()]
    .filter(({ path }) => path < "m")
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(tarMember);
  const header = headerOf({ path: "m0000000" }, 0);
  const fixed =
    header.reduce((total, byte) => total + byte, 0) -
    header.subarray(148, 156).reduce((total, byte) => total + byte, 0) +
    8 * 32;
  const sum = fixed - 7 * 0x30;
  const page = Buffer.alloc(512 * 10_000);
  writeFileSync(file, Buffer.concat(pieces));
  for (let from = 0; from < MEMBERS; from += 10_000) {
    for (let at = 0; at < 10_000; at += 1) {
      const digits = String(from + at).padStart(7, "0");
      header.write(digits, 1, "latin1");
      let total = sum;
      for (const digit of digits) total += digit.charCodeAt(0);
      header.write(`${total.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
      header.copy(page, 512 * at);
    }
    writeFileSync(file, page, { flag: "a" });
  }
  writeFileSync(file, Buffer.alloc(1024), { flag: "a" });
  return file;
}

test("the bundle is VALID as a folder and as a tar, also as one that another writer wrote", async () => {
  expect(await judged(good)).toEqual({ verdict: "VALID", codes: [] });
  expect(await judged(tarred(tarOf(members())))).toEqual({ verdict: "VALID", codes: [] });
  expect(
    await judged(
      tarred(tarOf([...resealed(evidence.bundle, evidence.signer)].map(([path, bytes]) => ({ path, bytes })))),
    ),
  ).toEqual({
    verdict: "VALID",
    codes: [],
  });
});

describe.each([
  ["a folder with", folders],
  ["a tar with", tars],
] as const)("%s", (_form, shapes) => {
  test.each(shapes.map((shape) => [shape[0], shape] as const))("%s", async (_name, shape) => {
    const [, code, how, verdict = "INVALID"] = shape;
    const path = how();
    const found = await judged(path);
    if (path.startsWith(folder) && path !== good && !path.startsWith(good))
      rmSync(path, { recursive: true, force: true });

    expect({ verdict: found.verdict, codes: found.codes.includes(code) ? [code] : found.codes }).toEqual({
      verdict,
      codes: [code],
    });
  });
});

test("the command says so in one line that leaves the terminal as it was, without a trace", async () => {
  const cases = [
    beside((copy) => writeFileSync(join(copy, "\u001b[31mred\n"), ""))(),
    instead("events.jsonl", (path) => run("mkfifo", path))(),
    bytesOf((tar) => gzipSync(tar))(),
    adding({ path: "../secret" })(),
    "/dev/zero",
  ];
  for (const path of cases) {
    const { code, stdout, stderr } = await canonic(["verify", path, "--trust", evidence.trust]);

    expect({ path, code, stderr: stderr.replace(/^canonic: [^\n]+ \([a-z-]+\.[a-z-]+\)\n$/, "") }).toEqual({
      path,
      code: code === 2 ? 2 : 1,
      stderr: "",
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(stdout).not.toMatch(/^VALID/m);
  }
});

test("the command judges a file of 3 GiB without reading it whole", async () => {
  const path = place("large.tar");
  writeFileSync(path, "");
  truncateSync(path, 3 * GIGABYTE);
  const { code, stdout } = await canonic(["verify", path, "--trust", evidence.trust]);

  expect(code).toBe(1);
  expect(stdout).toMatch(/^INVALID\b.*\btar-invalid\b/s);
});

test("counted", () => {
  process.stdout.write(
    `attacks on a bundle's shape: ${folders.length} folders, ${tars.length} tars, the slowest in ${Math.round(slowest.ms)} ms (${slowest.path.slice(folder.length + 1)})\n`,
  );
  expect(folders.length + tars.length).toBeGreaterThanOrEqual(40);
});
