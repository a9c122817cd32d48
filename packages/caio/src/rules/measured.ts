/**
 * Types as narrow as the values that are there, so that the steps of an evaluation are bounded by what it meets.
 *
 * Invariants:
 *   N1. A narrowed type holds the value that it was narrowed by, and every part of it; what is not there has no length.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "@canonic/contracts";
import type { RuleField, RuleType } from "./types.ts";

/** The declared type with the lengths and counts of the value; undefined stands for what is not there. */
export function narrowed(type: RuleType, value: JsonValue | undefined): RuleType {
  switch (type.kind) {
    case "string":
      return { ...type, length: typeof value === "string" ? value.length : 0 };
    case "list": {
      const items = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
      return { kind: "list", count: items.length, of: type.of === null ? null : widestOf(type.of, items) };
    }
    case "record": {
      const fields = Object.entries(type.fields).map(([name, field]): [string, RuleField] => [
        name,
        { ...field, type: narrowed(field.type, fieldOf(value, name)) },
      ]);
      return { ...type, fields: Object.fromEntries(fields) };
    }
    default:
      return type;
  }
}

/** Of the elements of a list only texts are narrowed: records in lists are small. */
function widestOf(type: RuleType, items: readonly JsonValue[]): RuleType {
  if (type.kind !== "string") return type;
  const length = items.reduce<number>((most, item) => Math.max(most, typeof item === "string" ? item.length : 0), 0);
  return { ...type, length };
}

function fieldOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
    return undefined;
  return (value as JsonObject)[name];
}
