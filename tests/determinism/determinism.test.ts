import { mkdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Analysis, analyse } from "../main-job/analysis.ts";
import { type CommandOptions, canonic, plainEnvironment, temporaryFolder } from "../main-job/command-line.ts";
import { longPdf, spanishDeclaration } from "../main-job/documents.ts";

const folder = temporaryFolder();
const env = plainEnvironment();
const reversed = Object.fromEntries(Object.entries({ ...env, ZZZ: "1", AAA: "2" }).reverse());

/** Everything that a result says but when and in which log: these files hold neither. */
const COMPARED = [
  "outputs.jsonl",
  "bundle/plan.json",
  "bundle/registry.json",
  "bundle/contracts.jsonl",
  "bundle/outputs.jsonl",
  "bundle/document.txt",
  "document.txt",
  "answers.csv",
  "report.html",
];

let document: string;
let reference: Analysis;
beforeAll(async () => {
  document = spanishDeclaration(folder).file;
  reference = await analyse(join(folder, "reference"), [document, "--jobs", "1"]);
});

const cores = availableParallelism();
const elsewhere = join(folder, "elsewhere", "with a space");
const variants: readonly (readonly [string, readonly string[], CommandOptions])[] = [
  [
    "in another time zone, language and folder",
    ["--jobs", "1"],
    { cwd: elsewhere, env: { ...env, TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" } },
  ],
  [
    "with two jobs or more, the environment in another order and a strange locale",
    ["--jobs", String(Math.max(2, cores))],
    { env: { ...reversed, TZ: "Asia/Kathmandu", LANG: "lt_LT", LC_ALL: "lt_LT", LANGUAGE: "lt" } },
  ],
];

test.each(variants)("gives the same bytes %s", async (title, jobs, options) => {
  mkdirSync(elsewhere, { recursive: true });

  const other = await analyse(join(folder, title.replaceAll(" ", "-")), [document, ...jobs], options);

  for (const path of COMPARED) {
    expect(readFileSync(join(other.out, path)).equals(readFileSync(join(reference.out, path))), path).toBe(true);
  }
  expect({ ...other.report, ...placeAndTime }).toEqual({ ...reference.report, ...placeAndTime });
});

test("gives a PDF the same bytes as a run that another run came before", async () => {
  const { file } = await longPdf(folder);
  const first = await analyse(join(folder, "pdf"), [file, "--jobs", "1"]);
  const again = join(folder, "pdf-again");
  await canonic(["analyze", file, "--store", first.store, "--out", again, "--jobs", String(cores)]);

  for (const path of ["outputs.jsonl", "bundle/plan.json", "document.txt", "answers.csv"]) {
    expect(readFileSync(join(again, path)).equals(readFileSync(join(first.out, path))), path).toBe(true);
  }
});

test("makes another plan of another seed, with the same answers", async () => {
  const other = await analyse(join(folder, "seed"), [document, "--seed", "7"]);

  expect(other.report.planDigest).not.toBe(reference.report.planDigest);
  const answers = ({ out }: Analysis) =>
    readFileSync(join(out, "answers.csv"), "utf8").replace(/\btask_[0-9a-f]{20}/g, "");
  expect(answers(other)).toBe(answers(reference));
});

/** What may differ between two runs of the same: where, when, and whose log signed it. */
const placeAndTime = { verification: null, out: "", bundle: "", report: "", trust: "", operationMs: 0, durationMs: 0 };
