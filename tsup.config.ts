/**
 * Builds every package to ESM with one configuration. Declarations come from
 * `tsc` (see each `tsconfig.build.json`), so `dts` stays off.
 *
 * A package with more than one entry (a command, a worker) lists them in its
 * package.json: `"canonic": { "entries": ["src/index.ts", "src/cli.ts"] }`. What it lists as
 * `"standalone"` becomes one file with all that it needs inside: it runs wherever it is copied.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

const { canonic = {} } = JSON.parse(readFileSync("package.json", "utf8")) as {
  canonic?: { entries?: string[]; standalone?: string[] };
};
const { entries = ["src/index.ts"], standalone = [] } = canonic;

const common = { format: "esm", target: "node20", dts: false, sourcemap: false, removeNodeProtocol: false } as const;

export default defineConfig([
  { ...common, entry: entries, clean: true, splitting: true },
  ...(standalone.length === 0 ? [] : [{ ...common, entry: standalone, splitting: false, noExternal: [/.*/] }]),
]);
