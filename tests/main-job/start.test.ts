import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canonic, plainEnvironment, temporaryFolder } from "./command-line.ts";

/** Each package here is paid for by every command: one that not all of them need is loaded by those that do. */
const NEEDED_BY_ALL = [
  "@eslint-community/regexpp",
  "ajv",
  "canonicalize",
  "commander",
  "fast-deep-equal",
  "fast-uri",
  "json-schema-traverse",
  "zod",
];

test("a command starts without parsers, drivers and the router, though both packs are listed", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "packages.json");
  const hook = new URL("./loaded-packages.ts", import.meta.url);
  const env = { ...plainEnvironment(), NODE_OPTIONS: `--import=${hook.href}`, LOADED_PACKAGES: file };

  await canonic(["runs", "--store", folder], { env });

  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(NEEDED_BY_ALL);
});
