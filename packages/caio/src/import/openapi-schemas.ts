/**
 * What an OpenAPI operation takes and gives, as the two schemas of a service contract.
 *
 * Invariants:
 *   O1. A parameter or body that the HTTP adapter cannot send keeps the operation out where it is required, and is passed over where not.
 *   O2. A schema that cannot be checked here, or that is one too many to compile, is not stated: it promises nothing. The trait `schemas-stated` says whether both are.
 *
 * @module
 */
import { byCodeUnit, canonicalJson, compileSchema, type JsonObject, type JsonValue } from "@canonic/contracts";
import type { Draft } from "./draft.ts";
import { listOf, objectOf, textOf } from "./names.ts";
import { type OperationPlace, objectAt } from "./openapi-place.ts";
import { isReferenceFault, SchemaCloser } from "./references.ts";

/** Characters of one schema with all that it brings along; a larger one is not stated. */
const SCHEMA_MAX = 64 * 1024;
const PLACES = ["header", "path", "query"] as const;
type Place = (typeof PLACES)[number];

/** How a parameter is written unless it says otherwise; the adapter writes no other way. */
const STYLES: Readonly<Record<Place, string>> = { header: "simple", path: "simple", query: "form" };
/** Headers that OpenAPI says are described elsewhere. */
const RESERVED = new Set(["accept", "authorization", "content-type"]);

/** Reads parameters, body and answers. */
export function readSchemas(draft: Draft, place: OperationPlace): void {
  const input = inputOf(draft, place);
  const output = outputOf(draft, place);
  draft.contract.input = input;
  draft.contract.output = output;
  draft.contract.traits["schemas-stated"] = input !== null && output !== null;
}

function inputOf(draft: Draft, place: OperationPlace): JsonObject | null {
  const closer = new SchemaCloser(place.references);
  const parts = new Map<Place, { properties: Record<string, JsonValue>; required: string[] }>();
  const own = listOf(draft.take("parameters"));
  /** An operation's parameter takes the place of its path's. */
  const parameters = new Map<string, JsonObject>();
  for (const [index, value] of [...listOf(place.item["parameters"]), ...own].entries()) {
    const parameter = objectAt(draft, place, value, `parameters/${index}`);
    if (parameter !== null) parameters.set(`${textOf(parameter["in"])} ${textOf(parameter["name"])}`, parameter);
  }
  for (const parameter of parameters.values()) {
    const name = textOf(parameter["name"]) ?? "";
    const at = PLACES.find((known) => known === parameter["in"]);
    if (at === "header" && RESERVED.has(name.toLowerCase())) continue;
    if (at === undefined || name === "" || !isPlain(parameter, at)) {
      if (parameter["required"] === true)
        draft.refuse(
          "parameter-unsupported",
          "parameters",
          `no required parameter written in its own way, as \`${name}\``,
        );
      continue;
    }
    const part = parts.get(at) ?? { properties: {}, required: [] };
    part.properties[name] = closer.close(parameter["schema"]);
    if (parameter["required"] === true) part.required.push(name);
    parts.set(at, part);
  }
  checkPath(draft, place.path, parts.get("path")?.properties ?? {});
  const properties: Record<string, JsonValue> = {};
  const required: string[] = [];
  for (const [at, part] of parts) {
    properties[at] = {
      type: "object",
      additionalProperties: false,
      properties: part.properties,
      ...(part.required.length === 0 ? {} : { required: part.required.sort(byCodeUnit) }),
    };
    if (part.required.length > 0) required.push(at);
  }
  const body = objectAt(draft, place, draft.take("requestBody"), "requestBody");
  const content = jsonOf(body);
  if (content !== null) properties["body"] = closer.close(content["schema"]);
  if (body?.["required"] === true) {
    if (content === null) draft.refuse("body-unsupported", "requestBody", "a body of JSON");
    required.push("body");
  }
  const schema = {
    type: "object",
    additionalProperties: false,
    properties,
    ...(required.length === 0 ? {} : { required: required.sort(byCodeUnit) }),
  };
  return closed(draft, place, closer, schema, "parameters");
}

/** Every successful answer must be JSON, or empty; the schema is that of any of them. */
function outputOf(draft: Draft, place: OperationPlace): JsonObject | null {
  const closer = new SchemaCloser(place.references);
  const schemas = new Map<string, JsonObject>();
  const responses = objectOf(draft.peek("responses")) ?? {};
  for (const status of Object.keys(responses).sort(byCodeUnit)) {
    if (!/^2(\d\d|XX)$/.test(status)) continue;
    const response = objectAt(draft, place, draft.take("responses", status), `responses/${status}`);
    if (response === null) continue;
    const isEmpty = Object.keys(objectOf(response["content"]) ?? {}).length === 0;
    const content = jsonOf(response);
    if (!isEmpty && content === null) draft.refuse("answer-unsupported", `responses/${status}`, "an answer of JSON");
    const schema = isEmpty ? { type: "null" } : closer.close(content?.["schema"]);
    schemas.set(canonicalJson(schema), schema);
  }
  const [first, ...others] = schemas.values();
  if (first === undefined) return null;
  return closed(draft, place, closer, others.length === 0 ? first : { anyOf: [first, ...others] }, "responses");
}

function closed(
  draft: Draft,
  place: OperationPlace,
  closer: SchemaCloser,
  schema: JsonObject,
  at: string,
): JsonObject | null {
  const definitions = closer.finish();
  if (isReferenceFault(definitions)) {
    draft.refuse(
      definitions.code,
      at,
      `references within the document and its bounds, not \`${definitions.reference}\``,
    );
    return null;
  }
  const whole: JsonObject = { ...schema, ...definitions };
  const { length } = canonicalJson(whole);
  if (length > SCHEMA_MAX) return null;
  place.compiling.left -= length * length;
  if (place.compiling.left < 0) return null;
  try {
    compileSchema(whole);
    return whole;
  } catch {
    return null;
  }
}

function isPlain(parameter: JsonObject, at: Place): boolean {
  const style = parameter["style"] ?? STYLES[at];
  const explode = parameter["explode"] ?? at === "query";
  if (parameter["content"] !== undefined || parameter["allowReserved"] === true) return false;
  return style === STYLES[at] && explode === (at === "query");
}

/** Names in braces are the parameters of the path, no more and no fewer. */
function checkPath(draft: Draft, path: string, stated: Readonly<Record<string, JsonValue>>): void {
  const named = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name);
  const isSame = named.length === Object.keys(stated).length && named.every((name) => Object.hasOwn(stated, name));
  if (!isSame) draft.refuse("path-invalid", "parameters", "a parameter for each name in the path");
}

function jsonOf(holder: JsonObject | null): JsonObject | null {
  const content = objectOf(holder?.["content"]) ?? {};
  const type = Object.keys(content).find((key) => /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(key));
  return type === undefined ? null : (objectOf(content[type]) ?? {});
}
