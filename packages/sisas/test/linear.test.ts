import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { ANNOTATORS, annotateText } from "../src/index.ts";
import { allExpressions, isFiniteLexicon } from "./expressions.ts";
import ledger from "./vectors/recheck.json" with { type: "json" };

type Recheck = typeof import("recheck");
// The package's main entry starts a worker around a native binary; this is its engine in plain JavaScript.
const recheck = createRequire(import.meta.url)("recheck/lib/browser.js") as Pick<Recheck, "checkSync">;
const checked: Readonly<Record<string, string>> = ledger;
const expressions = allExpressions();
const demanding = expressions.filter(({ source }) => !isFiniteLexicon(source));

beforeAll(() => {
  expect(demanding.length).toBeGreaterThan(40);
  expect(expressions.length - demanding.length).toBeGreaterThan(40);
});

test("every expression is a finite lexicon or stands in the ledger as safe (A3)", () => {
  const unproved = demanding.filter(({ digest }) => checked[digest] !== "safe");

  expect(unproved.map(({ where, source }) => `${where}: ${source}`)).toEqual([]);
});

test("the ledger holds nothing that no annotator runs", () => {
  const known = new Set(demanding.map(({ digest }) => digest));

  expect(Object.keys(checked).filter((digest) => !known.has(digest as never))).toEqual([]);
});

test("the checker runs, and knows a catastrophe and its harmless twin", () => {
  expect(recheck.checkSync("^(a+)+$", "").status).toBe("vulnerable");
  expect(recheck.checkSync("^a+$", "").status).toBe("safe");
});

/** `CANONIC_RECHECK=all` compares, `CANONIC_RECHECK=write` writes the ledger anew; both take some minutes. */
const recheckMode = process.env["CANONIC_RECHECK"];
test.runIf(recheckMode !== undefined)(
  "the ledger says what the checker says, for every expression",
  { timeout: 1_200_000 },
  async () => {
    const said = demanding.map(({ source, digest }) => [
      digest,
      recheck.checkSync(source, "", { timeout: 60_000 }).status,
    ]);
    const now = `${JSON.stringify(Object.fromEntries(said.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1))), null, 1)}\n`;
    if (recheckMode === "write") await writeFile(new URL("./vectors/recheck.json", import.meta.url), now);
    else expect(JSON.parse(now)).toEqual(checked);

    expect(said.filter(([, status]) => status !== "safe")).toEqual([]);
  },
);

test("every expression is safe to the checker of automata too, which asks no clock", () => {
  const said = demanding.map(({ source }) => recheck.checkSync(source, "", { checker: "automaton" }).status);

  expect(said.filter((status) => status !== "safe")).toEqual([]);
  expect(recheck.checkSync("^(a+)+$", "", { checker: "automaton" }).status).toBe("vulnerable");
});

test("annotators stay fast on long adversarial text", { timeout: 120_000 }, () => {
  const units = [
    "1",
    "1.1",
    "1,111",
    " 12 345",
    "A'",
    "Aa ",
    "of ",
    "de la ",
    "-",
    "%",
    "$1",
    "2019-",
    "from 1% to ",
    "del 1% al ",
    "Ley ",
    "v. A",
    "\n",
    "# ",
    "IV.",
    "a)",
    "Ministry of A and ",
    "in (",
    "19/",
    "por cada ",
    "aged 1 to ",
  ];
  const hostile = fc.array(fc.constantFrom(...units), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(hostile, fc.constantFrom("en" as const, "es" as const), (unit, language) => {
      const text = unit.repeat(Math.ceil(20_000 / unit.length));
      for (const annotator of Object.values(ANNOTATORS)) {
        const started = performance.now();
        annotateText(annotator, text, language);
        // Linear work on 20,000 characters takes some tens of milliseconds; quadratic takes many seconds.
        expect(performance.now() - started).toBeLessThan(2_000);
      }
    }),
    { numRuns: 25 },
  );
});
