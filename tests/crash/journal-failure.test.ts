import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Analysis, analyse, type Report } from "../main-job/analysis.ts";
import { canonic, canonicJson, temporaryFolder } from "../main-job/command-line.ts";
import { spanishDeclaration } from "../main-job/documents.ts";
import { expectSoundStore, runsOf } from "./sound-store.ts";

const BLOCK = 512;
const folder = temporaryFolder();
let document: string;
let reference: Analysis;
beforeAll(async () => {
  document = spanishDeclaration(folder).file;
  reference = await analyse(join(folder, "reference"), [document]);
});

/** The largest file that may be written, as a share of the log that the whole run makes. */
describe.each([0.05, 0.5, 0.9])("when no file may grow over %f of the log", (share) => {
  test("the process halts with exit 4 and a line on standard error, and no success is written", async () => {
    const store = join(folder, String(share), "store");
    const out = join(folder, String(share), "out");
    const args = ["analyze", document, "--store", store, "--out", out];
    const whole = statSync(join(reference.store, "log.sqlite")).size;
    const fileBlocksMax = Math.floor((share * whole) / BLOCK);

    const ended = await canonic(args, { fileBlocksMax });

    expect(ended.stderr).toMatch(/^canonic: halted: [^\n]+ \((audit|store-sqlite)\.[a-z-]+\)$/m);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended).toMatchObject({ code: 4, stdout: "" });
    expect(readdirSync(join(store, ".."))).toEqual(["store"]);
    const [run] = existsSync(join(store, "log.sqlite")) ? await runsOf(store) : [];
    expect(run?.status ?? null).toBeNull();

    const report = await canonicJson<Report>(args);

    expect(report.outputsDigest).toBe(reference.report.outputsDigest);
    expect(readFileSync(join(out, "outputs.jsonl"))).toEqual(readFileSync(join(reference.out, "outputs.jsonl")));
    await expectSoundStore(store);
  });
});
