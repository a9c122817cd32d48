/**
 * A folder of catalogue files as one list of services.
 *
 * Files are taken in code-unit order of their paths; what they hold is one list whatever they are called. A file named `tools.json` beside a
 * `server.yaml` belongs to it. Files that are no catalogue (a licence, a readme) are passed over only by their ending.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { admitServices, CaioError, type ImportReport, importCatalogue, type QuarantinedEntry } from "@canonic/caio";
import { byCodeUnit, type JsonValue, type ServiceContract } from "@canonic/contracts";
import { OrchestratorError } from "../errors.ts";
import { readNamedFile } from "../files.ts";

/** Folders below the one that was named, at most. */
const DEPTH_MAX = 3;

export type CatalogueFolder = {
  /** Paths below the folder, in code-unit order; what belongs to another file is not named. */
  readonly files: readonly string[];
  readonly admitted: readonly ServiceContract[];
  readonly quarantined: readonly QuarantinedEntry[];
  readonly reports: readonly ImportReport[];
};

/**
 * Reads every `.json`, `.yaml` and `.yml` file of a folder.
 *
 * @throws {OrchestratorError} `orchestrator.catalogue-empty` where there is none; {@link importCatalogue}'s errors name the file.
 */
export function readCatalogueFolder(folder: string): CatalogueFolder {
  const paths = filesBelow(folder, "", 0);
  const files = paths.filter((path) => !path.endsWith("tools.json"));
  if (files.length === 0) {
    throw new OrchestratorError(
      "orchestrator.catalogue-empty",
      `\`${folder}\` holds no registry and no catalogue file (.json, .yaml, .yml)`,
      { directory: folder },
    );
  }
  const reports = files.map((path) => {
    const text = textOf(join(folder, path));
    const beside = path.replace(/server\.ya?ml$/, "tools.json");
    const tools = beside !== path && paths.includes(beside) ? jsonOf(join(folder, beside)) : null;
    return importCatalogue(text, path, null, tools);
  });
  const { admitted, quarantined } = admitServices(reports.flatMap(({ contracts }) => contracts));
  return {
    files,
    admitted,
    quarantined: [...reports.flatMap((report) => report.quarantined), ...quarantined],
    reports,
  };
}

function filesBelow(folder: string, below: string, depth: number): string[] {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(join(folder, below));
  } catch (cause) {
    const system = (cause as NodeJS.ErrnoException).code ?? "unknown";
    const why = system === "ENOTDIR" ? "is no folder" : system === "ENOENT" ? "does not exist" : "cannot be read";
    throw new OrchestratorError(
      "orchestrator.file-unreadable",
      `\`${join(folder, below)}\` ${why}`,
      { file: join(folder, below), system },
      { cause },
    );
  }
  return entries
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return depth < DEPTH_MAX ? filesBelow(folder, path, depth + 1) : [];
      return entry.isFile() && /\.(json|ya?ml)$/.test(entry.name) ? [path] : [];
    })
    .sort(byCodeUnit);
}

function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

/** A catalogue file and what belongs to it, under the name that a person gave it. */
export function readCatalogueFile(path: string, name: string): { name: string; text: string; beside: JsonValue } {
  const tools = path.replace(/server\.ya?ml$/, "tools.json");
  return { name, text: textOf(path), beside: tools !== path && existsSync(tools) ? jsonOf(tools) : null };
}

function jsonOf(file: string): JsonValue {
  try {
    return JSON.parse(textOf(file)) as JsonValue;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const details = { name: file, place: "", expected: "JSON" };
    throw new CaioError("caio.catalogue-invalid", `catalogue \`${file}\`: expected JSON`, details);
  }
}

function textOf(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readNamedFile(file));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new OrchestratorError(
      "orchestrator.file-unreadable",
      `\`${file}\` is not UTF-8`,
      { file, system: "encoding" },
      { cause },
    );
  }
}
