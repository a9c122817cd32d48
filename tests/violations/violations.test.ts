import { existsSync } from "node:fs";
import { join } from "node:path";
import { VIOLATION_NAMES } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { expectSoundStore } from "../crash/sound-store.ts";
import type { Report } from "../main-job/analysis.ts";
import { canonic, canonicJson, plainEnvironment, temporaryFolder } from "../main-job/command-line.ts";
import { spanishDeclaration } from "../main-job/documents.ts";

const config = join(import.meta.dirname, "broken.config.ts");
const folder = temporaryFolder();
let document: string;
beforeAll(() => {
  document = spanishDeclaration(folder).file;
});

/** Runs `canonic break`; `misbehaviour` goes to the operations. */
function breakWith(what: string, misbehaviour = "") {
  const place = join(folder, `${what}${misbehaviour}`.replaceAll(":", "-"));
  const [store, out] = [join(place, "store"), join(place, "out")];
  const args = ["break", `${what}=${document}`, "--store", store, "--out", out, "--jobs", "1"];
  return { args, place, store, out, options: { config, env: { ...plainEnvironment(), CANONIC_BREAK: misbehaviour } } };
}

describe("before anything runs", () => {
  test.each([
    ["299-questions", "CardinalityViolation", "cardinality"],
    ["301-questions", "CardinalityViolation", "cardinality"],
    ["59-chunks", "CardinalityViolation", "cardinality"],
    ["61-chunks", "CardinalityViolation", "cardinality"],
    ["foreign-chunk", "ProvenanceViolation", "provenance"],
    ["unknown-payload-type", "RoutingViolation", "routing"],
    ["254-planned", "SISASCoverageViolation", "signal-coverage"],
  ])("refuses %s as %s, exit 1, and writes nothing", async (what, name, contract) => {
    const { args, place, options } = breakWith(what);

    const ended = await canonic(args, options);

    expect(ended.stderr).toMatch(
      new RegExp(`^canonic: ${name}: [^\\n]+ \\(contracts\\.${contract}-violation\\)$`, "m"),
    );
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(existsSync(place)).toBe(false);
  });

  /** The plan is a test's own and carries no request, so its record cannot be built, and the run ends as violated. */
  test("does not refuse 255/300 before the run: all 300 tasks are executed", async () => {
    const { args, options } = breakWith("255-planned");

    const report = await canonicJson<Report>(args, { ...options, code: 1 });

    expect(report).toMatchObject({ status: "violated", outputs: 300, events: 1508 });
  });
});

describe("after a run that nobody refused", () => {
  test.each([
    ["299-tasks", "", "cardinality", "tasks-count"],
    ["301-tasks", "", "cardinality", "tasks-count"],
    ["59-bound-chunks", "", "cardinality", "chunks-count"],
    ["nothing", "orphan-output:1", "provenance", "orphan-output"],
    ["nothing", "orphan-span:300", "provenance", "orphan-span"],
    ["nothing", "signals-unread:46", "signal-coverage", "consumed-coverage"],
    ["nothing", "changing-output:300", "determinism", null],
  ] as const)("finds %s %s: %s is violated, exit 1, and no results", async (what, misbehaviour, contract, code) => {
    const { args, place, store, out, options } = breakWith(what, misbehaviour);

    const report = await canonicJson<Report>(args, {
      ...options,
      code: 1,
    });

    const violated = report.contracts.find((one) => one.contract === contract);
    expect(report).toMatchObject({ status: "violated", out: null, bundle: null, report: null });
    expect(violated).toMatchObject({ verdict: "violated", violation: VIOLATION_NAMES[contract] });
    if (code !== null) expect(violated?.reasons.map((reason) => reason.code)).toContain(code);
    expect(existsSync(out)).toBe(false);
    expect(existsSync(join(place, "out.part"))).toBe(false);
    expect(await expectSoundStore(store)).toEqual([expect.objectContaining({ run: report.run, status: "violated" })]);
  });

  test("says so again to whoever asks, and its evidence is VALID evidence of a violated run", async () => {
    const { store, out, place, options } = breakWith("299-tasks");
    const [{ run } = { run: "" }] = await expectSoundStore(store);

    const shown = await canonicJson<{ status: string }>(["show", run, "--store", store], options);
    const resumed = await canonic(["resume", run, "--store", store, "--out", out], options);
    await canonicJson(["export", run, "--store", store, "--out", join(place, "evidence")], options);
    const verified = await canonicJson(["verify", join(place, "evidence"), "--trust", join(store, "trust.json")]);

    expect(shown.status).toBe("violated");
    expect(resumed.code).toBe(1);
    expect(existsSync(out)).toBe(false);
    expect(verified).toMatchObject({ verdict: "VALID", run: { status: "violated" } });
  });

  test("lets 255/300 pass", async () => {
    const { args, out, options } = breakWith("nothing", "signals-unread:45");

    const report = await canonicJson<Report>(args, options);

    expect(report).toMatchObject({ status: "completed", coverage: { consumed: { numerator: 255, denominator: 300 } } });
    expect(existsSync(join(out, "report.html"))).toBe(true);
  });
});
