import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonObject, JsonValue } from "@canonic/contracts";
import { CloudEvent, HTTP } from "cloudevents";
import { beforeAll, describe, expect, test } from "vitest";
import type { Analysis } from "../../main-job/analysis.ts";
import { canonic, temporaryFolder } from "../../main-job/command-line.ts";
import { sharedAnalysis } from "../../main-job/shared-analysis.ts";
import { root } from "../../tidy/tree.ts";
import { pythonWith, runPython } from "../python.ts";
import { OPEN_LINEAGE } from "./open-lineage-schema.ts";

const python = await pythonWith("jsonschema", "python3-jsonschema");
const script = fileURLToPath(new URL("../jsonschema/validate.py", import.meta.url));

const folder = temporaryFolder();
let analysis: Analysis;
let cloudEvents: readonly JsonObject[];
let openLineage: readonly JsonObject[];

const exported = async (format: string): Promise<JsonObject[]> => {
  const { code, stdout } = await canonic([
    "events",
    analysis.report.run,
    "--store",
    analysis.store,
    "--format",
    format,
  ]);
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JsonObject);
};
beforeAll(async () => {
  analysis = await sharedAnalysis(folder);
  cloudEvents = await exported("cloudevents");
  openLineage = await exported("openlineage");
});

/** What Python's validator says against each value; null for a valid one. */
const judge = (schema: JsonValue, values: readonly JsonValue[]): Promise<readonly (string | null)[]> => {
  const cases = values.map((value) => ({ schema: "it", text: JSON.stringify(value) }));
  return runPython(python ?? "", [script], JSON.stringify({ schemas: { it: schema }, cases }));
};

describe("CloudEvents of a whole run", () => {
  test("are one for each event, in the order of the log", () => {
    expect(cloudEvents).toHaveLength(analysis.report.events);
    const indexes = cloudEvents.map(({ leafindex }) => Number(leafindex));
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
  });

  test("are taken by the CNCF's SDK, strictly, and come out as they went in", () => {
    for (const event of cloudEvents) {
      const read = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body: event });
      const { data, time, ...rest } = JSON.parse(JSON.stringify(read)) as JsonObject;
      expect({ ...rest, time, data }).toEqual(event);
      expect(new CloudEvent(event as never, true).id).toBe(event["id"]);
    }
  });

  describe.skipIf(python === undefined)("are judged by Python's jsonschema under the schema that the SDK ships", () => {
    const schema = publishedCloudEventsSchema();

    test("and are valid, a sample of each type", async () => {
      const ofType = new Map(cloudEvents.map((event) => [event["type"], event]));
      const verdicts = await judge(schema, [...ofType.values()]);

      expect(ofType.size).toBeGreaterThanOrEqual(9);
      expect(verdicts.filter((verdict) => verdict !== null)).toEqual([]);
    });

    test("and are refused by both with a change that the specification forbids", async () => {
      const [event] = cloudEvents as readonly [JsonObject];
      const bent = Object.entries(mutations(event));
      const verdicts = await judge(
        schema,
        bent.map(([, value]) => value),
      );
      const refusedBySdk = bent.filter(([, value]) => {
        try {
          return !new CloudEvent(value as never, true).validate();
        } catch {
          return true;
        }
      });

      expect(bent.length).toBeGreaterThan(5);
      expect(bent.filter((_, index) => verdicts[index] === null).map(([name]) => name)).toEqual([]);
      // The SDK gives an event without id or version one of its own.
      const filled = ["no id", "an empty id", "no version of the specification"];
      const names = bent.map(([name]) => name).filter((name) => !filled.includes(name));
      expect(refusedBySdk.map(([name]) => name)).toEqual(names);
      expect(names.length).toBeGreaterThan(3);
    });
  });
});

describe("OpenLineage run events of a whole run", () => {
  test("are a START and a COMPLETE", () => {
    expect(openLineage.map(({ eventType }) => eventType)).toEqual(["START", "COMPLETE"]);
  });

  test.skipIf(python === undefined)("are what the specification asks for, and are refused without it", async () => {
    const [start] = openLineage as readonly [JsonObject];
    const required = ["eventTime", "producer", "schemaURL", "run", "job"];
    const bent = [
      ...required.map((key) => Object.fromEntries(Object.entries(start).filter(([name]) => name !== key))),
      { ...start, eventType: "BEGIN" },
      { ...start, run: { runId: analysis.report.run } },
      { ...start, job: { name: "policy" } },
      { ...start, inputs: [{ namespace: "https://canonic.dev/sha256" }] },
      { ...start, run: { ...(start["run"] as JsonObject), facets: { canonic_evidence: { origin: "log" } } } },
    ];

    expect(await judge(OPEN_LINEAGE, openLineage)).toEqual([null, null]);
    expect((await judge(OPEN_LINEAGE, bent)).map((verdict) => verdict === null)).toEqual(bent.map(() => false));
  });

  test.skipIf(python === undefined)("carry a facet that is of the schema that it names", async () => {
    const schema = JSON.parse(readFileSync(join(root, "schemas", "evidence-facet", "v1.json"), "utf8")) as JsonObject;
    const facets = openLineage.map(
      ({ run }) => (run as { facets: { canonic_evidence: JsonObject } }).facets.canonic_evidence,
    );

    expect(facets.map((facet) => facet["_schemaURL"])).toEqual([schema["$id"], schema["$id"]]);
    expect(await judge(schema, facets)).toEqual([null, null]);
    expect(await judge(schema, [{ ...facets[0], leafIndex: -1 }])).not.toEqual([null]);
  });
});

function mutations(event: JsonObject): Readonly<Record<string, JsonValue>> {
  const without = (key: string) => Object.fromEntries(Object.entries(event).filter(([name]) => name !== key));
  return {
    "no id": without("id"),
    "no source": without("source"),
    "no type": without("type"),
    "no version of the specification": without("specversion"),
    "an empty id": { ...event, id: "" },
    "an id that is a number": { ...event, id: 1 },
    "a subject that is a list": { ...event, subject: [] },
  };
}

/** The JSON Schema of CloudEvents 1.0 as the SDK has compiled it in: a literal on a line of its own. */
function publishedCloudEventsSchema(): JsonObject {
  const sdk = dirname(fileURLToPath(import.meta.resolve("cloudevents")));
  const literal = /const schema\d+ = (\{ "\$schema": .*\});$/m.exec(
    readFileSync(join(sdk, "schema", "v1.js"), "utf8"),
  )?.[1];
  if (literal === undefined) throw new Error("the SDK no longer ships the schema of CloudEvents");
  return JSON.parse(literal) as JsonObject;
}
