/** Attacks on a bundle: every one is INVALID with its reason, also when the log's own keeper sealed it; none crashes or takes long. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../main-job/command-line.ts";
import { altered, resealed } from "../tamper/bundle-copy.ts";
import { type BundleAttack, keepers, listings, spellings, strangers } from "./bundle-attacks.ts";
import { Judge } from "./judge.ts";
import { pageRewritten, partAttacks } from "./part-attacks.ts";
import { schemaAttacks } from "./schema-attacks.ts";
import { type Evidence, gatedEvidence, written } from "./struck-bundle.ts";

const judge = new Judge();
const folder = temporaryFolder();
let evidence: Evidence;
let slowestMs = 0;
beforeAll(async () => {
  evidence = await gatedEvidence();
});
afterAll(() => judge.close());

let bundles = 0;
async function judged(bundle: Evidence["bundle"]) {
  bundles += 1;
  const { verdict, codes, ms } = await judge.judge(written(bundle, join(folder, `${bundles}`)), evidence.trust);
  slowestMs = Math.max(slowestMs, ms);
  return { verdict, codes };
}

test("the bundle as it is, and as its keeper seals it again, is VALID", async () => {
  expect(await judged(evidence.bundle)).toEqual({ verdict: "VALID", codes: [] });
  expect(await judged(resealed(evidence.bundle, evidence.signer))).toEqual({ verdict: "VALID", codes: [] });
});

const tables: readonly (readonly [string, readonly BundleAttack[]])[] = [
  ["by a stranger", strangers],
  ["by the keeper, in another spelling", spellings],
  ["by the keeper, in what is said", keepers],
  ["by the keeper, in the manifest", listings],
  ["by the keeper, in what the log says beside the run", partAttacks],
  ["by the keeper, in the schemas of its contracts", schemaAttacks],
];

describe.each(tables)("an attack on a bundle %s is not VALID", (_by, attacks) => {
  test.each(attacks)("$name", async ({ how, code, verdict = "INVALID" }) => {
    const found = await judged(how(evidence));

    const codes = found.codes.includes(code) ? [code] : found.codes;
    expect({ verdict: found.verdict, codes }).toEqual({ verdict, codes: [code] });
  });
});

test("what the keeper writes on the page for people is no evidence: the verdict does not rest on it", async () => {
  expect(await judged(pageRewritten(evidence))).toEqual({ verdict: "VALID", codes: [] });
  expect((await judged(altered(evidence.bundle, { "index.html": null }))).codes).toEqual(["file-missing"]);
});

test("at least 40 attacks on a bundle are named, each once", () => {
  const names = tables.flatMap(([, attacks]) => attacks.map(({ by, name }) => `${by}: ${name}`));

  process.stdout.write(
    `attacks on a bundle's bytes: ${names.length}, the slowest judged in ${Math.round(slowestMs)} ms\n`,
  );
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(names.length).toBeGreaterThanOrEqual(40);
});
