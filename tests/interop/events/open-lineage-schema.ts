/**
 * What OpenLineage 2-0-2 asks of a run event, as far as we write one: the specification's own schema is in no package that
 * could be installed here, so its requirements stand here in our words. Where it leaves a field open, so does this.
 *
 * @see https://openlineage.io/spec/2-0-2/OpenLineage.json
 * @module
 */
import type { JsonObject } from "@canonic/contracts";

const uri = { type: "string", pattern: "^[a-z][a-z0-9+.-]*:" };

const facets = {
  type: "object",
  additionalProperties: {
    type: "object",
    required: ["_producer", "_schemaURL"],
    properties: { _producer: uri, _schemaURL: uri },
  },
};

const dataset = {
  type: "object",
  required: ["namespace", "name"],
  properties: { namespace: { type: "string" }, name: { type: "string" }, facets },
};

export const OPEN_LINEAGE: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["eventTime", "producer", "schemaURL", "run", "job"],
  properties: {
    eventType: { enum: ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"] },
    eventTime: {
      type: "string",
      pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$",
    },
    producer: uri,
    schemaURL: { ...uri, const: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent" },
    run: {
      type: "object",
      required: ["runId"],
      properties: {
        runId: { type: "string", pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$" },
        facets,
      },
    },
    job: {
      type: "object",
      required: ["namespace", "name"],
      properties: { namespace: { type: "string" }, name: { type: "string" }, facets },
    },
    inputs: { type: "array", items: dataset },
    outputs: { type: "array", items: dataset },
  },
};
