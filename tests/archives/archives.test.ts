/** Evidence of several runs and the same operations executed again, by the commands that people use. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ArchiveVerification, ExportedArchive, Verification } from "@canonic/audit";
import { beforeAll, describe, expect, test } from "vitest";
import type { Analysis } from "../main-job/analysis.ts";
import { canonic, canonicJson, temporaryFolder } from "../main-job/command-line.ts";
import { sharedAnalysis } from "../main-job/shared-analysis.ts";

const folder = temporaryFolder();
const tar = join(folder, "both.tar");
let analysis: Analysis;
beforeAll(async () => {
  analysis = await sharedAnalysis(folder);
  await canonicJson(["analyze", "--store", analysis.store, "--out", join(folder, "second")]);
});

const store = () => ["--store", analysis.store];
const judge = (path: string, ...more: string[]) => ["verify", path, "--trust", analysis.trust, ...more];

describe("an archive of a store's runs", () => {
  test("is one tar file, VALID with both runs, and executed again gives the same bytes", async () => {
    const exported = await canonicJson<ExportedArchive>(["export", "--runs", "1..2", "--out", tar, ...store()]);
    expect(exported).toMatchObject({ from: 1, to: 2, runs: 2 });

    const found = await canonicJson<ArchiveVerification>(judge(tar, "--replay"));

    expect([found.verdict, found.reasons]).toEqual(["VALID", []]);
    expect(found.runs.map((run) => run?.replay)).toEqual(
      [300, 300].map((same) => ({ same, different: 0, unavailable: 0, excluded: 0 })),
    );
  });

  test("of a period holds the runs that began in it", async () => {
    const out = join(folder, "period");

    await canonicJson(["export", "--since", "2020-01-01", "--until", "2999-12-31T00:00:00Z", "--out", out, ...store()]);

    const { code, stdout } = await canonic(judge(out));
    expect([code, stdout.split("\n").slice(0, 2)]).toEqual([0, ["VALID", "  an archive of 2 runs"]]);
  });

  test("of numbers that not all runs have yet is not written", async () => {
    const out = join(folder, "none");

    const { code, stdout } = await canonic(["export", "--runs", "2..9", "--out", out, ...store(), "--json"]);

    expect([code, (JSON.parse(stdout) as { error: { code: string } }).error.code]).toEqual([
      2,
      "orchestrator.option-invalid",
    ]);
    expect(existsSync(out)).toBe(false);
  });
});

describe("a bundle", () => {
  test("judged as of a moment before it is INVALID, and as of no moment is refused", async () => {
    const bundle = join(analysis.out, "bundle");
    const before = await canonic(judge(bundle, "--at", "2020-01-01T00:00:00.000Z", "--json"));
    const none = await canonic(judge(bundle, "--at", "soon", "--json"));

    expect(before.code).toBe(1);
    expect((JSON.parse(before.stdout) as Verification).reasons[0]?.code).toBe("event-future");
    expect(none.code).toBe(2);
    expect((JSON.parse(none.stdout) as { error: { code: string } }).error.code).toBe("audit.moment-invalid");
  });

  test("whose operations no pack here has is INDETERMINATE when they are to be executed again", async () => {
    const found = await canonic(judge(join(analysis.out, "bundle"), "--replay", "--json"), {
      config: join(import.meta.dirname, "../main-job/without-packs.config.ts"),
    });

    expect(found.code).toBe(1);
    expect((JSON.parse(found.stdout) as Verification).reasons.map(({ code }) => code)).toEqual(["replay-unavailable"]);
  });
});
