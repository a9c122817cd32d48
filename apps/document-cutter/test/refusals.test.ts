/**
 * The "refuses" column of the phases, row by row: each refusal is its code, and leaves the database as it was.
 */
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@canonic/contracts";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSqlite } from "../src/database/sqlite.ts";
import type { UnitRow } from "../src/document/unit.ts";
import { openSigningKey } from "../src/keys.ts";
import { connect } from "../src/live-operations.ts";
import { cutplan } from "../src/phases/source-phases.ts";
import { STOPS } from "../src/stop.ts";
import { CutRun, stopOf } from "./cut-run.ts";
import { contentOf, type Dialect, DOCUMENT, hasPostgres, openPlace, type Place, TEXT } from "./databases.ts";

const postgres = await hasPostgres();
const seen = new Set<string>();
const expectStop = async (pending: Promise<unknown>, code: string) => {
  expect(await stopOf(pending)).toBe(code);
  seen.add(code);
};
let at: Place;
const begin = () => CutRun.ofDocument(at.operations, DOCUMENT, readFileSync(at.path), at.dialect);
/** Everything that is in the database, the trail included. */
const tables = ["change_sets", "manifests", "verifications", "lifecycle_log", "receipts", "run_index", "reverts"];
const allOf = async () => {
  const counts: Record<string, number> = {};
  for (const table of tables) counts[table] = (await at.sql(`SELECT * FROM ${table}`)).length;
  return { content: await contentOf(at), counts };
};
const refuses = async (pending: () => Promise<unknown>, code: string) => {
  const before = await allOf();
  await expectStop(pending(), code);
  expect(await allOf()).toEqual(before);
};

const dialects: readonly (readonly [Dialect])[] = postgres ? [["sqlite"], ["postgres"]] : [["sqlite"]];

