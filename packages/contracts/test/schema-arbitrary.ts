/**
 * Values of a JSON Schema for tests, and mutations of them. Understands exactly the keywords that our published schemas
 * use, and stops on any other: a keyword that were ignored here would go untested.
 *
 * @module
 */
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../src/index.ts";

type Schema = JsonObject & { readonly $defs?: Record<string, Schema> };

const KNOWN = new Set([
  ..."$schema $id $ref $defs title type properties required additionalProperties propertyNames items prefixItems".split(
    " ",
  ),
  ..."minItems maxItems minLength maxLength pattern minimum maximum enum const oneOf anyOf format contentEncoding".split(
    " ",
  ),
  ..."readOnly".split(" "),
]);

/** An arbitrary of valid values; sizes are kept small. */
export function arbitraryOf(root: JsonObject): fc.Arbitrary<JsonValue> {
  return build(root as Schema, root as Schema);
}

function build(schema: Schema, root: Schema): fc.Arbitrary<JsonValue> {
  for (const key of Object.keys(schema)) if (!KNOWN.has(key)) throw new Error(`keyword ${key} is not generated`);
  if (schema["$ref"] !== undefined) return buildDefinition(schema["$ref"] as string, root);
  if (schema["const"] !== undefined) return fc.constant(schema["const"]);
  if (schema["enum"] !== undefined) return fc.constantFrom(...(schema["enum"] as JsonValue[]));
  const branches = (schema["oneOf"] ?? schema["anyOf"]) as Schema[] | undefined;
  if (branches !== undefined) return fc.oneof(...branches.map((branch) => build(branch, root)));
  if (Array.isArray(schema["type"])) {
    return fc.oneof(...(schema["type"] as string[]).map((type) => build({ ...schema, type } as Schema, root)));
  }
  switch (schema["type"]) {
    case "object":
      return buildObject(schema, root);
    case "array":
      return buildArray(schema, root);
    case "string":
      return buildString(schema);
    case "integer":
      return fc.integer({
        min: number(schema, "minimum", -5),
        max: Math.min(number(schema, "maximum", 99), 2_000_000),
      });
    case "number":
      return fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 1 }).map(plain);
  }
}

/** A recursive definition takes those of its branches that end; a definition of any JSON has none. */
function buildDefinition(reference: string, root: Schema): fc.Arbitrary<JsonValue> {
  const definition = root.$defs?.[reference.replace("#/$defs/", "")];
  const branches = (definition?.["anyOf"] ?? []) as Schema[];
  const ending = branches.filter((branch) => !JSON.stringify(branch).includes(reference));
  if (definition === undefined || ending.length === 0 || ending.length === branches.length) {
    return fc.jsonValue({ maxDepth: 1 }).map(plain);
  }
  return fc.oneof(...ending.map((branch) => build(branch, root)));
}

function buildObject(schema: Schema, root: Schema): fc.Arbitrary<JsonValue> {
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  const shape = Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, build(child, root)]));
  const required = (schema["required"] ?? []) as string[];
  const fixed = fc.record(shape, { requiredKeys: required }) as fc.Arbitrary<Record<string, JsonValue>>;
  const extra = schema["additionalProperties"];
  if (typeof extra !== "object" || extra === null) return fixed;
  const keys = schema["propertyNames"] === undefined ? fc.string() : build(schema["propertyNames"] as Schema, root);
  const more = fc.dictionary(keys as fc.Arbitrary<string>, build(extra as Schema, root), {
    maxKeys: 3,
    noNullPrototype: true,
  });
  return fc.tuple(fixed, more).map(([a, b]) => ({ ...b, ...a }));
}

function buildArray(schema: Schema, root: Schema): fc.Arbitrary<JsonValue> {
  if (schema["prefixItems"] !== undefined) {
    return fc.tuple(...(schema["prefixItems"] as Schema[]).map((item) => build(item, root)));
  }
  const minLength = number(schema, "minItems", 0);
  const maxLength = Math.min(number(schema, "maxItems", 3), Math.max(3, minLength));
  return fc.array(build((schema["items"] ?? {}) as Schema, root), { minLength, maxLength });
}

function buildString(schema: Schema): fc.Arbitrary<string> {
  if (schema["format"] === "base64") return fc.base64String();
  const pattern = schema["pattern"];
  if (typeof pattern === "string" && !pattern.includes("(?!")) {
    return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= number(schema, "maxLength", 1000));
  }
  if (typeof pattern === "string") return fc.constantFrom("a", "a/b.json", "artifacts/00ff");
  return fc.string({
    unit: "binary",
    minLength: number(schema, "minLength", 0),
    maxLength: Math.min(number(schema, "maxLength", 20), 20),
  });
}

/** Changes one place of a value in several ways: other types, missing, extra, out of range, too long. */
export function* mutationsOf(value: JsonValue, which: number, how: number): Generator<JsonValue> {
  const paths = [...pathsOf(value, [])];
  const path = paths[which % paths.length] ?? [];
  const others: JsonValue[] = [
    null,
    -1,
    0.5,
    1e300,
    "",
    "x",
    "😀".repeat(600),
    [],
    {},
    true,
    "__proto__",
    9007199254740992,
  ];
  yield replaceAt(value, path, others[how % others.length] ?? null);
  yield replaceAt(value, path, undefined);
  yield addTo(value, path, how % 2 === 0 ? "__proto__" : "extra");
}

function* pathsOf(value: JsonValue, path: (string | number)[]): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* pathsOf(child as JsonValue, [...path, key]);
}

function replaceAt(value: JsonValue, path: readonly (string | number)[], to: JsonValue | undefined): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return to ?? null;
  if (Array.isArray(value)) {
    return value.flatMap((child: JsonValue, index) => {
      if (String(index) !== String(step)) return [child];
      return rest.length === 0 && to === undefined ? [] : [replaceAt(child, rest, to)];
    });
  }
  const entries = Object.entries(value as JsonObject).flatMap(([key, child]) => {
    if (key !== step) return [[key, child] as const];
    return rest.length === 0 && to === undefined ? [] : [[key, replaceAt(child, rest, to)] as const];
  });
  return Object.fromEntries(entries);
}

function addTo(value: JsonValue, path: readonly (string | number)[], key: string): JsonValue {
  const copy = JSON.parse(JSON.stringify(value)) as JsonValue;
  let at: JsonValue = copy;
  for (const step of path) at = (at as Record<string, JsonValue>)[step] as JsonValue;
  if (typeof at === "object" && at !== null && !Array.isArray(at)) {
    Object.defineProperty(at, key, { value: 1, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

/** JSON.stringify drops the sign of zero, which canonical JSON refuses. */
function plain(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

function number(schema: Schema, key: string, otherwise: number): number {
  const value = schema[key];
  return typeof value === "number" ? value : otherwise;
}
