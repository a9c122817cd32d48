/**
 * Every JSON document of a result folder with the name of the published schema that it claims to be of.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonObject, SCHEMAS, type SchemaName } from "@canonic/contracts";
import { filesBelow } from "../../main-job/command-line.ts";

export type Document = { readonly schema: SchemaName; readonly place: string; readonly text: string };

/** Files that are one document, and files of one document a line. */
const FILES: Readonly<Record<string, string>> = {
  "manifest.json": "bundle-manifest",
  "proof.json": "inclusion-proof",
  "log-proof.json": "inclusion-proof",
  "authority-proof.json": "inclusion-proof",
  "consistency.json": "consistency-proof",
  "plan.json": "plan",
  "registry.json": "registry-snapshot",
};
const LINES: Readonly<Record<string, string>> = {
  "contracts.jsonl": "operation-contract",
  "events.jsonl": "run-event",
  "log-events.jsonl": "run-event",
  "authority.jsonl": "run-event",
  "outputs.jsonl": "executor_output",
  "certificates.jsonl": "certificate",
};
/** Where the name of a published schema is not the one in the document's own `schema`. */
const RENAMED: Readonly<Record<string, string>> = { output: "executor_output" };

/** All documents of a bundle, in the order of its files; what is of no published schema is in `others`, by path. */
export function documentsOf(bundle: string): {
  readonly documents: readonly Document[];
  readonly others: readonly string[];
} {
  const documents: Document[] = [];
  const others: string[] = [];
  for (const path of filesBelow(bundle)) {
    const text = () => readFileSync(join(bundle, path), "utf8");
    const line = LINES[path];
    const schema = FILES[path] ?? (path.startsWith("artifacts/") ? schemaIn(text()) : undefined);
    if (line !== undefined && isPublished(line)) {
      const lines = text().trimEnd().split("\n");
      documents.push(...lines.map((one, index) => ({ schema: line, place: `${path}:${index + 1}`, text: one })));
    } else if (schema !== undefined && isPublished(schema)) documents.push({ schema, place: path, text: text() });
    else others.push(path);
  }
  return { documents: [...documents, ...inside(documents)], others };
}

/** What stands inside other documents and has a schema of its own: tasks of the plan, verdicts of contracts. */
function inside(documents: readonly Document[]): Document[] {
  return documents.flatMap(({ schema, place, text }): Document[] => {
    const value = JSON.parse(text) as JsonObject;
    if (schema === "plan")
      return (value["tasks"] as JsonObject[]).map((task, index) => ({
        schema: "task",
        place: `${place}/tasks/${index}`,
        text: JSON.stringify(task),
      }));
    return schema === "run-event" && value["type"] === "CONTRACT_VERDICT"
      ? [{ schema: "contract-verdict", place: `${place}/data`, text: JSON.stringify(value["data"]) }]
      : [];
  });
}

function schemaIn(text: string): string | undefined {
  const name = (JSON.parse(text) as { readonly schema?: unknown } | null)?.schema;
  const found = typeof name === "string" ? /^canonic\/([a-z-]+)\/v1$/.exec(name)?.[1] : undefined;
  return found === undefined ? undefined : (RENAMED[found] ?? found);
}

function isPublished(name: string): name is SchemaName {
  return Object.hasOwn(SCHEMAS, name);
}
