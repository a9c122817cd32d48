import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Chunk, canonicalJson, digestBytes, type JsonValue, Plan, RunEvent } from "@canonic/contracts";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { type Analysis, analyse, digestOfFile, linesOf, readArtifact, readOutputs } from "./analysis.ts";
import { canonic, canonicJson, filesBelow, temporaryFolder } from "./command-line.ts";
import { type DocumentFile, longPdf, spanishDeclaration } from "./documents.ts";

const folder = temporaryFolder();
const CORE_CONTRACTS = ["cardinality", "determinism", "provenance", "routing", "signal-coverage"];
const REPORTED =
  "run status planDigest outputsDigest outputs contracts coverage events out bundle report durationMs".split(" ");
/** What would make a page load something from elsewhere. */
const REACHES_OUT =
  /<(?:iframe|object|embed|base)\b|@import|\s(?:src|srcset|action|poster|href)\s*=\s*["'](?!#|data:)[^"']*|url\(\s*["']?(?!data:|#)[^)]*|\bfetch\(|XMLHttpRequest|\bimport\(/gi;
const questionIds = Array.from({ length: 300 }, (_, at) => `Q${String(at + 1).padStart(3, "0")}`);

describe.each([
  ["the default document", async (): Promise<DocumentFile | null> => null],
  ["a Spanish declaration in HTML", async () => spanishDeclaration(folder)],
  ["a PDF of 60 pages", () => longPdf(folder)],
])("the main job over %s", (title, make) => {
  let document: DocumentFile | null;
  let analysis: Analysis;
  beforeAll(async () => {
    document = await make();
    analysis = await analyse(join(folder, title.replaceAll(" ", "-")), document === null ? [] : [document.file]);
  });

  test("reports what was run as one JSON document", () => {
    const { report, out } = analysis;

    expect(REPORTED.filter((key) => !(key in report))).toEqual([]);
    expect(report).toMatchObject({ status: "completed", resumed: false, outputs: 300, out });
    expect(report).toMatchObject({ bundle: join(out, "bundle"), report: join(out, "report.html") });
    expect(report.run).toMatch(/^run_[0-9a-f]{20}$/);
    expect(report.contracts.map(({ contract, verdict }) => [contract, verdict])).toEqual(
      CORE_CONTRACTS.map((name) => [name, "satisfied"]),
    );
    for (const { checked } of report.contracts) expect(checked).toBeGreaterThan(0);
    for (const share of [report.coverage?.planned, report.coverage?.consumed]) {
      expect(share?.denominator).toBe(300);
      expect(share?.numerator).toBeGreaterThanOrEqual(255);
    }
    expect(report.durationMs).toBeGreaterThan(report.operationMs / 8);
  });

  test("answers 300 questions in question order, one canonical line each", () => {
    const { report, out } = analysis;
    const lines = linesOf(readFileSync(join(out, "outputs.jsonl")));
    const outputs = readOutputs(out);

    expect(outputs.map(({ question }) => question)).toEqual(questionIds);
    expect(lines.map((line) => canonicalJson(JSON.parse(line) as JsonValue))).toEqual(lines);
    expect(digestOfFile(out, "outputs.jsonl")).toBe(report.outputsDigest);
    expect(new Set(outputs.map(({ task }) => task)).size).toBe(300);
    expect(new Set(outputs.map(({ chunk }) => chunk)).size).toBe(60);
    for (const { question, area, dimension, chunk } of outputs) {
      const number = Number(question.slice(1)) - 1;
      expect(area).toBe(`PA${String(Math.floor(number / 30) + 1).padStart(2, "0")}`);
      expect(dimension).toBe(`DIM0${(Math.floor(number / 5) % 6) + 1}`);
      expect(chunk).toBe(`${area}-${dimension}`);
    }
  });

  test("quotes bytes of the document that are in the chunk, by their digest", () => {
    const { out } = analysis;
    const text = readFileSync(join(out, "document.txt"));
    let quoted = 0;
    for (const output of readOutputs(out)) {
      const chunk = Chunk.parse(readArtifact(out, output.chunkDigest));
      const passages = chunk.kind === "found" ? chunk.passages : [];
      for (const { span, digest } of output.evidence) {
        quoted += 1;
        expect(digestBytes(text.subarray(span.start, span.end))).toBe(digest);
        expect(passages.some((passage) => passage.span.start <= span.start && span.end <= passage.span.end)).toBe(true);
        expect(() =>
          new TextDecoder("utf-8", { fatal: true }).decode(text.subarray(span.start, span.end)),
        ).not.toThrow();
      }
    }

    expect(quoted).toBeGreaterThanOrEqual(1);
    expect(digestOfFile(out, "bundle", "document.txt")).toBe(digestBytes(text));
  });

  test("answers honestly where the document says nothing, with the search that found nothing", () => {
    const outputs = readOutputs(analysis.out);
    const answered = outputs.filter(({ status }) => status === "answered");
    const silent = outputs.filter((output) => output.status === "no_evidence");

    expect(answered.length).toBeGreaterThan(0);
    expect(silent.length).toBeGreaterThan(10);
    for (const output of silent) expect(output.search.terms.length).toBeGreaterThan(0);
  });

  test("reads the document's language and pages", () => {
    const { plan } = planOf(analysis);
    const request = readArtifact(analysis.out, plan.request) as { readonly document: `sha256:${string}` };
    const record = readArtifact(analysis.out, request.document as never) as {
      readonly language: string;
      readonly pages: readonly unknown[];
      readonly text: { readonly digest: string };
    };

    expect(record.language).toBe(document?.language ?? "en");
    expect(record.pages).toHaveLength(document?.pages ?? 1);
    expect(record.text.digest).toBe(digestOfFile(analysis.out, "document.txt"));
  });

  test("freezes 300 tasks over 60 chunks under the digest that it reports", () => {
    const { plan, bytes } = planOf(analysis);

    expect(digestBytes(bytes)).toBe(analysis.report.planDigest);
    expect(plan.tasks).toHaveLength(300);
    expect(new Set(plan.tasks.map(({ binding }) => binding?.chunk)).size).toBe(60);
    expect(plan.expect.contracts).toEqual(CORE_CONTRACTS);
    expect(bytes.toString()).not.toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d/);
  });

  test("journals five events for each task, in order, chained without a gap", () => {
    const { report, out } = analysis;
    const lines = linesOf(readFileSync(join(out, "bundle", "events.jsonl")));
    const events = lines.map((line) => RunEvent.parse(JSON.parse(line)));

    expect(events).toHaveLength(report.events);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at));
    expect(events.map(({ type }) => type).filter((type) => !/^(CONTRACT_VERDICT|RUN_SEALED)$/.test(type))).toHaveLength(
      2 + 5 * 300,
    );
    const typesBySubject = Map.groupBy(events, ({ subject }) => subject);
    for (const { id } of planOf(analysis).plan.tasks) {
      expect(typesBySubject.get(id)?.map(({ type }) => type)).toEqual([
        "ROUTING_DECISION",
        "AUTHORIZATION_SCOPE_CHECK",
        "RESOURCE_LIMIT_CHECK",
        "EXECUTION_STARTED",
        "EXECUTION_COMPLETED",
      ]);
    }
    expect(events.at(-1)).toMatchObject({ type: "RUN_SEALED", data: { status: "completed", outputsCount: 300 } });
  });

  test("writes a table of 300 rows and a page that needs nothing from elsewhere", () => {
    const { out } = analysis;
    const table = readFileSync(join(out, "answers.csv"), "utf8").replace(/^\ufeff/, "");
    const rows = parse(table, { columns: true }) as readonly Record<string, string>[];
    const page = readFileSync(join(out, "report.html"), "utf8");

    expect(rows).toHaveLength(300);
    expect(rows.map((row) => Object.values(row).find((value) => /^Q\d{3}$/.test(value)))).toEqual(questionIds);
    expect(page.slice(0, 15).toLowerCase()).toBe("<!doctype html>");
    expect(page.includes(`lang="${document?.language ?? "en"}"`)).toBe(true);
    expect(questionIds.filter((id) => !page.includes(`id="${id}"`))).toEqual([]);
    expect(page.match(REACHES_OUT) ?? []).toEqual([]);
  });

  test("writes nothing else, and leaves no part behind", () => {
    const { out } = analysis;

    expect(readdirSync(out).sort()).toEqual(["answers.csv", "bundle", "document.txt", "outputs.jsonl", "report.html"]);
    expect(readdirSync(join(out, "..")).sort()).toEqual(["out", "store"]);
    expect(filesBelow(out).filter((path) => /\.part|\.partial|\.tmp/.test(path))).toEqual([]);
    expect(existsSync(join(out, "bundle", "trust.json"))).toBe(false);
  });

  test("is VALID to a stranger who has the bundle and a trust file from outside", async () => {
    const stranger = temporaryFolder();
    cpSync(join(analysis.out, "bundle"), join(stranger, "bundle"), { recursive: true });
    cpSync(analysis.trust, join(stranger, "trust.json"));
    const options = { cwd: stranger, config: null };

    const ended = await canonic(["verify", "bundle", "--trust", "trust.json"], options);
    const verification = await canonicJson<{
      verdict: string;
      reasons: unknown[];
      run: { run: string; outputs: number };
    }>(["verify", "bundle", "--trust", "trust.json"], options);

    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(
      new RegExp(`^VALID\\n +${analysis.report.run}: completed, 300 outputs, ${analysis.report.events} events\\n$`),
    );
    expect(verification).toMatchObject({
      verdict: "VALID",
      reasons: [],
      run: { run: analysis.report.run, outputs: 300 },
    });
  });
});

function planOf({ out }: Analysis): { readonly plan: Plan; readonly bytes: Buffer } {
  const bytes = readFileSync(join(out, "bundle", "plan.json"));
  return { plan: Plan.parse(JSON.parse(bytes.toString())), bytes };
}
