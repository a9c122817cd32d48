import type { JsonObject, JsonValue } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ImportReport, importCatalogue } from "../../src/index.ts";
import { CARD, DOCKER, LITELLM, MODELS_DEV, OPENAPI, SERVER } from "./documents.ts";

/** Adds fields that nobody knows to any object of a document, at any depth. */
function grown(document: JsonObject, at: readonly number[], extra: JsonValue): JsonObject {
  const copy = structuredClone(document) as JsonObject;
  const objects: Record<string, JsonValue>[] = [];
  const collect = (value: JsonValue): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value)) objects.push(value as Record<string, JsonValue>);
    for (const child of Object.values(value)) collect(child as JsonValue);
  };
  collect(copy);
  for (const place of at) {
    const target = objects[place % objects.length];
    if (target !== undefined) target["unheard-of"] = extra;
  }
  return copy;
}

function valueAt(value: JsonValue, pointer: string): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    current = (current as JsonObject | undefined)?.[key];
  }
  return current;
}

/** Every leaf of a value as a pointer. */
function leavesOf(value: JsonValue, at = ""): string[] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [at];
  return Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child as JsonValue, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

function expectEveryFieldOnce(document: JsonObject, report: ImportReport, rootOf: (place: string) => string): number {
  for (const { place, mapped, unmapped } of report.entries) {
    const root = rootOf(place);
    const entry = valueAt(document, root);
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) continue;
    const told = [...mapped, ...unmapped];
    for (const pointer of told) expect(valueAt(entry ?? null, pointer), `${root}${pointer}`).toBeDefined();
    for (const leaf of leavesOf(entry ?? {})) {
      if (leaf === "") continue;
      const covering = told.filter((pointer) => leaf === pointer || leaf.startsWith(`${pointer}/`));
      expect(covering, `${root}${leaf}`).toHaveLength(1);
    }
  }
  return report.entries.length;
}

const WHOLE = () => "";
const BY_PLACE = (place: string) => place;

test.each([
  ["litellm", LITELLM, BY_PLACE, 2],
  ["models-dev", MODELS_DEV, BY_PLACE, 2],
  ["mcp-docker", DOCKER, WHOLE, 1],
  ["mcp-server", SERVER, WHOLE, 1],
  ["a2a-agent-card", CARD, WHOLE, 1],
  ["openapi", OPENAPI, BY_PLACE, 3],
] as const)(
  "tells every value of a %s document once, as mapped or unmapped, whatever is added to it (D1)",
  (format, document, rootOf, least) => {
    let entries = 0;

    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { maxLength: 4 }),
        fc.constantFrom<JsonValue>("text", 7, null, { a: { "b/~c": [1] } }, [{ d: 1 }]),
        (at, extra) => {
          const changed = grown(document as JsonObject, at, extra);
          const report = importCatalogue(JSON.stringify(changed), "file", format);
          entries += expectEveryFieldOnce(changed, report, rootOf);
        },
      ),
      { numRuns: 200 },
    );
    expect(entries).toBeGreaterThanOrEqual(200 * least);
  },
);

test.each([
  ["litellm", LITELLM],
  ["models-dev", MODELS_DEV],
  ["mcp-docker", DOCKER],
  ["mcp-server", SERVER],
  ["a2a-agent-card", CARD],
  ["openapi", OPENAPI],
] as const)(
  "imports the whole %s document, with sorted assumed pointers that name something (D2)",
  (format, document) => {
    const { contracts, quarantined, entries } = importCatalogue(JSON.stringify(document), "file", format);

    expect(quarantined).toEqual([]);
    expect(contracts.length).toBeGreaterThan(0);
    for (const contract of contracts) {
      expect(contract.assumed).toEqual([...contract.assumed].sort());
      for (const pointer of contract.assumed) expect(valueAt(contract as never, pointer)).toBeDefined();
    }
    for (const { mapped, unmapped } of entries) {
      expect(mapped).toEqual([...mapped].sort());
      expect(unmapped).toEqual([...unmapped].sort());
    }
  },
);
