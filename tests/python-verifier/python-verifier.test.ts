/**
 * A second verifier, in Python, written from docs/evidence-format.md and the published schemas alone: both give every bundle
 * the same verdict, good, bad and arbitrarily changed. What the Python does not judge (the core contracts and the renditions of
 * sections 11 and 14) is named here, and only a finding of these may part them.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memorySource, parseTrustFile, tarSource, verifyBundle, verifyEvidence } from "@canonic/audit";
import { beforeAll, describe, expect, test } from "vitest";
import { domainsConfig } from "../authority/plans.ts";
import { canonicJson, readBelow, temporaryFolder } from "../main-job/command-line.ts";
import { runCommand } from "../run-command.ts";
import { root } from "../tidy/tree.ts";

type Content = string | null | { readonly base64: string };
type Vector = {
  readonly name: string;
  readonly base?: string;
  readonly verdict: string;
  readonly codes: readonly string[];
  readonly files: Readonly<Record<string, Content>>;
};
type Judged = { readonly name: string; readonly verdict: string; readonly codes: readonly string[] };

const here = join(root, "tests", "python-verifier");
const bundles = join(root, "tests", "vectors", "bundles");
const committedTrust = join(bundles, "trust.json");
/** Which of the four the grammar's fault is, is a matter of how a verifier recovers (section 9). */
const GRAMMAR = ["event-missing", "event-extra", "event-duplicated", "event-reordered"];
/** What the whole check finds and the core check does not judge. */
const WHOLE = ["contract-untrue", "contract-open", "lineage-wrong", "certificate-wrong", "document-untrue"];
const PLAN =
  "tasks:\n  - { name: pin, operation: source.pin, parameters: { name: law } }\n  - { name: again, operation: source.pin, parameters: { name: note } }\n";

const probe = await runCommand("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]).catch(
  () => undefined,
);
const isThere = probe?.code === 0;
if (!isThere) process.stderr.write("No `python3` of 3.9 or later: the tests of the second verifier are skipped.\n");

