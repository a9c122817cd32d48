/**
 * What invariants see of an input and an output: types from their JSON Schemas, and values that keep within them.
 *
 * Invariants:
 *   Y1. A value that is seen keeps the bounds that its type was checked with: a longer text or list, a null, and what is of another
 *       type are not there, and reading them makes the invariant unknown.
 *   Y2. Where the schema says nothing (`any`), only texts of at most 1,024 units, numbers and truth values are seen.
 *
 * @module
 */
import { type CelInput, celList, celMap } from "@bufbuild/cel";
import type { JsonObject, JsonValue } from "@canonic/contracts";
import { ANY, BOOL, INT, intOf, listOf, mapTo, type RuleField, type RuleType, textOf, wordOf } from "../rules/types.ts";

/** Bounds of what the schema does not bound: elements of a list, UTF-16 units of a text, units of what is of any type. */
export const LIST_MAX = 1024;
export const TEXT_MAX = 65_536;
export const ANY_TEXT_MAX = 1024;
const DEPTH_MAX = 32;

/** The type of a schema's values; whatever it does not say simply (`anyOf`, `$ref`, `if`) is of any type. */
export function typeOfSchema(schema: JsonValue | null | undefined, name: string, depth = 0): RuleType {
  if (!isObject(schema) || depth > DEPTH_MAX) return ANY;
  const words = Array.isArray(schema["enum"]) ? schema["enum"] : "const" in schema ? [schema["const"]] : null;
  if (words?.length && words.every((word) => typeof word === "string")) return wordOf(words);
  switch (soleType(schema["type"])) {
    case "boolean":
      return BOOL;
    case "integer":
      return typeof schema["minimum"] === "number" && Number.isSafeInteger(schema["minimum"])
        ? intOf(schema["minimum"])
        : INT;
    case "string":
      return textOf(Math.min(TEXT_MAX, 2 * (countAt(schema, "maxLength") ?? TEXT_MAX)));
    case "array":
      return listOf(
        typeOfSchema(schema["items"], name, depth + 1),
        Math.min(LIST_MAX, countAt(schema, "maxItems") ?? LIST_MAX),
      );
    case "object":
      return objectType(schema, name, depth);
    default:
      return ANY;
  }
}

function objectType(schema: JsonObject, name: string, depth: number): RuleType {
  const { properties, required, additionalProperties } = schema;
  if (!isObject(properties)) return mapTo(typeOfSchema(additionalProperties, name, depth + 1));
  const needed = new Set(Array.isArray(required) ? required : []);
  const fields = Object.entries(properties).map(([key, value]): [string, RuleField] => [
    key,
    { type: typeOfSchema(value, `${name}.${key}`, depth + 1), isOptional: !needed.has(key) },
  ]);
  return { kind: "record", name, isNullable: false, fields: Object.fromEntries(fields) };
}

/** The value as the type lets it be seen; undefined where it does not. */
export function seenValue(value: JsonValue, type: RuleType): CelInput | undefined {
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "int":
      return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
    case "string":
      return typeof value === "string" && value.length <= type.length ? value : undefined;
    case "list":
      return Array.isArray(value) ? seenList(value, type.of ?? ANY, type.count) : undefined;
    case "map":
      return isObject(value) ? seenMap(value, () => type.of) : undefined;
    case "record":
      return isObject(value)
        ? seenMap(value, (key) => (Object.hasOwn(type.fields, key) ? type.fields[key]?.type : undefined))
        : undefined;
    default:
      return seenScalar(value);
  }
}

/** Whole numbers are CEL ints, others doubles. */
function seenScalar(value: JsonValue): CelInput | undefined {
  if (typeof value === "string") return value.length <= ANY_TEXT_MAX ? value : undefined;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  return typeof value === "boolean" ? value : undefined;
}

/** All or nothing: what holds of all elements must not hold because one was left out. */
function seenList(values: readonly JsonValue[], of: RuleType, countMax: number): CelInput | undefined {
  if (values.length > countMax) return undefined;
  const seen = values.map((value) => seenValue(value, of));
  return seen.includes(undefined) ? undefined : celList(seen as CelInput[]);
}

function seenMap(value: JsonObject, typeOf: (key: string) => RuleType | undefined): CelInput {
  const seen = Object.entries(value).flatMap(([key, field]): [string, CelInput][] => {
    const type = typeOf(key);
    const shown = type === undefined ? undefined : seenValue(field, type);
    return shown === undefined ? [] : [[key, shown]];
  });
  return celMap(new Map(seen));
}

/** A type beside which only null stands: a null is not seen. */
function soleType(type: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(type)) return type;
  const others = type.filter((one) => one !== "null");
  return others.length === 1 ? others[0] : undefined;
}

function countAt(schema: JsonObject, key: string): number | undefined {
  const count = schema[key];
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

function isObject(value: JsonValue | null | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
