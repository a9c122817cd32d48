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
import {
  admitServices,
  CaioError,
  type ImportReport,
  importCatalogueValue,
  type QuarantinedEntry,
  readCatalogue,
} from "@canonic/caio";
import { byCodeUnit, type JsonValue, type ServiceEntry } from "@canonic/contracts";
import { OrchestratorError } from "../errors.ts";
import { readNamedFile } from "../files.ts";
import { keyOf, standingsIn } from "./stated-standings.ts";

/** Folders below the one that was named, at most. */
const DEPTH_MAX = 3;

export type CatalogueFolder = {
  /** Paths below the folder, in code-unit order; what belongs to another file is not named. */
  readonly files: readonly string[];
  /** Services of plain files are active and of unknown health, for nobody keeps a registry of them; those of a snapshot are as it says. */
  readonly admitted: readonly ServiceEntry[];
  readonly quarantined: readonly QuarantinedEntry[];
  readonly reports: readonly ImportReport[];
};

/**
 * Reads every `.json`, `.yaml` and `.yml` file of a folder.
 *
 * @throws {OrchestratorError} `orchestrator.catalogue-empty` where there is none; {@link readCatalogue}'s errors name the file.
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
  const imported = files.map((path) => {
    const value = readCatalogue(textOf(join(folder, path)), path);
    const beside = path.replace(/server\.ya?ml$/, "tools.json");
    const tools = beside !== path && paths.includes(beside) ? jsonOf(join(folder, beside)) : null;
    const report = importCatalogueValue(value, path, null, tools);
    const isOurs = report.format === "canonic";
    return { report, standings: isOurs ? standingsIn(value, path) : new Map<string, never>() };
  });
  const reports = imported.map(({ report }) => report);
  const standings = new Map(imported.flatMap((one) => [...one.standings]));
  const { admitted, quarantined } = admitServices(reports.flatMap(({ contracts }) => contracts));
  const unread: QuarantinedEntry[] = [];
  const entries = admitted.flatMap((contract): ServiceEntry[] => {
    const standing = standings.get(keyOf(contract));
    if (standing === undefined) return [{ contract, state: "active", health: null }];
    if (standing.kind === "stated") return [{ contract, state: standing.state, health: standing.health }];
    unread.push(standing.entry);
    return [];
  });
  return {
    files,
    admitted: entries,
    quarantined: [...reports.flatMap((report) => report.quarantined), ...quarantined, ...unread],
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
