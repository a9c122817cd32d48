/**
 * Builds every package to ESM with one configuration. Declarations come from
 * `tsc` (see each `tsconfig.build.json`), so `dts` stays off.
 *
 * A package with more than one entry (a command, a worker) lists them in its
 * package.json: `"canonic": { "entries": ["src/index.ts", "src/cli.ts"] }`.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { canonic?: { entries?: string[] } };

export default defineConfig({
  entry: manifest.canonic?.entries ?? ["src/index.ts"],
  format: "esm",
  target: "node20",
  dts: false,
  clean: true,
  sourcemap: false,
  splitting: true,
  removeNodeProtocol: false,
});
