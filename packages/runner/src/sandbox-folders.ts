/**
 * Which folders a sandbox may read: what it takes to load our entry, the operation's modules and their libraries.
 *
 * Invariants:
 *   F1. A module brings its own folder and the `node_modules` above it; of other folders above it only `package.json`. More
 *       is read only where the caller names it.
 *   F2. Paths are real paths. A module that is not there is refused before a process is started.
 *
 * @module
 */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RunnerError } from "./errors.ts";

export type SandboxFolders = {
  /** For the permission model. */
  readonly readable: readonly string[];
  /** For imports: URLs with a slash at the end, without the folder of our entry. */
  readonly roots: readonly string[];
  /** Real URLs of the modules. */
  readonly modules: readonly string[];
};

/** @throws {RunnerError} `runner.operations-invalid`, `runner.sandbox-unavailable`. */
export function foldersOf(entry: URL, modules: readonly URL[], more: readonly URL[] = []): SandboxFolders {
  const entryFolder = realpathSync(dirname(fileURLToPath(entry)));
  const contracts = ancestors(entryFolder)
    .map((folder) => join(folder, "node_modules/@canonic/contracts"))
    .find((folder) => existsSync(folder));
  if (contracts === undefined) throw unavailable("@canonic/contracts");
  const files = modules.map(realFile);
  const own = [...files.map((file) => dirname(file)), ...more.map(realFile), realpathSync(contracts)];
  const starts = [entryFolder, ...own];
  const libraries = starts.flatMap((folder) => ancestors(folder).map((above) => join(above, "node_modules")));
  const roots = [...own, ...libraries.filter((folder) => existsSync(folder)).map((folder) => realpathSync(folder))];
  const manifests = starts.flatMap((folder) => ancestors(folder).map((above) => join(above, "package.json")));
  return {
    readable: unique([entryFolder, ...roots, ...manifests.filter((file) => existsSync(file))]),
    roots: unique(roots.map((folder) => `${pathToFileURL(folder).href}/`)),
    modules: files.map((file) => pathToFileURL(file).href),
  };
}

export function unavailable(lacking: string): RunnerError {
  return new RunnerError("runner.sandbox-unavailable", `untrusted operations cannot run here: no ${lacking}`, {
    lacking,
  });
}

function realFile(url: URL): string {
  try {
    return realpathSync(fileURLToPath(url));
  } catch {
    const reason = "the file is not there";
    throw new RunnerError("runner.operations-invalid", `the operations module cannot be loaded: ${reason}`, { reason });
  }
}

/** The folder and all above it. */
function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
