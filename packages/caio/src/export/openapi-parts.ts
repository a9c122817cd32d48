/**
 * The two schemas of a service contract as parameters, body and answers of an OpenAPI operation.
 *
 * @module
 */
import type { JsonObject, JsonValue, ServiceContract } from "@canonic/contracts";
import { listOf, objectOf } from "../import/names.ts";

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
