import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
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

/** Analyses with no file allowed to grow over a share of the finished log. */
async function analyseWithin(share: number) {
  const place = join(folder, share.toFixed(2));
  const [store, out] = [join(place, "store"), join(place, "out")];
  const args = ["analyze", document, "--store", store, "--out", out, "--jobs", "1"];
  const fileBlocksMax = Math.floor((share * statSync(join(reference.store, "log.sqlite")).size) / BLOCK);
  const ended = await canonic(args, { fileBlocksMax });
  const [run] = existsSync(join(store, "log.sqlite")) ? await runsOf(store) : [];
  return { place, store, out, args, ended, run };
}

/** Halted with exit 4 and a line, nothing written as success; and once there is room, the same input ends well. */
async function expectHalted({ place, store, out, args, ended, run }: Awaited<ReturnType<typeof analyseWithin>>) {
  expect(ended.stderr).toMatch(/^canonic: halted: [^\n]+ \(audit\.poisoned\)$/m);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  expect(ended).toMatchObject({ code: 4, stdout: "" });
  expect(readdirSync(place)).toEqual(["store"]);
  expect(run?.status ?? null).toBeNull();

  const report = await canonicJson<Report>(args);

  expect(report).toMatchObject({ resumed: run !== undefined, outputsDigest: reference.report.outputsDigest });
  expect(readFileSync(join(out, "outputs.jsonl")).equals(readFileSync(join(reference.out, "outputs.jsonl")))).toBe(
    true,
  );
  expect(await expectSoundStore(store)).toHaveLength(1);
}

test("halts with exit 4 when the plan cannot be journaled", async () => {
  const halted = await analyseWithin(0.5);

  expect(halted.run).toBeUndefined();
  await expectHalted(halted);
});

test("halts with exit 4 when a task in the middle cannot be journaled", async () => {
  // How much the write-ahead log holds besides the plan depends on how tasks fall into commits: the limit is searched.
  for (let share = 0.9; share < 2; share += 0.05) {
    const attempt = await analyseWithin(share);
    if (attempt.run === undefined) continue;
    await expectHalted(attempt);
    return;
  }
  expect.unreachable("no limit let the plan in and kept a task out");
});
