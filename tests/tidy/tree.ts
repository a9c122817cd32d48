/**
 * The source tree as the tidy rules see it: packages with their manifest and
 * files, read from disk for the real check or written by hand for a bad example.
 *
 * Invariant:
 *   T1. Files and packages come in code-unit order of their paths, so findings do too.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Module, readModule } from "./syntax.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** `vocabulary` is contracts alone; a `composer` joins libraries; a `pack` brings operations to a composer. */
export type Kind = "vocabulary" | "library" | "composer" | "pack";

export type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: unknown;
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly canonic?: { readonly entries?: readonly string[]; readonly standalone?: readonly string[] };
};

export type SourceFile = {
  /** Relative to the package: `src/index.ts`. */
  readonly path: string;
  readonly text: string;
  readonly module: Module;
};

export type Package = {
  /** `packages/planner` */
  readonly folder: string;
  /** `planner`: the last part of the folder, and the prefix of its error codes. */
  readonly word: string;
  readonly kind: Kind;
  readonly manifest: Manifest;
  readonly files: readonly SourceFile[];
  readonly readme: string | undefined;
  readonly changelog: string | undefined;
};

export type Finding = { readonly rule: string; readonly at: string; readonly what: string };

const kinds: Readonly<Record<string, Kind>> = {
  "packages/contracts": "vocabulary",
  "apps/orchestrator": "composer",
  "apps/verifier": "composer",
};

/** Every package under `packages/` and `apps/`, with all TypeScript of its `src`, `test` and `bench`. */
export function readPackages(): readonly Package[] {
  const folders = ["packages", "apps"].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(root, parent, entry.name, "package.json")))
      .map((entry) => `${parent}/${entry.name}`),
  );
  return folders.sort(byCodeUnit).map((folder) => {
    const paths = ["src", "test", "bench"].flatMap((part) => listFiles(join(root, folder), part)).filter(isTypeScript);
    const files = paths.map((path) => [path, readFileSync(join(root, folder, path), "utf8")] as const);
    return packageOf(folder, JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")), files, {
      readme: readIfThere(join(root, folder, "README.md")),
      changelog: readIfThere(join(root, folder, "CHANGELOG.md")),
    });
  });
}

/** A package from its parts; the bad examples use it directly. */
export function packageOf(
  folder: string,
  manifest: Manifest,
  files: Iterable<readonly [path: string, text: string]>,
  texts: { readonly readme?: string | undefined; readonly changelog?: string | undefined } = {},
): Package {
  return {
    folder,
    word: folder.slice(folder.lastIndexOf("/") + 1),
    kind: kinds[folder] ?? (folder.startsWith("apps/") ? "pack" : "library"),
    manifest,
    files: [...files]
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([path, text]) => ({ path, text, module: readModule(path, text) })),
    readme: texts.readme,
    changelog: texts.changelog,
  };
}

export function sourcesOf(owner: Package): readonly SourceFile[] {
  return owner.files.filter((file) => file.path.startsWith("src/"));
}

/** Paths relative to `base` of all files under `base/part`, nothing when it is absent. */
export function listFiles(base: string, part: string): string[] {
  if (!existsSync(join(base, part))) return [];
  return readdirSync(join(base, part), { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules" && entry.name !== "dist")
    .flatMap((entry) =>
      entry.isDirectory() ? listFiles(base, `${part}/${entry.name}`) : entry.isFile() ? [`${part}/${entry.name}`] : [],
    )
    .sort(byCodeUnit);
}

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isTypeScript(path: string): boolean {
  return path.endsWith(".ts");
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
