/**
 * Any catalogue file: which format it has, by its shape, and what it holds.
 *
 * Invariants:
 *   C1. A format is recognised by what only that format has; a file that fits none, or two, is refused by name.
 *   C2. What is read is a tree of plain JSON within bounds: no anchors, tags, repeated keys or `__proto__`, at most 64 levels.
 *
 * @module
 */
import { assertJson, type JsonObject, type JsonValue } from "@canonic/contracts";
import { parseDocument } from "yaml";
import { CaioError } from "../errors.ts";
import { importAgentCard } from "./a2a.ts";
import { importContracts } from "./canonic.ts";
import { importPriceCatalogue } from "./litellm.ts";
import { importDockerServer } from "./mcp-docker.ts";
import { importServerJson } from "./mcp-server.ts";
import { importModelsDev } from "./models-dev.ts";
import { objectOf } from "./names.ts";
import { importOpenApi } from "./openapi.ts";
import { repeatedKey } from "./repeated-key.ts";
import type { CatalogueFormat, ImportReport } from "./report.ts";

/** Bytes of a catalogue file, at most. */
const BYTES_MAX = 64 * 1024 * 1024;
const DEPTH_MAX = 64;

type Importer = {
  readonly fits: (value: JsonValue) => boolean;
  readonly read: (value: JsonObject, name: string, beside: JsonValue) => ImportReport;
};

/** Code-unit order, as in {@link CatalogueFormat}. */
const IMPORTERS: Record<CatalogueFormat, Importer> = {
  "a2a-agent-card": {
    fits: (value) =>
      hasKeys(value, "name", "skills") && (hasKeys(value, "supportedInterfaces") || hasKeys(value, "url")),
    read: importAgentCard,
  },
  canonic: { fits: isOurs, read: importContracts },
  litellm: { fits: isPriceCatalogue, read: (value) => importPriceCatalogue(value) },
  "mcp-docker": {
    fits: (value) =>
      hasKeys(value, "name", "type") &&
      (hasKeys(value, "image") || hasKeys(value, "remote") || hasKeys(value, "about")),
    read: importDockerServer,
  },
  "mcp-server": {
    fits: (value) => hasKeys(value, "name", "description") && (hasKeys(value, "packages") || hasKeys(value, "remotes")),
    read: (value, name) => importServerJson(value, name),
  },
  "models-dev": { fits: isModelsDev, read: (value) => importModelsDev(value) },
  openapi: { fits: (value) => hasKeys(value, "openapi", "info"), read: (value, name) => importOpenApi(value, name) },
};

/** The formats that {@link importCatalogue} reads, in code-unit order. */
export const CATALOGUE_FORMATS = Object.keys(IMPORTERS) as CatalogueFormat[];

/**
 * Reads a catalogue file.
 *
 * @param name - How errors and reports call the file.
 * @param format - Where the caller knows; else it is recognised.
 * @param beside - The value of a file that belongs to it (`tools.json` of an MCP server, the JSON Web Key
 *   Set under which an agent card is checked), null for none.
 * @throws {CaioError} `caio.catalogue-invalid` for a text that is no JSON or YAML, is over a bound, or is of no or of two formats.
 */
export function importCatalogue(
  text: string,
  name: string,
  format: CatalogueFormat | null = null,
  beside: JsonValue = null,
): ImportReport {
  return importCatalogueValue(readCatalogue(text, name), name, format, beside);
}

/** The same for a value that {@link readCatalogue} read. */
export function importCatalogueValue(
  value: JsonValue,
  name: string,
  format: CatalogueFormat | null = null,
  beside: JsonValue = null,
): ImportReport {
  const importer = IMPORTERS[format ?? detectFormat(value, name)];
  const entry = objectOf(value) ?? (Array.isArray(value) ? { services: value } : null);
  if (entry === null) throw invalid(name, "", `one of ${CATALOGUE_FORMATS.join(", ")}`);
  return importer.read(entry, name, beside);
}

/** Which format a value has. */
export function detectFormat(value: JsonValue, name: string): CatalogueFormat {
  const fitting = CATALOGUE_FORMATS.filter((format) => IMPORTERS[format].fits(value));
  const [format, second] = fitting;
  if (format !== undefined && second === undefined) return format;
  const expected = `one of ${(fitting.length === 0 ? CATALOGUE_FORMATS : fitting).join(", ")}`;
  throw invalid(name, "", fitting.length === 0 ? expected : `the format to be named, ${expected}`);
}

/**
 * The value of a catalogue file, as {@link importCatalogue} reads it before it looks for a format.
 *
 * @throws {CaioError} `caio.catalogue-invalid` for a text that is no JSON or YAML, or is over a bound.
 */
export function readCatalogue(text: string, name: string): JsonValue {
  if (text.length > BYTES_MAX) throw invalid(name, "", `at most ${BYTES_MAX} characters`);
  const value = readJson(text, name) ?? readYaml(text, name);
  try {
    assertJson(value);
  } catch {
    throw invalid(name, "", "plain JSON values");
  }
  if (depthOf(value as JsonValue, DEPTH_MAX) > DEPTH_MAX) throw invalid(name, "", `at most ${DEPTH_MAX} levels`);
  if (hasPrototypeKey(value as JsonValue)) throw invalid(name, "key `__proto__`", "no key that libraries lose");
  return value as JsonValue;
}

function readJson(text: string, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const repeated = repeatedKey(text);
  if (repeated !== null) throw invalid(name, `key \`${repeated.slice(0, 128)}\``, "each key of an object once");
  return value;
}

function readYaml(text: string, name: string): unknown {
  const document = parseDocument(text, { schema: "core", strict: true, uniqueKeys: true, merge: false });
  const [fault] = document.errors;
  const line = fault?.linePos?.[0].line;
  if (fault !== undefined) throw invalid(name, line === undefined ? "" : `line ${line}`, "JSON or YAML 1.2");
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw invalid(name, "", "YAML without anchors and aliases");
  }
}

function depthOf(value: JsonValue, most: number): number {
  if (typeof value !== "object" || value === null || most < 0) return 0;
  let deepest = 0;
  for (const child of Object.values(value)) deepest = Math.max(deepest, depthOf(child as JsonValue, most - 1));
  return deepest + 1;
}

function hasPrototypeKey(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some((child) => hasPrototypeKey(child as JsonValue));
}

function isOurs(value: JsonValue): boolean {
  const first = Array.isArray(value) ? objectOf(value[0]) : objectOf(value);
  return /^canonic\/service-(contract|snapshot)\//.test(String(first?.["schema"] ?? ""));
}

function isPriceCatalogue(value: JsonValue): boolean {
  const entries = Object.values(objectOf(value) ?? {}).map(objectOf);
  return entries.length > 0 && entries.some((entry) => entry !== null && Object.hasOwn(entry, "litellm_provider"));
}

function isModelsDev(value: JsonValue): boolean {
  const providers = Object.values(objectOf(value) ?? {}).map(objectOf);
  return providers.length > 0 && providers.some((provider) => objectOf(provider?.["models"]) !== null);
}

function hasKeys(value: JsonValue, ...keys: readonly string[]): boolean {
  const entry = objectOf(value);
  return entry !== null && keys.every((key) => Object.hasOwn(entry, key));
}

function invalid(name: string, place: string, expected: string): CaioError<"caio.catalogue-invalid"> {
  const where = place === "" ? `\`${name}\`` : `\`${name}\`, ${place}`;
  return new CaioError("caio.catalogue-invalid", `catalogue ${where}: expected ${expected}`, { name, place, expected });
}
