/**
 * The two schemas of a service contract as parameters, body and answers of an OpenAPI operation.
 *
 * @module
 */
import type { JsonObject, JsonValue, ServiceContract } from "@canonic/contracts";
import { listOf, objectOf } from "../import/names.ts";
import { SCHEMA_MAPS, SCHEMA_VALUES } from "../import/schema-keywords.ts";

type Schema = ServiceContract["input"];

/** Parameters of an HTTP service, from the `path`, `query` and `header` of what it takes. */
export function parametersOf(input: Schema): { readonly parameters?: JsonValue[] } {
  const parameters: JsonValue[] = [];
  for (const at of ["header", "path", "query"]) {
    const part = objectOf(objectOf(input?.["properties"] as JsonValue)?.[at]);
    const required = listOf(part?.["required"]);
    for (const [name, schema] of Object.entries(objectOf(part?.["properties"]) ?? {})) {
      const isRequired = at === "path" || required.includes(name);
      parameters.push({
        name,
        in: at,
        ...(isRequired ? { required: true } : {}),
        schema: schema as JsonValue,
      });
    }
  }
  return parameters.length === 0 ? {} : { parameters };
}

/** The body: `body` of what an HTTP service takes, the whole of what any other takes. */
export function requestBodyOf(input: Schema, isHttp: boolean): { readonly requestBody?: JsonObject } {
  if (!isHttp) return { requestBody: { required: true, content: json((input ?? {}) as JsonValue) } };
  const body = objectOf(input?.["properties"] as JsonValue)?.["body"];
  if (body === undefined) return {};
  const isRequired = listOf(input?.["required"] as JsonValue).includes("body");
  return { requestBody: { ...(isRequired ? { required: true } : {}), content: json(body) } };
}

export function responsesOf(output: Schema): JsonObject {
  if (output?.["type"] === "null") return { "204": { description: "done" } };
  return { "200": { description: "done", content: json((output ?? {}) as JsonValue) } };
}

function json(schema: JsonValue): JsonObject {
  return { "application/json": { schema } };
}

/**
 * A schema in a document where `#` is the document's root: references are to the schema's place among the components.
 *
 * @param name - The name under which the whole schema stands there.
 */
export function rooted(schema: JsonValue, name: string): JsonValue {
  if (Array.isArray(schema)) return schema.map((item) => rooted(item, name));
  const keywords = objectOf(schema);
  if (keywords === null) return schema;
  const entries = Object.entries(keywords).map(([key, value]) => {
    const child = value as JsonValue;
    if (key === "$ref" && typeof child === "string" && child.startsWith("#"))
      return [key, `#/components/schemas/${name}${child.slice(1)}`] as const;
    if (SCHEMA_VALUES.has(key)) return [key, child] as const;
    return [key, SCHEMA_MAPS.has(key) ? rootedMap(child, name) : rooted(child, name)] as const;
  });
  return Object.fromEntries(entries);
}

function rootedMap(map: JsonValue, name: string): JsonValue {
  const entries = Object.entries(objectOf(map) ?? {});
  return Object.fromEntries(entries.map(([key, schema]) => [key, rooted(schema as JsonValue, name)]));
}
