/** The certificates of a real run: in its bundle, against a dishonest keeper, from the store, and after a change. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { memorySource, type NoteSigner, parseTrustFile, signerFromPem, verifyBundle } from "@canonic/audit";
import { Certificate, CertificateId, canonicalJson, type JsonValue, type TrustFile } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { type Analysis, linesOf } from "../main-job/analysis.ts";
import { canonic, canonicJson, readBelow, temporaryFolder } from "../main-job/command-line.ts";
import { sharedAnalysis } from "../main-job/shared-analysis.ts";
import { altered, type Bundle, fileOf, resealed } from "../tamper/bundle-copy.ts";

const FILE = "certificates.jsonl";
const folder = temporaryFolder();
let analysis: Analysis;
let bundle: Bundle;
let another: readonly string[];
let trust: TrustFile;
let signer: NoteSigner;
beforeAll(async () => {
  const second = join(folder, "second");
  analysis = await sharedAnalysis(folder);
  await canonicJson(["analyze", "--store", analysis.store, "--out", second]);
  bundle = readBelow(join(analysis.out, "bundle"));
  another = linesOf(readFileSync(join(second, "bundle", FILE)));
  trust = parseTrustFile(readFileSync(analysis.trust));
  signer = signerFromPem(trust.logs[0]?.origin ?? "", readFileSync(join(analysis.store, "keys", "log.pem"), "utf8"));
});

const lines = () => linesOf(fileOf(bundle, FILE));
const fileFrom = (kept: readonly string[]) => Buffer.from(kept.map((line) => `${line}\n`).join(""));

async function verdictOf(changed: Bundle) {
  const { verdict, reasons } = await verifyBundle(memorySource(resealed(changed, signer)), { trust });
  return { verdict, reasons, codes: reasons.map(({ code }) => code) };
}

/** The bundle with other certificates, signed again with the log's own key. */
const verdictWith = (kept: readonly string[]) => verdictOf(altered(bundle, { [FILE]: fileFrom(kept) }));

test("a real analysis has all fifteen ACTIVE in its bundle, which is VALID", async () => {
  const certificates = lines().map((line) => Certificate.parse(JSON.parse(line)));

  expect(certificates.map(({ id, status }) => `${id} ${status}`)).toEqual(
    CertificateId.options.map((id) => `${id} ACTIVE`),
  );
  expect(certificates.flatMap(({ missing }) => missing)).toEqual([]);
  expect(new Set(certificates.map(({ run }) => run))).toEqual(new Set([analysis.report.run]));
  expect(await verdictOf(bundle)).toMatchObject({ verdict: "VALID", reasons: [] });
});

/** Line `at` as a value, changed, and printed canonically. */
function changedLine(at: number, change: (certificate: Record<string, unknown>) => unknown): string[] {
  return lines().map((line, index) => (index === at ? canonicalJson(change(JSON.parse(line)) as JsonValue) : line));
}

type Lie = readonly [title: string, make: () => readonly string[]];

const LIES: readonly Lie[] = [
  ["one dropped", () => lines().slice(0, 14)],
  ["the first dropped", () => lines().slice(1)],
  ["two exchanged", () => [lines()[1] as string, lines()[0] as string, ...lines().slice(2)]],
  ["reversed", () => lines().toReversed()],
  ["one twice", () => [...lines(), lines()[14] as string]],
  ["one in the place of another", () => [lines()[1] as string, ...lines().slice(1)]],
  ["those of another run of the same plan", () => another],
  ["one of another run", () => [another[0] as string, ...lines().slice(1)]],
  ["a status lowered", () => changedLine(3, (one) => ({ ...one, status: "PENDING" }))],
  ["revoked in the bundle", () => changedLine(3, (one) => ({ ...one, status: "REVOKED" }))],
  ["evidence of something else", () => changedLine(3, (one) => ({ ...one, evidence: [] }))],
  ["a promise reworded", () => changedLine(3, (one) => ({ ...one, description: "All is well." }))],
  ["an earlier date", () => changedLine(3, (one) => ({ ...one, effectiveDate: "2020-01-01T00:00:00.000Z" }))],
  ["an unknown field", () => changedLine(3, (one) => ({ ...one, score: 100 }))],
  ["another spelling", () => lines().map((line, at) => (at === 3 ? line.replace(",", ", ") : line))],
  ["no JSON", () => lines().map((line, at) => (at === 3 ? "{" : line))],
  ["an empty line", () => [...lines().slice(0, 3), "", ...lines().slice(3)]],
  ["nothing at all", () => []],
];

