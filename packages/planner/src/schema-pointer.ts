/**
 * Whether a JSON Pointer can find anything in a value, decided from the value's schema alone.
 *
 * Invariants:
 *   S1. Sound: where some value that satisfies the schema has something at the pointer, the answer is yes. What a keyword
 *       leaves open is yes; only what no value can have is no.
 *
 * @see RFC 6901; JSON Schema, draft 2020-12.
 * @module
 */
import {
  type JsonObject,
  type JsonValue,
  linearPattern,
  nameOfStep,
  pointerStep,
  valueAtPointer,
} from "@canonic/contracts";

/** False when no value of the schema has anything at the pointer. */
export function isPointerPossible(schema: JsonValue, pointer: string): boolean {
  return isPossible(schema, pointer, { root: schema, left: STEPS_MAX });
}

/** The names of all properties that a schema declares, at any depth, with the pointer of each declaration. */
export function declaredProperties(schema: JsonValue, at = ""): { readonly name: string; readonly place: string }[] {
  if (!isObject(schema)) return [];
  const found: { name: string; place: string }[] = [];
  for (const [keyword, child] of Object.entries(schema)) {
    const place = `${at}/${pointerStep(keyword)}`;
    if (MAPS_OF_SCHEMAS.includes(keyword) && isObject(child)) {
      for (const [name, below] of Object.entries(child)) {
        const own = `${place}/${pointerStep(name)}`;
        if (keyword === "properties" && below !== false) found.push({ name, place: own });
        found.push(...declaredProperties(below, own));
      }
    } else if (SCHEMAS.includes(keyword)) found.push(...declaredProperties(child, place));
    else if (LISTS_OF_SCHEMAS.includes(keyword) && Array.isArray(child)) {
      child.forEach((below: JsonValue, index) => {
        found.push(...declaredProperties(below, `${place}/${index}`));
      });
    }
  }
  return found;
}

const MAPS_OF_SCHEMAS = ["properties", "patternProperties", "$defs", "dependentSchemas"];
const SCHEMAS = ["additionalProperties", "items", "contains", "if", "then", "else"];
const LISTS_OF_SCHEMAS = ["allOf", "anyOf", "oneOf", "prefixItems"];

/** A schema may refer to itself: after so many steps, nothing is decided any more. */
const STEPS_MAX = 2000;
type Place = { readonly root: JsonValue; left: number };

function isPossible(schema: JsonValue, pointer: string, place: Place): boolean {
  if (schema === false) return false;
  place.left -= 1;
  if (!isObject(schema) || place.left <= 0) return true;
  const holds = (one: JsonValue) => isPossible(one, pointer, place);
  const { $ref: reference, allOf, anyOf, oneOf, enum: values } = schema;
  if (Object.hasOwn(schema, "const") && valueAtPointer(schema["const"] as JsonValue, pointer) === undefined)
    return false;
  if (Array.isArray(values) && !values.some((value) => valueAtPointer(value, pointer) !== undefined)) return false;
  if (typeof reference === "string" && !holds(referenced(reference, place.root))) return false;
  if (Array.isArray(allOf) && !allOf.every(holds)) return false;
  if (Array.isArray(anyOf) && !anyOf.some(holds)) return false;
  if (Array.isArray(oneOf) && !oneOf.some(holds)) return false;
  if (pointer === "") return true;
  const [step, rest] = firstStep(pointer);
  const types = schema["type"] === undefined ? ["object", "array"] : [schema["type"]].flat();
  return types.some((type) => {
    if (type === "object") return propertySchemas(schema, step).every((one) => isPossible(one, rest, place));
    return type === "array" && itemSchemas(schema, step).every((one) => isPossible(one, rest, place));
  });
}

/** All schemas that the value of a property must satisfy. */
function propertySchemas(schema: JsonObject, name: string): JsonValue[] {
  const { properties, patternProperties, additionalProperties } = schema;
  const own = isObject(properties) && Object.hasOwn(properties, name) ? [properties[name] as JsonValue] : [];
  const patterns = isObject(patternProperties) ? Object.entries(patternProperties) : [];
  const matching = patterns.filter(([pattern]) => linearPattern(pattern)(name)).map(([, one]) => one);
  const stated = [...own, ...matching];
  return stated.length === 0 && additionalProperties !== undefined ? [additionalProperties] : stated;
}

/** The same for an array's item; `-` and what is no index name none. */
function itemSchemas(schema: JsonObject, step: string): JsonValue[] {
  if (!/^(0|[1-9][0-9]*)$/.test(step)) return [false];
  const { prefixItems, items, maxItems } = schema;
  const index = Number(step);
  if (typeof maxItems === "number" && index >= maxItems) return [false];
  if (Array.isArray(prefixItems) && index < prefixItems.length) return [prefixItems[index] as JsonValue];
  return items === undefined ? [] : [items];
}

/** What stands at a reference into the same document; what cannot be followed leaves everything open. */
function referenced(reference: string, root: JsonValue): JsonValue {
  if (!reference.startsWith("#") || (reference.length > 1 && !reference.startsWith("#/"))) return true;
  try {
    return valueAtPointer(root, decodeURIComponent(reference.slice(1))) ?? true;
  } catch {
    return true;
  }
}

function firstStep(pointer: string): [step: string, rest: string] {
  const end = pointer.indexOf("/", 1);
  const [step, rest] = end === -1 ? [pointer.slice(1), ""] : [pointer.slice(1, end), pointer.slice(end)];
  return [nameOfStep(step), rest];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
