/**
 * The vectors of bundles: committed as they are made, and judged by this project's verifier as they say.
 */
import { readFileSync } from "node:fs";
import { parseTrustFile } from "@canonic/audit";
import { canonicalJson } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { BAD } from "./bad.ts";
import { GOOD } from "./good.ts";
import { type BundleVector, filesOf, makeVectors, trustFile, verdictOf } from "./make.ts";

const here = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const committed = here("bundles.jsonl");
const vectors: readonly BundleVector[] = committed
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

describe("the vectors of bundles", () => {
  test("are at least a dozen good ones and fifty bad ones, each under its own name", () => {
    expect(GOOD.length).toBeGreaterThanOrEqual(12);
    expect(BAD.length).toBeGreaterThanOrEqual(50);
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(GOOD.length + BAD.length);
    expect(vectors).toHaveLength(GOOD.length + BAD.length);
  });

  test("are made again byte for byte, from fixed keys and clock", async () => {
    const again = (await makeVectors()).map((vector) => `${canonicalJson(vector as never)}\n`).join("");

    expect(again === committed, "run tests/vectors/bundles/generate.ts, and look at what changed").toBe(true);
    expect(parseTrustFile(Buffer.from(here("trust.json")))).toEqual(trustFile);
  });

  test.each(vectors.map((vector) => [vector.name, vector] as const))("%s has its verdict", async (_name, vector) => {
    const { verdict, reasons } = await verdictOf(filesOf(vector, vectors));

    const codes = reasons.map(({ code }) => code);
    expect({ verdict, codes: vector.codes.filter((code) => codes.includes(code)) }).toEqual({
      verdict: vector.verdict,
      codes: vector.codes,
    });
    if (vector.verdict === "VALID") expect(codes).toEqual([]);
    else expect(vector.codes.length).toBeGreaterThan(0);
  });
});