const python = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await runCommand("python3", args, { cwd: here });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};
const linesOf = <T>(text: string): readonly T[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
const ofGrammar = (codes: readonly string[]) => codes.map((code) => (GRAMMAR.includes(code) ? "grammar" : code));
const bytesOf = (content: Content): Buffer =>
  content === null || typeof content === "string" ? Buffer.from(content ?? "") : Buffer.from(content.base64, "base64");

async function ours(files: ReadonlyMap<string, Uint8Array>, trust: string): Promise<Omit<Judged, "name">> {
  const { verdict, reasons } = await verifyBundle(memorySource(files), { trust: parseTrustFile(readFileSync(trust)) });
  return { verdict, codes: reasons.map(({ code }) => code) };
}

const theirs = async (vectors: string, trust: string): Promise<readonly Judged[]> =>
  linesOf(await python("canonic_verify.py", "--vectors", vectors, "--trust", trust));

/** Seeded (Lehmer, MINSTD): the same changes in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

function linesChanged(bytes: Uint8Array, pick: (below: number) => number, how: number): Buffer {
  const lines = Buffer.from(bytes).toString("latin1").split("\n").slice(0, -1);
  const at = pick(lines.length);
  const line = lines[at] ?? "";
  if (how === 1) lines.splice(at, 1);
  else if (how === 2) lines.splice(at, 0, line);
  else lines.splice(at, 1, lines[(at + 1) % lines.length] ?? "", line);
  return Buffer.from(lines.map((each) => `${each}\n`).join(""), "latin1");
}

/** One byte flipped in one file, or one line of one dropped, doubled or put behind a copy of the next. */
function changed(files: ReadonlyMap<string, Uint8Array>, pick: (below: number) => number): readonly [string, Buffer] {
  const paths = [...files.keys()];
  const path = paths[pick(paths.length)] ?? "";
  const bytes = Buffer.from(files.get(path) ?? []);
  const how = pick(4);
  if (how > 0 && /\.jsonl$|^checkpoint|\.note$|proof$/.test(path)) return [path, linesChanged(bytes, pick, how)];
  const at = pick(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
  return [path, bytes];
}

test.runIf(process.env["CI"] === "true")("python3 is there where the whole check must run", () => {
  expect(isThere).toBe(true);
});

describe.skipIf(!isThere)("the second verifier", () => {
  const folder = temporaryFolder();
  let bundle: ReadonlyMap<string, Uint8Array>;
  let trust: string;
  beforeAll(async () => {
    const command = <T>(...args: readonly string[]) => canonicJson<T>(args, { cwd: folder, config: domainsConfig });
    writeFileSync(join(folder, "plan.yaml"), PLAN);
    await command("plan", "plan.yaml", "--out", "plan.json");
    const { run } = await command<{ run: string }>("run", "plan.json");
    await command("export", run, "--out", join(folder, "bundle"));
    bundle = readBelow(join(folder, "bundle"));
    trust = join(folder, ".canonic", "trust.json");
  });

  test("gives every vector its verdict and its codes", async () => {
    const vectors = linesOf<Vector>(readFileSync(join(bundles, "bundles.jsonl"), "utf8"));
    const judged = await theirs(join(bundles, "bundles.jsonl"), committedTrust);

    expect(vectors.length).toBeGreaterThan(80);
    expect(
      judged.map(({ name, verdict, codes }, at) => {
        const found = ofGrammar(codes);
        return { name, verdict, codes: ofGrammar(vectors[at]?.codes ?? []).filter((code) => found.includes(code)) };
      }),
    ).toEqual(vectors.map(({ name, verdict, codes }) => ({ name, verdict, codes: ofGrammar(codes) })));
  });

  test("opens every checkpoint and tlog-proof among the vectors as they say", async () => {
    const judged = linesOf<{ name: string; said: unknown; wanted: unknown }>(
      await python("judge_notes.py", join(root, "tests", "vectors", "log")),
    );

    expect(judged.length).toBeGreaterThan(60);
    expect(judged.map(({ name, said }) => [name, said])).toEqual(judged.map(({ name, wanted }) => [name, wanted]));
  });

  test("finds a run of the command line VALID, from a folder, and says so with its exit code", async () => {
    const said = await python("canonic_verify.py", join(folder, "bundle"), "--trust", trust, "--json");

    expect((await ours(bundle, trust)).verdict).toBe("VALID");
    expect(JSON.parse(said)).toMatchObject({ verdict: "VALID", reasons: [], checked: "core" });
    const strange = await runCommand(
      "python3",
      ["canonic_verify.py", join(folder, "bundle"), "--trust", committedTrust],
      {
        cwd: here,
      },
    );
    expect(strange).toMatchObject({ code: 1, stdout: expect.stringContaining("INVALID") });
  });

  test("judges an archive as one tar, and refuses a tar in any other spelling", async () => {
    const tar = join(folder, "archive.tar");
    await canonicJson(["export", "--runs", "1..1", "--out", tar], { cwd: folder, config: domainsConfig });
    const bytes = readFileSync(tar);
    const pick = seeded(19_480_210);
    const spoilt = Array.from({ length: 12 }, (_, at) => {
      const copy = Buffer.from(bytes);
      const offset = pick(512);
      copy[offset] = (copy[offset] ?? 0) ^ (1 << pick(8));
      return at < 10 ? copy : at === 10 ? bytes.subarray(0, -1) : Buffer.concat([bytes, Buffer.alloc(512)]);
    });
    for (const [at, content] of [bytes, ...spoilt].entries()) {
      writeFileSync(tar, content);
      const said = await runCommand("python3", ["canonic_verify.py", tar, "--trust", trust, "--json"], { cwd: here });
      const source = tarSource(tar);
      const own = await verifyEvidence(source, { trust: parseTrustFile(readFileSync(trust)) });
      const second = JSON.parse(said.stdout) as { verdict: string; reasons: { code: string }[] };

      expect({ at, own: own.verdict, second: second.verdict }).toEqual(
        at === 0 ? { at, own: "VALID", second: "VALID" } : { at, own: "INVALID", second: "INVALID" },
      );
      if (at > 0) expect(second.reasons.map(({ code }) => code)).toEqual(["tar-invalid"]);
    }
  });

  test("refuses whatever anybody changes in it, as ours does", async () => {
    const pick = seeded(20_260_131);
    const all = Object.fromEntries([...bundle].map(([path, bytes]) => [path, base64(bytes)]));
    const mutants: Vector[] = [{ name: "as it is", verdict: "VALID", codes: [], files: all }];
    const expected: { name: string; verdict: string }[] = [{ name: "as it is", verdict: "VALID" }];
    while (mutants.length < 241) {
      const [path, bytes] = changed(bundle, pick);
      if (bytes.equals(bundle.get(path) ?? Buffer.of())) continue;
      const name = `${mutants.length} ${path}`;
      mutants.push({ name, base: "as it is", verdict: "INVALID", codes: [], files: { [path]: base64(bytes) } });
      expected.push({ name, verdict: (await ours(new Map([...bundle, [path, bytes]]), trust)).verdict });
    }
    mkdirSync(join(folder, "mutants"));
    const file = join(folder, "mutants", "mutants.jsonl");
    writeFileSync(file, mutants.map((mutant) => `${JSON.stringify(mutant)}\n`).join(""));
    const judged = await theirs(file, trust);

    expect(expected.slice(1).filter(({ verdict }) => verdict !== "INVALID")).toEqual([]);
    expect(judged.map(({ name, verdict }) => ({ name, verdict }))).toEqual(expected);
  });

  test("tells the truth from a lie that the log's own key signed, as ours does", async () => {
    const text = await python("mutate.py", join(bundles, "bundles.jsonl"), "300", "20260131");
    const file = join(folder, "signed.jsonl");
    writeFileSync(file, text);
    const judged = await theirs(file, committedTrust);
    const apart: unknown[] = [];
    const verdicts = new Map<string, number>();
    for (const [at, { name, files }] of linesOf<Vector>(text).entries()) {
      const own = await ours(
        new Map(Object.entries(files).map(([path, each]) => [path, bytesOf(each)])),
        committedTrust,
      );
      verdicts.set(own.verdict, (verdicts.get(own.verdict) ?? 0) + 1);
      const isWhole =
        own.verdict === "INVALID" && own.codes.every((code) => WHOLE.includes(code) || code.startsWith("run-"));
      if (judged[at]?.verdict !== own.verdict && !isWhole) apart.push({ name, own, second: judged[at] });
    }

    expect(apart).toEqual([]);
    for (const verdict of ["VALID", "INVALID", "INDETERMINATE"]) expect(verdicts.get(verdict)).toBeGreaterThan(10);
  });
});

function base64(bytes: Uint8Array): Content {
  return { base64: Buffer.from(bytes).toString("base64") };
}
