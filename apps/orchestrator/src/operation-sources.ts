/**
 * The source of operations by digest: the files that their module is made of, and the packages that these import.
 *
 * Invariants:
 *   O1. The digest is of bytes and of paths relative to the module, never of where the module lies.
 *   O2. Files of the module's own tree, and of packages beside it that are not installed under `node_modules`, count with
 *       their bytes; installed packages count as name and version, for their bytes are their publisher's.
 *   O3. An import that leads to no file counts as absent. Imports are read off the text; a name that is made while the
 *       module runs is not seen.
 *
 * @module
 */
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Digest, digestBytes, digestJson } from "@canonic/contracts";

/** How the sources of a workspace name their own entry; a build has none. */
const SOURCE_CONDITION = "@canonic/source";

const IMPORTS =
  /\b(?:import|export)\b[^"';()=]*?\bfrom\s*["']([^"'\n]+)["']|\bimport\s*\(?\s*["']([^"'\n]+)["']|\bnew URL\(\s*["'](\.[^"'\n]+)["']\s*,\s*import\.meta\.url|\bcreateRequire\d*\(\s*import\.meta\.url\s*\)\(\s*["']([^"'\n]+)["']/g;

type Manifest = { readonly name?: string; readonly version?: string; readonly exports?: unknown };

/** The digest of everything that a module is made of. */
export function sourceDigestOf(module: URL): Digest {
  const entry = realpathSync(fileURLToPath(module));
  const root = dirname(entry);
  const isSource = entry.endsWith(".ts");
  const files = new Map<string, Digest>();
  const packages = new Set<string>();
  const queue = [entry];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const path = relative(root, file).split(sep).join("/");
    if (files.has(path)) continue;
    const bytes = readFileSync(file);
    files.set(path, digestBytes(bytes));
    for (const specifier of file.endsWith(".json") ? [] : importsOf(bytes.toString("utf8"))) {
      if (isBuiltin(specifier)) continue;
      const found = specifier.startsWith(".") ? ownFile(file, specifier) : ofPackage(file, specifier, isSource);
      if (found.kind === "file") queue.push(found.path);
      else packages.add(found.name);
    }
  }
  return digestJson({ files: Object.fromEntries(files), packages: [...packages].sort() });
}

type Found = { readonly kind: "file"; readonly path: string } | { readonly kind: "name"; readonly name: string };

function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORTS)].map((match) => (match[1] ?? match[2] ?? match[3] ?? match[4]) as string);
}

function ownFile(from: string, specifier: string): Found {
  const path = resolve(dirname(from), specifier);
  if (existsSync(path) && statSync(path).isFile()) return { kind: "file", path: realpathSync(path) };
  return { kind: "name", name: `${specifier} (absent)` };
}

function ofPackage(from: string, specifier: string, isSource: boolean): Found {
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const folder = folderOf(dirname(from), name);
  if (folder === undefined) return { kind: "name", name: `${specifier} (absent)` };
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const entry = folder.split(sep).includes("node_modules") ? undefined : entryOf(manifest, specifier, name, isSource);
  const path = entry === undefined ? undefined : join(folder, entry);
  if (path !== undefined && existsSync(path)) return { kind: "file", path };
  return { kind: "name", name: `${name}@${manifest.version ?? ""}` };
}

/** Where a package lies for whoever imports it, as Node looks for it. */
function folderOf(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}

function entryOf({ exports }: Manifest, specifier: string, name: string, isSource: boolean): string | undefined {
  const entries = exports as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> | undefined;
  const entry = entries?.[`.${specifier.slice(name.length)}`]?.[isSource ? SOURCE_CONDITION : "default"];
  return typeof entry === "string" ? entry : undefined;
}