/** One of three, unless all are asked for: each is a whole verification. */
const tried = process.env["CANONIC_FORGERIES"] === "all" ? LIES : LIES.filter((_, at) => at % 3 === 0);

describe("a keeper who signs again is found with certificates that are", () => {
  test("many ways to lie are known, and some of every three are tried", () => {
    expect(LIES.length).toBeGreaterThan(15);
    expect(tried.length).toBeGreaterThanOrEqual(Math.floor(LIES.length / 3));
  });

  test.each(tried)("%s", async (_, make) => {
    const { verdict, codes } = await verdictWith(make());

    expect(verdict).toBe("INVALID");
    expect(codes).toContain("certificate-wrong");
  });

  test("ACTIVE over evidence that was taken away", async () => {
    const [environment] = Certificate.parse(JSON.parse(lines()[14] as string)).evidence.filter(
      ({ name }) => name === "environment/1",
    );
    const path = `artifacts/${environment?.digest.slice(7)}.json`;
    expect(bundle.has(path)).toBe(true);

    const { verdict, reasons } = await verdictOf(altered(bundle, { [path]: null }));

    expect(verdict).toBe("INVALID");
    expect(reasons.filter(({ code }) => code === "certificate-wrong").map(({ place }) => place)).toEqual([
      `${FILE}:6`,
      `${FILE}:15`,
    ]);
    expect(reasons.map(({ code }) => code)).toContain("environment-missing");
  });

  test("but not with none: what is absent claims nothing", async () => {
    const { codes } = await verdictOf(altered(bundle, { [FILE]: null }));

    expect(codes).not.toContain("certificate-wrong");
  });
});

type Shown = {
  readonly run: string;
  readonly counts: Readonly<Record<Certificate["status"], number>>;
  readonly certificates: readonly Certificate[];
};

describe("`canonic certificates`", () => {
  const inStore = (...args: readonly string[]) => ["certificates", ...args, "--store", analysis.store];

  test("computes those of a named run from the store, byte for byte what its bundle holds", async () => {
    const { run, counts, certificates } = await canonicJson<Shown>(inStore("--run", analysis.report.run));

    expect([run, counts]).toEqual([analysis.report.run, { ACTIVE: 15, PENDING: 0, REVOKED: 0 }]);
    expect(certificates.map((one) => canonicalJson(one as unknown as JsonValue))).toEqual(lines());
  });

  test("takes the latest sealed run when none is named", async () => {
    const { run } = await canonicJson<Shown>(inStore());
    const shown = await canonic(inStore());

    expect(run).toBe(JSON.parse(another[0] as string).run);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining("15 active, 0 pending, 0 revoked") });
  });

  test("revokes what was issued over another questionnaire, contract or source, and names it", async () => {
    const config = fileURLToPath(new URL("changed.config.ts", import.meta.url));
    const { certificates } = await canonicJson<Shown>(inStore(), { config, code: 1 });
    const revoked = certificates.filter(({ status }) => status === "REVOKED");
    const changed = (id: string) => certificates.find((one) => one.id === id)?.missing.map(({ place }) => place);

    expect(revoked.map(({ id }) => id)).toEqual(["CERT-05", "CERT-08", "CERT-13", "CERT-14", "CERT-15"]);
    expect(revoked.every((one) => Certificate.safeParse(one).success)).toBe(true);
    expect(new Set(revoked.flatMap(({ missing }) => missing.map(({ code }) => code)))).toEqual(
      new Set(["source-changed"]),
    );
    expect(changed("CERT-08")).toEqual(["questionnaire"]);
    expect(changed("CERT-13")).toEqual(["contract/policy.answer-money@1.0.0"]);
    expect(changed("CERT-15")).toHaveLength(8);
  });

  test("refuses a run that is not there", async () => {
    const ended = await canonic(inStore("--run", "run_00000000000000000000"));

    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("(audit.run-unknown)");
  });
});
