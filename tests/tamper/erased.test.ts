/**
 * Whatever payload of an honest run is erased afterwards, and whatever key the log has then: the run's evidence is open for
 * it, and never called false, nor VALID as if nothing were missing.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyPair, verifyBundle } from "@canonic/audit";
import type { Digest } from "@canonic/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GOOD } from "../vectors/bundles/good.ts";
import { testKey } from "../vectors/bundles/keys.ts";
import { openOffice, peopleOf } from "./office.ts";

const people = peopleOf({ log: testKey("log"), issuer: testKey("issuer"), ann: testKey("ann") });
const NAMES = ["three-tasks", "gated", "denied", "stopped-and-resumed", "voided", "rejected", "second-of-a-log"];
const runs = GOOD.filter(({ name }) => NAMES.includes(name));
let scratch: string;
let bundles = 0;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "canonic-erased-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Plays a run, erases what of these payloads the log lets go, exports under a new key, and judges. */
async function withoutPayloads(play: (typeof GOOD)[number]["play"], digests: readonly Digest[]) {
  bundles += 1;
  const folder = join(scratch, `${bundles}`);
  const office = await openOffice("memory", folder, people);
  const run = await play(office);
  const erased: Digest[] = [];
  for (const digest of digests) {
    const code = await office.redact(digest).then(
      () => "",
      (error: { readonly code?: string }) => error.code,
    );
    if (code === "") erased.push(digest);
    else expect(code).toBe("audit.redaction-refused");
  }
  if (digests.length > 0) await office.rotate(createKeyPair().privateKeyPem);
  const bundle = join(folder, "bundle");
  await office.exportTo(run, bundle);
  await office.close();
  const { verdict, reasons } = await verifyBundle(bundle, { trust: people.trustFile });
  const places = reasons.filter(({ code }) => code === "redacted").map(({ place }) => place);
  return { bundle, verdict, erased, places: places.sort(), reasons };
}

/** Every digest that the bundle's record spells. */
function digestsIn(bundle: string): readonly Digest[] {
  const artifacts = existsSync(join(bundle, "artifacts")) ? readdirSync(join(bundle, "artifacts")) : [];
  const files = ["events.jsonl", "plan.json", ...artifacts.map((name) => `artifacts/${name}`)];
  const text = files.map((name) => readFileSync(join(bundle, name), "utf8")).join("\n");
  return [...new Set((text.match(/sha256:[0-9a-f]{64}/g) ?? []) as Digest[])];
}

test("the runs are those that were meant", () => {
  expect(runs.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
});

test.each(runs)("$name: all that can be erased is erased, and named", async ({ play }) => {
  const whole = await withoutPayloads(play, []);
  expect(whole.verdict).toBe("VALID");

  const { verdict, erased, places } = await withoutPayloads(play, digestsIn(whole.bundle));

  expect(erased.length).toBeGreaterThan(0);
  expect([verdict, places]).toEqual(["INDETERMINATE", [...erased].sort()]);
});

test("gated: each payload alone", { timeout: 30_000 }, async () => {
  const { play } = runs.find(({ name }) => name === "gated") as (typeof GOOD)[number];
  const whole = await withoutPayloads(play, []);
  const { erased } = await withoutPayloads(play, digestsIn(whole.bundle));

  expect(erased.length).toBeGreaterThan(5);
  for (const digest of erased) {
    const { verdict, places, reasons } = await withoutPayloads(play, [digest]);
    expect([verdict, places], JSON.stringify(reasons)).toEqual(["INDETERMINATE", [digest]]);
  }
});
