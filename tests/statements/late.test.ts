/**
 * Statements that are entered after the fact, of a run whose process ended between seal and statements: by `canonic export`,
 * and by whoever next runs something.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readStatements } from "@canonic/audit";
import type { RunId, TrustFile } from "@canonic/contracts";
import { openSqliteReader, openSqliteStore } from "@canonic/store-sqlite";
import { expect, test } from "vitest";
import { type RunReport, THREE_DOMAINS, workplace } from "../authority/plans.ts";

const GATED = `${THREE_DOMAINS}
onFailure: stop
gates:
  - { name: SG_1, before: count }
`;

/** A run that a person ended: it is sealed, and nothing was said about it yet. */
async function voidedRun() {
  const at = workplace();
  const { run } = await at.json<RunReport>(["run", await at.plan(GATED)], 3);
  await at.json(["void", run, "--reason", "nobody needs it"]);
  const statements = async () => {
    const reader = openSqliteReader({ directory: at.path(".canonic") });
    try {
      return (await readStatements(reader, run as RunId)).length;
    } finally {
      reader.close();
    }
  };
  const exported = async (out: string) => {
    const ended = await at.run("export", run, "--out", out, "--json");
    const folder = at.path(`${out}/statements`);
    return { ...ended, names: existsSync(folder) ? readdirSync(folder).sort() : [] };
  };
  const verdict = async (out: string) => {
    const args = ["verify", out, "--trust", ".canonic/trust.json"];
    return (await at.json<{ verdict: string }>(args)).verdict;
  };
  return { at, run, statements, exported, verdict };
}

test("export enters what is missing, once, and the bundle has it", async () => {
  const { statements, exported, verdict } = await voidedRun();
  const before = await statements();

  const first = await exported("one");
  const second = await exported("two");

  expect(before).toBe(0);
  expect(first).toMatchObject({ code: 0, stderr: "", names: ["00-provenance.sigstore.json"] });
  expect(second).toMatchObject({ code: 0, stderr: "", names: first.names });
  expect(await statements()).toBe(first.names.length);
  expect([await verdict("one"), await verdict("two")]).toEqual(["VALID", "VALID"]);
});

test("the next run that begins enters what is missing of those before it", async () => {
  const { at, statements } = await voidedRun();
  const before = await statements();
  const plan = await at.plan(THREE_DOMAINS, "another");

  await at.json(["run", plan]);

  expect(before).toBe(0);
  expect(await statements()).toBe(1);
});

test("export goes without them, and says so, while another process holds the store (S2)", async () => {
  const { at, statements, exported, verdict } = await voidedRun();
  const holder = openSqliteStore({ directory: at.path(".canonic") });
  const ended = await exported("one").finally(() => holder.close());

  expect(ended).toMatchObject({ code: 0, names: [] });
  expect(ended.stderr).toContain("(store-sqlite.locked)");
  expect(await statements()).toBe(0);
  expect(await verdict("one")).toBe("VALID");
});

test("a store of before gets its attestor with the first statements, and its trust file knows them", async () => {
  const { at, exported, verdict } = await voidedRun();
  const file = at.path(".canonic/trust.json");
  const { attestors: _, ...before } = JSON.parse(readFileSync(file, "utf8")) as TrustFile;
  writeFileSync(file, JSON.stringify(before));
  rmSync(at.path(".canonic/keys/attestor.pem"));

  const { names } = await exported("one");

  expect(names).toEqual(["00-provenance.sigstore.json"]);
  expect((JSON.parse(readFileSync(file, "utf8")) as TrustFile).attestors?.length).toBe(1);
  expect(await verdict("one")).toBe("VALID");
});

test("an unsealed run says nothing, and no statement is made of it", async () => {
  const at = workplace();
  const { run } = await at.json<RunReport>(["run", await at.plan(GATED)], 3);

  await at.json(["export", run, "--out", "one"]);

  expect(existsSync(at.path("one/statements"))).toBe(false);
});

test("a trusted root is written from a trust file alone, whole, and never over another", async () => {
  const at = workplace();
  await at.json(["keys", "init"]);
  const trust = JSON.parse(readFileSync(at.path(".canonic/trust.json"), "utf8")) as TrustFile;
  const { attestors: _, ...nobody } = trust;
  writeFileSync(at.path("nobody.json"), JSON.stringify(nobody));
  writeFileSync(at.path("broken.json"), "{}");
  const written = (name: string) => ["keys", "trusted-root", "--trust", name, "--out", "sigstore"];

  await expect(at.refusal(written("none.json"), 2)).resolves.toBe("orchestrator.file-unreadable");
  await expect(at.refusal(written("broken.json"), 2)).resolves.toBe("audit.trust-invalid");
  expect(existsSync(at.path("sigstore"))).toBe(false);
  rmSync(at.path(".canonic"), { recursive: true });
  await expect(at.json(written("nobody.json"))).resolves.toMatchObject({ attestors: [] });
  await expect(at.refusal(written("nobody.json"), 2)).resolves.toBe("orchestrator.out-not-empty");
  expect(readdirSync(at.path("sigstore"))).toEqual(["trusted_root.json"]);
});
