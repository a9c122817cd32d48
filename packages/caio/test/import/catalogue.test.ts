import type { JsonObject } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CATALOGUE_FORMATS,
  type CatalogueFormat,
  detectFormat,
  importCatalogue,
  isCaioError,
} from "../../src/index.ts";
import { CARD, DOCKER, LITELLM, MODELS_DEV, OPENAPI, SERVER } from "./documents.ts";

const OURS = importCatalogue(JSON.stringify(LITELLM), "prices.json").contracts;

const DOCUMENTS: Readonly<Record<CatalogueFormat, JsonObject>> = {
  "a2a-agent-card": CARD,
  canonic: OURS[0] as unknown as JsonObject,
  litellm: LITELLM,
  "mcp-docker": DOCKER,
  "mcp-server": SERVER,
  "models-dev": MODELS_DEV,
  openapi: OPENAPI,
} as Readonly<Record<CatalogueFormat, JsonObject>>;

/** What was expected of a text that is refused. */
function refusalOf(text: string): { place: string; expected: string } | null {
  try {
    importCatalogue(text, "file.yaml");
    return null;
  } catch (error) {
    if (!isCaioError(error) || error.code !== "caio.catalogue-invalid") throw error;
    const { name, place, expected } = error.details;
    expect(name).toBe("file.yaml");
    return { place, expected };
  }
}

test("recognises each format by its shape, and none of them as another (C1)", () => {
  expect(Object.keys(DOCUMENTS)).toEqual(CATALOGUE_FORMATS);
  for (const format of CATALOGUE_FORMATS) expect(detectFormat(DOCUMENTS[format], "file")).toBe(format);
});

test("reads its own contracts back, one, as a list and as a snapshot, with nothing changed", () => {
  const snapshot = {
    schema: "canonic/service-snapshot/v1",
    revision: 0,
    services: OURS.map((contract) => ({ contract, state: "active", health: null })),
  };

  expect(OURS.length).toBeGreaterThan(1);
  expect(importCatalogue(JSON.stringify(OURS), "list").contracts).toEqual(OURS);
  expect(importCatalogue(JSON.stringify(OURS[0]), "one").contracts).toEqual([OURS[0]]);
  const report = importCatalogue(JSON.stringify(snapshot), "snapshot");
  expect(report.contracts).toEqual(OURS);
  expect(report.entries[0]).toMatchObject({ mapped: ["/contract"], unmapped: ["/health", "/state"] });
});

test("keeps a contract of its own form out with every fault of it", () => {
  const { contracts, quarantined } = importCatalogue(JSON.stringify([{ ...OURS[0], name: "", extra: 1 }]), "list");

  expect(contracts).toEqual([]);
  expect(quarantined[0]?.reasons.map(({ code }) => code)).toEqual(["caio.contract-invalid", "caio.contract-invalid"]);
});

test("names the formats that a file could be of", () => {
  const both = { ...SERVER, ...DOCKER };

  expect(refusalOf(JSON.stringify(both))?.expected).toBe("the format to be named, one of mcp-docker, mcp-server");
  expect(refusalOf("{}")?.expected).toBe(`one of ${CATALOGUE_FORMATS.join(", ")}`);
  expect(refusalOf("7")?.expected).toBe(`one of ${CATALOGUE_FORMATS.join(", ")}`);
  expect(importCatalogue(JSON.stringify(both), "file", "mcp-server").contracts).toHaveLength(1);
});

test.each([
  ["an anchor", "a: &x [1]\nb: *x", "", "YAML without anchors and aliases"],
  ["a bomb of aliases", "a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]", "", "YAML without anchors and aliases"],
  ["a repeated key of YAML", "a: 1\na: 2", "line 2", "JSON or YAML 1.2"],
  ["a text that is neither", '{"a": [}', "line 1", "JSON or YAML 1.2"],
  ["`__proto__`", '{"__proto__": {"litellm_provider": "x"}}', "key `__proto__`", "no key that libraries lose"],
  ["negative zero", '{"a": -0}', "", "plain JSON values"],
  ["what is nested deep", `${"[".repeat(70)}${"]".repeat(70)}`, "", "at most 64 levels"],
  ["what is nested too deep to walk", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, "", "plain JSON values"],
  [
    "a repeated key of JSON",
    '{"m": {"mode": "chat", "\\u006dode": "image"}}',
    "key `mode`",
    "each key of an object once",
  ],
])("refuses %s (C2)", (_, text, place, expected) => {
  expect(refusalOf(text)).toEqual({ place, expected });
});

test("finds a repeated key in any JSON text, and none where there is none (C2)", () => {
  let repeated = 0;
  const key = fc.constantFrom("a", "b", 'c"', "\\", "{", "é");
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("1", '"a,:{}[]\\""', "null", "[]"),
      fc.array(tie("tree"), { maxLength: 3 }).map((items) => `[${items.join(" , ")}]`),
      fc
        .array(fc.tuple(key, tie("tree")), { maxLength: 3 })
        .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(",")}}`),
    ),
  }));

  /** Objects keep their keys once: a text with a repeated one has more colons outside of texts than its value has members. */
  const members = (value: unknown): number =>
    typeof value !== "object" || value === null
      ? 0
      : Object.values(value).reduce<number>((sum, child) => sum + members(child), 0) +
        (Array.isArray(value) ? 0 : Object.keys(value).length);
  const colons = (text: string): number => text.replace(/"(\\.|[^"\\])*"/g, "").split(":").length - 1;

  fc.assert(
    fc.property(tree, (text) => {
      const isRepeated = colons(text) > members(JSON.parse(text));
      if (isRepeated) repeated += 1;
      expect(refusalOf(text)?.expected === "each key of an object once").toBe(isRepeated);
    }),
    { numRuns: 1_000 },
  );
  expect(repeated).toBeGreaterThan(20);
});

test("never throws anything but its own error, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (text) => {
      refusalOf(text);
    }),
    { numRuns: 500 },
  );
});
