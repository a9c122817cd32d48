/**
 * Nothing lies about that no one reaches.
 *
 *   D1. Every file of `src` is reached from an entry of its package, by import or as a worker file.
 *   D2. Every entry that the manifest names exists.
 *   D3. Every value that a file exports is imported by another file of its package, or leaves through an entry.
 *       (Types name the parts of what a file exports, and a limit in CAPITALS is
 *       documentation that a neighbour may link to: both may stand beside it.)
 *
 * @module
 */
import { posix } from "node:path";
import { type Finding, type Package, type SourceFile, sourcesOf } from "./tree.ts";

const limit = /^[A-Z][A-Z0-9_]*$/;

export function checkDeadCode(packages: readonly Package[]): Finding[] {
  return packages.flatMap((owner) => [...unreachedFiles(owner), ...unusedExports(owner)]);
}

export function entriesOf(owner: Package): readonly string[] {
  const { entries = ["src/index.ts"], standalone = [] } = owner.manifest.canonic ?? {};
  return [...entries, ...standalone];
}

function unreachedFiles(owner: Package): Finding[] {
  const byPath = new Map(sourcesOf(owner).map((file) => [file.path, file]));
  const missing = entriesOf(owner).filter((entry) => !byPath.has(entry));
  const reached = new Set<string>();
  const queue = entriesOf(owner).filter((entry) => byPath.has(entry));
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    queue.push(...targetsOf(file));
  }
  return [
    ...missing.map((entry) => ({ rule: "D2", at: `${owner.folder}/package.json`, what: `no entry \`${entry}\`` })),
    ...[...byPath.keys()]
      .filter((path) => !reached.has(path))
      .map((path) => ({ rule: "D1", at: `${owner.folder}/${path}`, what: "no entry reaches this file" })),
  ];
}

function unusedExports(owner: Package): Finding[] {
  const entries = new Set(entriesOf(owner));
  const taken = new Map<string, Set<string>>();
  for (const file of owner.files) {
    for (const seen of file.module.imports.filter((one) => one.from.startsWith("."))) {
      const target = resolve(file, seen.from);
      const names = taken.get(target) ?? new Set();
      taken.set(target, names);
      for (const name of seen.names) names.add(name);
    }
  }
  return sourcesOf(owner)
    .filter((file) => !entries.has(file.path) && !taken.get(file.path)?.has("*"))
    .flatMap((file) =>
      file.module.exports
        .filter(({ name, kind }) => kind === "value" && !limit.test(name) && !taken.get(file.path)?.has(name))
        .map(({ name, line }) => ({
          rule: "D3",
          at: `${owner.folder}/${file.path}:${line}`,
          what: `nobody imports \`${name}\``,
        })),
    );
}

function targetsOf(file: SourceFile): string[] {
  const written = [...file.module.imports.map((seen) => seen.from), ...file.module.fileUrls];
  return written.filter((from) => from.startsWith(".")).map((from) => resolve(file, from));
}

function resolve(file: SourceFile, from: string): string {
  // A worker file is named as it will be called after the build, too: `./worker.js`.
  return posix.normalize(posix.join(posix.dirname(file.path), from)).replace(/\.js$/, ".ts");
}
