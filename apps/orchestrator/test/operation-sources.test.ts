import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { sourceDigestOf } from "../src/operation-sources.ts";
import { testFolder } from "./folder.ts";

type Files = Readonly<Record<string, string>>;

const MODULE: Files = {
  "operations.js":
    'import { a } from "./part.js";\nimport{b}from"./deep/part.js";export * from "./again.js";\nawait import("./late.js");',
  "part.js": "export const a = 1;",
  "deep/part.js": 'import data from "../data.json" with { type: "json" };\nexport const b = data;',
  "data.json": "{}",
  "again.js": 'import "./operations.js";\nimport { join } from "node:path";\nexport const c = join("a", "b");',
  "late.js":
    'import { d } from "bridge";\nexport { d };\nexport const e = () => createRequire(import.meta.url)("road");',
  "node_modules/bridge/package.json": '{"name":"bridge","version":"1.2.3"}',
  "node_modules/bridge/index.js": "export const d = 4;",
  "node_modules/road/package.json": '{"name":"road","version":"1.0.0"}',
};

/** The digest of a module that is written out with these files in place of its own. */
function digestWith(changes: Readonly<Record<string, string | null>> = {}): string {
  const folder = testFolder();
  for (const [path, text] of Object.entries({ ...MODULE, ...changes })) {
    if (text === null) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return sourceDigestOf(pathToFileURL(join(folder, "operations.js")));
}

describe("the source of a module", () => {
  test("has the same digest wherever it lies (O1)", () => {
    expect(digestWith()).toBe(digestWith());
  });

  test.each([
    ["itself", { "operations.js": `${MODULE["operations.js"]}\n` }],
    ["what it imports", { "part.js": "export const a = 2;" }],
    [
      "what that imports, from another folder",
      { "deep/part.js": 'import data from "../data.json";export const b = data;' },
    ],
    ["a value that it reads as JSON", { "data.json": "[]" }],
    ["what it re-exports", { "again.js": "export const c = 4;" }],
    ["what it imports late", { "late.js": "export const d = 5;" }],
    ["the version of a package", { "node_modules/bridge/package.json": '{"name":"bridge","version":"1.2.4"}' }],
    [
      "the version of a package that it requires",
      { "node_modules/road/package.json": '{"name":"road","version":"2.0.0"}' },
    ],
    ["an import that leads nowhere now", { "part.js": null }],
  ])("changes with %s (O2, O3)", (_, changes) => {
    expect(digestWith(changes)).not.toBe(digestWith());
  });

  test.each([
    ["a file that nothing imports", { "other.js": "export {};" }],
    ["the inside of an installed package, which its version stands for", { "node_modules/bridge/index.js": "" }],
  ])("does not change with %s (O2)", (_, changes) => {
    expect(digestWith(changes)).toBe(digestWith());
  });
});
