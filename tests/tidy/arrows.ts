/**
 * The arrows of the design, on imports as they are written. `turbo boundaries`
 * holds the same arrows against the manifests; this rule sees the code.
 *
 *   A1. `contracts` imports only zod, ajv, regexpp, canonicalize and node:crypto.
 *   A2. A library imports `@canonic/contracts` and no other package of ours.
 *   A3. A composer imports no pack; an app is imported by nobody but a pack's own composer.
 *   A4. What is imported is declared in the manifest, and what `dependencies` declares is imported by `src`.
 *   A5. Relative imports stay inside the package, name the file with `.ts`, and `src` never reaches into `test`.
 *   A6. A package of ours is imported by what it exports, never by a path inside it.
 *
 * @module
 */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { type Finding, type Package, type SourceFile, sourcesOf } from "./tree.ts";

const vocabularyMay = new Set(["zod", "ajv", "@eslint-community/regexpp", "canonicalize", "node:crypto"]);
/** What any test may use without its package declaring it: the workspace's own test tools. */
const testTools = new Set(["vitest", "fast-check"]);

export function checkArrows(packages: readonly Package[]): Finding[] {
  const kindOf = new Map(packages.map((owner) => [owner.manifest.name, owner.kind]));
  const entries = new Set(packages.flatMap(entriesOf));
  return packages.flatMap((owner) => [
    ...owner.files.flatMap((file) =>
      file.module.imports.flatMap((seen) => checkImport(owner, file, seen, kindOf, entries)),
    ),
    ...unusedDependencies(owner),
  ]);
}

function checkImport(
  owner: Package,
  file: SourceFile,
  seen: { readonly from: string; readonly line: number },
  kindOf: ReadonlyMap<string, Package["kind"]>,
  entries: ReadonlySet<string>,
): Finding[] {
  const inSource = file.path.startsWith("src/");
  const at = `${owner.folder}/${file.path}:${seen.line}`;
  const finding = (rule: string, what: string): Finding[] => [{ rule, at, what }];

  if (seen.from.startsWith(".")) {
    const target = posix.normalize(posix.join(posix.dirname(file.path), seen.from));
    if (target.startsWith("..")) {
      return inSource || !target.startsWith("../../") ? finding("A5", `\`${seen.from}\` leaves the package`) : [];
    }
    if (inSource && !target.startsWith("src/")) return finding("A5", `\`${seen.from}\` is not source`);
    if (!/\.(ts|json)$/.test(target)) return finding("A5", `\`${seen.from}\` does not name its file with \`.ts\``);
    return [];
  }

  const name = packageNameOf(seen.from);
  const kind = kindOf.get(name);
  if (kind !== undefined && !entries.has(seen.from))
    return finding("A6", `\`${seen.from}\` is a path inside \`${name}\``);
  if (kind !== undefined && name !== owner.manifest.name && inSource) {
    if (owner.kind === "vocabulary" || (owner.kind === "library" && kind !== "vocabulary")) {
      return finding("A2", `\`${owner.manifest.name}\` imports its sibling \`${name}\``);
    }
    if (kind === "pack" || (owner.kind === "composer" && kind === "composer")) {
      return finding("A3", `\`${owner.manifest.name}\` imports the app \`${name}\``);
    }
  }
  if (owner.kind === "vocabulary" && inSource && !vocabularyMay.has(name)) {
    return finding("A1", `contracts imports \`${seen.from}\``);
  }
  return isDeclared(owner, name, inSource) ? [] : finding("A4", `\`${name}\` is not declared in the manifest`);
}

/** What a package exports, as others write it: `@canonic/caio`, `@canonic/caio/planned`. */
function entriesOf({ manifest }: Package): string[] {
  return Object.keys(manifest.exports ?? {}).map((entry) => `${manifest.name}${entry.slice(1)}`);
}

function isDeclared(owner: Package, name: string, inSource: boolean): boolean {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = owner.manifest;
  if (name.startsWith("node:") || name === owner.manifest.name) return true;
  if (builtinModules.includes(name)) return false;
  const declared = { ...dependencies, ...peerDependencies, ...optionalDependencies };
  // Types of a package without its own come from `@types`.
  if (Object.hasOwn(declared, name) || Object.hasOwn(declared, `@types/${name}`)) return true;
  return !inSource && (testTools.has(name) || Object.hasOwn(devDependencies ?? {}, name));
}

function unusedDependencies(owner: Package): Finding[] {
  const used = new Set(
    sourcesOf(owner)
      .flatMap((file) => file.module.imports.map((seen) => packageNameOf(seen.from)))
      .flatMap((name) => [name, `@types/${name}`]),
  );
  return Object.keys(owner.manifest.dependencies ?? {})
    .filter((name) => !used.has(name))
    .map((name) => ({ rule: "A4", at: `${owner.folder}/package.json`, what: `\`${name}\` is declared, not imported` }));
}

function packageNameOf(specifier: string): string {
  const [first = "", second = ""] = specifier.split("/");
  return specifier.startsWith("@") ? `${first}/${second}` : first;
}
