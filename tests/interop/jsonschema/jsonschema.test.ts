import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { directorySource, readBundleLineage, readEvidence } from "@canonic/audit";
import { compileSchema, type JsonObject, type JsonValue, type SchemaName } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import type { Analysis } from "../../main-job/analysis.ts";
import { temporaryFolder } from "../../main-job/command-line.ts";
import { sharedAnalysis } from "../../main-job/shared-analysis.ts";
import { root } from "../../tidy/tree.ts";
import { pythonWith, runPython } from "../python.ts";
import { type Document, documentsOf } from "./documents.ts";

const python = await pythonWith("jsonschema", "python3-jsonschema");
const script = fileURLToPath(new URL("validate.py", import.meta.url));

/** The published file, as anybody would take it. */
const schemaOf = (name: SchemaName): JsonObject =>
  JSON.parse(readFileSync(join(root, "schemas", name, "v1.json"), "utf8")) as JsonObject;

/** For each document, what Python's validator says against it; null for a valid one. */
function judge(documents: readonly Document[]): Promise<readonly (string | null)[]> {
  const names = [...new Set(documents.map(({ schema }) => schema))];
  const schemas = Object.fromEntries(names.map((name) => [name, schemaOf(name)]));
  return runPython(python ?? "", [script], JSON.stringify({ schemas, cases: documents }));
}

describe.skipIf(python === undefined)("published schemas, by Python's jsonschema", () => {
  const folder = temporaryFolder();
  let analysis: Analysis;
  let documents: readonly Document[];
  let others: readonly string[];

  beforeAll(async () => {
    analysis = await sharedAnalysis(folder);
    const bundle = join(analysis.out, "bundle");
    const found = documentsOf(bundle);
    const { graph } = readEvidence(await readBundleLineage(directorySource(bundle)));
    const trust = { schema: "trust" as const, place: "trust.json", text: readFileSync(analysis.trust, "utf8") };
    const evidence = { schema: "evidence-graph" as const, place: "graph", text: JSON.stringify(graph) };
    documents = sampleOf([...found.documents, trust, evidence]);
    others = found.others;
  });

  test("accept every document of a whole bundle, the trust file and the evidence graph", async () => {
    const verdicts = await judge(documents);

    expect(
      documents.flatMap(({ place }, index) => (verdicts[index] === null ? [] : [`${place}: ${verdicts[index]}`])),
    ).toEqual([]);
    expect(documents.length).toBeGreaterThan(150);
  });

  test("are of every kind that an analysis writes", () => {
    const kinds = new Set<string>(documents.map(({ schema }) => schema));

    expect(EXPECTED.filter((name) => !kinds.has(name))).toEqual([]);
    expect(others.filter((path) => !path.startsWith("artifacts/") && path.endsWith(".json"))).toEqual(
      others.filter((path) => path === "prov.json" || path.startsWith("statements/")),
    );
  });

  test("refuse, as ajv does, a document of each kind that is not as its schema says", async () => {
    const kinds = new Map(documents.map((document) => [document.schema, document]));
    const bent = [...kinds.values()].flatMap((document) =>
      mutationsOf(JSON.parse(document.text) as JsonObject, schemaOf(document.schema)).map(([name, value]) => ({
        ...document,
        place: `${document.schema} with ${name}`,
        text: JSON.stringify(value),
      })),
    );
    const byPython = await judge(bent);
    const byAjv = bent.map(
      ({ schema, text }) => compileSchema(schemaOf(schema))(JSON.parse(text) as JsonValue).length > 0,
    );

    expect(bent.filter((_, index) => byPython[index] === null).map(({ place }) => place)).toEqual([]);
    expect(bent.filter((_, index) => byAjv[index] !== true).map(({ place }) => place)).toEqual([]);
    expect(bent.length).toBeGreaterThan(8 * kinds.size);
  });
});

/** Gates, stops, configuration files and exports are not in the bundle of an analysis. */
const EXPECTED: readonly SchemaName[] = [
  "bundle-manifest",
  "chunk",
  "contract-verdict",
  "coverage",
  "document",
  "evidence-graph",
  "executor_output",
  "inclusion-proof",
  "operation-contract",
  "plan",
  "policy-package",
  "question",
  "registry-snapshot",
  "run-event",
  "signal",
  "task",
  "token",
  "trust",
];

/** At most {@link EACH} of a kind, where events of another type are another kind: Python takes its time. */
function sampleOf(documents: readonly Document[]): readonly Document[] {
  const counts = new Map<string, number>();
  return documents.filter(({ schema, text }) => {
    const type = schema === "run-event" ? (JSON.parse(text) as JsonObject)["type"] : "";
    const count = (counts.get(`${schema} ${type}`) ?? 0) + 1;
    counts.set(`${schema} ${type}`, count);
    return count <= EACH;
  });
}
const EACH = Number(process.env["CANONIC_SCHEMA_DOCUMENTS"] ?? "20");

/** Named changes of an object that a closed schema with required fields refuses. */
function mutationsOf(value: JsonObject, schema: JsonObject): readonly (readonly [string, JsonValue])[] {
  const without = (key: string) => Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  const keys = Object.keys(value);
  // A schema of several shapes lists what each of them requires; no field of ours is optional there.
  const required = (schema["required"] as readonly string[] | undefined) ?? keys;
  return [
    ["nothing in it", {}],
    ["a list in its place", [value]],
    ["text in its place", JSON.stringify(value)],
    ["an unknown field", { ...value, "x-unknown": 1 }],
    ["a field of the same name in capitals", { ...without(keys[0] ?? ""), [(keys[0] ?? "").toUpperCase()]: 1 }],
    ...keys.filter((key) => required.includes(key)).map((key) => [`no \`${key}\``, without(key)] as const),
    ...keys.map((key) => [`another type of \`${key}\``, { ...value, [key]: otherType(value[key]) }] as const),
  ];
}

/** No field of ours takes both a value and its opposite. */
function otherType(value: JsonValue | undefined): JsonValue {
  if (typeof value === "string") return 0.5;
  if (typeof value === "number") return "1";
  if (typeof value === "boolean") return "true";
  return Array.isArray(value) ? { "0": null } : [[]];
}