describe.each(dialects)("on %s", (dialect) => {
  beforeEach(async () => {
    at = await openPlace(dialect);
    if (dialect === "sqlite") openSqlite(at.url("")).close();
  });
  afterEach(() => at.close());

  test("source_pin refuses a document that is not there, not named, or no text", async () => {
    const run = begin();
    await expectStop(run.call("source-pin", { input: { document: "another.md" } }), "cutter.unknown-document");
    writeFileSync(at.path, Uint8Array.of(0xff, 0xfe, 0x41));
    await expectStop(run.call("source-pin"), "cutter.unknown-document");
    at.write("a\0b");
    await expectStop(run.call("source-pin"), "cutter.unknown-document");
    rmSync(at.path);
    await expectStop(run.call("source-pin"), "cutter.unknown-document");
  });

  test("mark refuses 0 units, more than 1000, and a document that is not the pinned or expected one", async () => {
    const run = await begin().through("source-pin");
    at.write(`${TEXT}\nchanged\n`);
    await expectStop(run.call("mark"), "cutter.drift");
    at.write("\n\n");
    await expectStop((await begin().through("source-pin")).call("mark"), "cutter.no-units");
    at.write("a\n\n".repeat(1001));
    await expectStop((await begin().through("source-pin")).call("mark"), "cutter.too-many-units");
    at.write("a\n\n".repeat(1000));
    expect((await (await begin().through("source-pin")).call("mark"))["count"]).toBe(1000);
  });

  test("pre_write_backup refuses a version that is there already, and a database that cannot be dumped", async () => {
    const run = await begin().through("cutplan");
    const broken = connect({
      ...at.resources,
      database: {
        ...(at.resources["database"] as JsonObject),
        ...(dialect === "postgres" ? { searchPath: "/nowhere" } : {}),
      },
      ...(dialect === "sqlite" ? { backupsFolder: join(at.path, "no-folder") } : {}),
    });
    const failing = await CutRun.ofDocument(broken, DOCUMENT, readFileSync(at.path), at.dialect).through("cutplan");
    await refuses(() => failing.call("pre-write-backup"), "cutter.backup-failed");
    await begin().through("cut-leg-a");
    await refuses(() => run.call("pre-write-backup", { run: "run_00000000000000000009" }), "cutter.already-cut");
    const adapter = at.dialect === "sqlite" ? "postgres" : "sqlite";
    await refuses(() => run.call("pre-write-backup", { input: { adapter } }), "cutter.database-differs");
  });

  test("cut_leg_a refuses without approval, with another gate's, with forged pins, after drift, and a second cut", async () => {
    const run = await begin().through("grant-probe");
    const approval = { gate: "SG_2", approval: run.plan.request, reviewDecision: null };
    await refuses(() => run.call("cut-leg-a", { approval: null }), "cutter.approval-missing");
    await refuses(() => run.call("cut-leg-a", { approval }), "cutter.approval-missing");
    const rows = run.output("cutplan")["rows"] as JsonObject[];
    await refuses(() => run.call("cut-leg-a", { input: { rows: rows.slice(1) } }), "cutter.pin-differs");
    await refuses(() => run.call("cut-leg-a", { run: "run_0000000000000000000a" }), "cutter.pin-differs");
    await refuses(() => run.call("cut-leg-a", { input: { databaseId: "another" } }), "cutter.database-differs");
    at.write(TEXT.replace("*one* place", "*two* places"));
    await refuses(() => run.call("cut-leg-a"), "cutter.drift");
    at.write(TEXT);
    await run.through("cut-leg-a");
    const again = begin();
    again.outputs.push(...run.outputs.slice(0, 5));
    const other = "run_0000000000000000000b";
    const backup = structuredClone(again.outputs[3]) as { compensation: { run: string } };
    backup.compensation.run = other;
    again.outputs[3] = backup as unknown as JsonObject;
    await refuses(() => again.call("cut-leg-a", { run: other }), "cutter.pin-differs");
  });

  test("a writer with a lower fence than one that was seen is refused", async () => {
    const run = await begin().through("grant-probe");
    run.outputs.push(await run.call("cut-leg-a", { fence: 3 }));
    run.outputs.push(await run.call("structural-verify"));
    await refuses(() => run.call("leg-b-record", { fence: 2 }), "cutter.fenced");
    await run.call("leg-b-record", { fence: 3 });
  });

  test("leg_b_record and write_verify refuse a second time under another key, and give the same receipt under theirs", async () => {
    const run = await begin().through("leg-b-record");
    await expect(run.call("leg-b-record")).resolves.toEqual(run.output("leg-b-record"));
    await refuses(() => run.callAgain("leg-b-record"), "cutter.already-recorded");
    await run.through("write-verify");
    await expect(run.call("write-verify")).resolves.toEqual(run.output("write-verify"));
    await refuses(() => run.callAgain("write-verify"), "cutter.already-verified");
    expect(await at.sql("SELECT change_set FROM verifications")).toHaveLength(1);
  });

  test("write_verify refuses the executor's own key and session, rows that were changed, and a forged signature", async () => {
    const run = await begin().through("leg-b-record");
    const keys = join(at.folder, "store", "keys");
    const verifier = join(keys, "cutter-verifier.pem");
    openSigningKey(verifier);
    const own = readFileSync(verifier);
    writeFileSync(verifier, readFileSync(join(keys, "cutter-executor.pem")));
    await refuses(() => run.call("write-verify"), "cutter.same-principal");
    writeFileSync(verifier, own);
    await tampered("UPDATE manifests SET signature = 'AAAA'", async () => {
      await refuses(() => run.call("write-verify"), "cutter.manifest-differs");
    });
    await tampered("UPDATE manifests SET principal = 'cutter_verify'", async () => {
      await refuses(() => run.call("write-verify"), "cutter.same-principal");
    });
    await tampered("UPDATE units SET body = body || ' forged' WHERE position = 3", async () => {
      await refuses(() => run.call("write-verify"), "cutter.manifest-differs");
    });
    await tampered("DELETE FROM units WHERE position = 3", async () => {
      await refuses(() => run.call("write-verify"), "cutter.count-differs");
    });
    await tampered("UPDATE units SET status = 'enacted', review_decision = 'x' WHERE position = 3", async () => {
      await refuses(() => run.call("write-verify"), "cutter.status-differs");
    });
  });

  test.each([
    ["UPDATE units SET status = 'enacted', review_decision = 'x' WHERE position = 2", "uniform-draft"],
    ["UPDATE units SET section_type = 'annex' WHERE position = 2", "section-cardinality"],
    ["UPDATE units SET address = '9.9/p1' WHERE position = 2", "forbidden-ids"],
    ["UPDATE units SET anchor_start = anchor_start + 1 WHERE position = 2", "anchors-exact"],
    ["UPDATE units SET content_digest = 'sha256:0' WHERE position = 2", "body-digests"],
  ])("structural_verify names the invariant that `%s` breaks: %s", async (change, invariant) => {
    const run = await begin().through("cut-leg-a");
    await tampered(change, async () => {
      await refuses(() => run.call("structural-verify"), `cutter.invariant-${invariant}`);
    });
  });

  test("structural_verify counts, and refuses a unit of another change set under the same version", async () => {
    const run = await begin().through("cut-leg-a");
    await at.sql(`INSERT INTO change_sets SELECT 'other', 'other', document, version, source_digest, writer_digest, units,
      approval FROM change_sets`);
    await tampered("UPDATE units SET change_set = 'other' WHERE position = 2", async () => {
      await refuses(() => run.call("structural-verify"), "cutter.invariant-count");
    });
    const copy = `INSERT INTO units SELECT document, version, '7/p1', 99, kind, section_type, title_path, body, content_digest,
      anchor_start, anchor_end, 'another key', 'other', status, review_decision FROM units WHERE position = 2`;
    await tampered(copy, async () => {
      await refuses(() => run.call("structural-verify"), "cutter.invariant-forbidden-ids");
    });
  });

  test("of two runs over one version only one writes", async () => {
    const other = "run_00000000000000000002";
    const late = CutRun.ofDocument(at.operations, DOCUMENT, readFileSync(at.path), at.dialect, other);
    await late.through("grant-probe");
    await begin().through("cut-leg-a");
    await refuses(() => late.call("cut-leg-a"), "cutter.already-cut");
  });

  test("grant_probe refuses a right too many, and no phase goes on without its database", async () => {
    const run = await begin().through("pre-write-backup");
    if (dialect === "sqlite") chmodSync(at.url(""), 0o644);
    else await at.sql("GRANT TRUNCATE ON units TO cutter_exec");
    await refuses(() => run.call("grant-probe"), "cutter.grant-delta");
    const database =
      dialect === "sqlite"
        ? { kind: "sqlite", path: join(at.path, "none.sqlite") }
        : { ...(at.resources["database"] as JsonObject), executorUrl: "postgres://cutter_exec@127.0.0.1:1/none" };
    const lost = CutRun.ofDocument(connect({ ...at.resources, database }), DOCUMENT, readFileSync(at.path), at.dialect);
    await lost.through("cutplan");
    await refuses(() => lost.call("pre-write-backup"), "cutter.database-failed");
  });

  test("lifecycle_enact refuses without decision, without verification, without triggers, changed counts, and a second time", async () => {
    const run = await begin().through("write-verify");
    const plain = { gate: "SG_2", approval: run.plan.request, reviewDecision: null };
    await refuses(() => run.call("lifecycle-enact", { approval: plain }), "cutter.approval-missing");
    await refuses(
      () => run.call("lifecycle-enact", { approval: { ...plain, gate: "SG_1" } }),
      "cutter.approval-missing",
    );
    const verificationId = "00000000-0000-4000-8000-000000000000";
    await refuses(() => run.call("lifecycle-enact", { input: { verificationId } }), "cutter.phase-missing");
    await tampered("DELETE FROM units WHERE position = 3", async () => {
      await refuses(() => run.call("lifecycle-enact"), "cutter.count-differs");
    });
    await run.through("lifecycle-enact");
    await expect(run.call("lifecycle-enact")).resolves.toEqual(run.output("lifecycle-enact"));
    await refuses(() => run.callAgain("lifecycle-enact"), "cutter.already-enacted");
  });

  test("lifecycle_enact refuses while a trigger is off", async () => {
    const run = await begin().through("write-verify");
    await at.sql(
      dialect === "sqlite" ? "DROP TRIGGER units_log_enactment" : "ALTER TABLE units DISABLE TRIGGER units_log",
    );
    if (dialect === "sqlite") {
      // Opening creates what is missing: only a trigger that was replaced stays wrong.
      await at.sql("CREATE TRIGGER units_log_enactment AFTER UPDATE ON units BEGIN SELECT 1; END");
    }
    await refuses(() => run.call("lifecycle-enact"), "cutter.triggers-disabled");
  });

  test("closeout refuses when a phase has left no trace, and when its pin is missing", async () => {
    const run = await begin().through("lifecycle-enact");
    await refuses(() => run.call("closeout", { input: { backup: "dry-run-marker" } }), "cutter.phase-missing");
    await tampered("DELETE FROM verifications", async () => {
      await refuses(() => run.call("closeout"), "cutter.phase-missing");
    });
    await tampered("DELETE FROM manifests", async () => {
      await refuses(() => run.call("closeout"), "cutter.phase-missing");
    });
    run.outputs[9] = {};
    await expect(run.call("closeout")).rejects.toThrow(/input does not satisfy/);
  });

  test("a revert refuses without its own gate, a second time, and after a newer version", async () => {
    const cut = await begin().through();
    const revert = (run: string) => CutRun.ofRevert(at.operations, cut, run);
    const first = await revert("run_0000000000000000000c").through("revert-probe");
    const approval = { gate: "SG_2", approval: cut.plan.request, reviewDecision: "d" };
    await refuses(() => first.call("revert-apply", { approval }), "cutter.approval-missing");
    await refuses(() => first.call("revert-verify"), "cutter.phase-missing");
    at.write(TEXT.replace("version: 2", "version: 3"));
    const newer = await CutRun.ofDocument(
      at.operations,
      DOCUMENT,
      readFileSync(at.path),
      at.dialect,
      "run_00000000000000000002",
    ).through();
    await refuses(() => first.call("revert-apply"), "cutter.state-differs");
    await CutRun.ofRevert(at.operations, newer, "run_0000000000000000000d").through();
    await first.through();
    await refuses(() => revert("run_0000000000000000000e").call("revert-probe"), "cutter.already-reverted");
  });

  /** Changes what no principal may change, looks, and puts the rows back. */
  async function tampered(change: string, body: () => Promise<void>): Promise<void> {
    const names = ["units", "manifests", "verifications"];
    const statements: [string, unknown[]][] = [];
    for (const name of names) {
      statements.push([`DELETE FROM ${name}`, []]);
      for (const row of await at.sql(`SELECT * FROM ${name}`)) {
        const marks = Object.keys(row).map((_, place) => `$${place + 1}`);
        statements.push([`INSERT INTO ${name} VALUES (${marks.join(", ")})`, Object.values(row)]);
      }
    }
    await at.force([change]);
    await body();
    await at.force(...statements);
  }
});

const row = (address: string, order: number): UnitRow => ({
  address,
  order,
  kind: "paragraph",
  sectionType: "section",
  titlePath: [],
  contentDigest: `sha256:${"0".repeat(64)}` as UnitRow["contentDigest"],
  anchor: { start: order, end: order + 1 },
});

test.each([
  ["cutter.digests-differ", [row("1/p1", 0), row("1/p2", 0)]],
  ["cutter.keys-not-unique", [row("1/p1", 0), row("1/p1", 1)]],
  ["cutter.vocabulary", [{ ...row("1/p1", 0), kind: "poem" as UnitRow["kind"] }]],
  ["cutter.vocabulary", [{ ...row("1/p1", 0), sectionType: "volume" as UnitRow["sectionType"] }]],
])("cutplan refuses with %s what must not be planned", async (code, rows) => {
  await expectStop(
    Promise.resolve().then(() => cutplan({ document: DOCUMENT, version: "1", rows })),
    code,
  );
});

afterAll(() => {
  expect(Object.keys(STOPS).filter((code) => !seen.has(code))).toEqual([]);
});
