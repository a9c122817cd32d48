import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { digestBytes } from "@canonic/contracts";
import { expect, test } from "vitest";
import { BASE_QUESTIONS } from "../../src/questionnaire/index.ts";
import ledger from "./vectors/recheck.json" with { type: "json" };

type Recheck = typeof import("recheck");
// The package's main entry starts a worker around a native binary; this is its engine in plain JavaScript.
const recheck = createRequire(import.meta.url)("recheck/lib/browser.js") as Pick<Recheck, "checkSync">;
const checked: Readonly<Record<string, string>> = ledger;
const patterns = [
  ...new Set(
    BASE_QUESTIONS.flatMap(({ elements }) => elements.flatMap((one) => [...one.patterns.en, ...one.patterns.es])),
  ),
].sort();

test("every evidence pattern stands in the ledger as safe, and the ledger holds no other", () => {
  expect(patterns.length).toBeGreaterThan(100);
  expect(patterns.filter((pattern) => checked[digestBytes(pattern)] !== "safe")).toEqual([]);
  expect(Object.keys(checked).sort()).toEqual(patterns.map((pattern) => digestBytes(pattern) as string).sort());
});

test("the checker runs, and knows a catastrophe and its harmless twin", () => {
  expect(recheck.checkSync("^(a+)+$", "iu").status).toBe("vulnerable");
  expect(recheck.checkSync("^a+$", "iu").status).toBe("safe");
});

test("a sample of the ledger is checked again each time", { timeout: 120_000 }, () => {
  const quick = patterns.filter((pattern) => pattern.length < 100).slice(0, 6);
  expect(quick).toHaveLength(6);

  for (const pattern of quick) expect(recheck.checkSync(pattern, "iu", { timeout: 20_000 }).status).toBe("safe");
});

/** `CANONIC_RECHECK=all` compares, `CANONIC_RECHECK=write` writes the ledger anew; both take some minutes. */
const mode = process.env["CANONIC_RECHECK"];
test.runIf(mode !== undefined)("the ledger says what the checker says", { timeout: 1_200_000 }, async () => {
  const { check } = await import("recheck");
  const said: [string, string][] = [];
  for (const pattern of patterns) {
    said.push([digestBytes(pattern), (await check(pattern, "iu", { timeout: 60_000 })).status]);
  }
  const now = Object.fromEntries(said.sort(([left], [right]) => (left < right ? -1 : 1)));
  const file = new URL("./vectors/recheck.json", import.meta.url);
  if (mode === "write") await writeFile(file, `${JSON.stringify(now, null, 1)}\n`);

  expect(said.filter(([, status]) => status !== "safe")).toEqual([]);
  expect(now).toEqual(mode === "write" ? now : checked);
});
