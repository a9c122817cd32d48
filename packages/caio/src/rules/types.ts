/**
 * The closed set of types that rules are checked against, each with the most that a value of it can hold.
 *
 * Invariants:
 *   T1. Every text, list and literal has a bound; what has none (a map) cannot be walked.
 *   T2. `any` is the one type that is only known when a rule is evaluated: a {@link Scalar} of a contract or a request.
 *
 * @see Common Expression Language, language definition, "Values" and "Gradual type checking".
 * @module
 */

/** `values` is the closed list of a text; `min` and `max` bound a number; `length` counts UTF-16 units, `count` elements. */
export type RuleType =
  | { readonly kind: "any" }
  | { readonly kind: "bool" }
  | { readonly kind: "null" }
  | { readonly kind: "int"; readonly min: number | null; readonly max: number | null }
  | { readonly kind: "string"; readonly length: number; readonly values: readonly string[] | null }
  | { readonly kind: "list"; readonly count: number; readonly of: RuleType | null }
  | { readonly kind: "map"; readonly of: RuleType }
  | {
      readonly kind: "record";
      readonly name: string;
      readonly isNullable: boolean;
      readonly fields: Readonly<Record<string, RuleField>>;
    };

/** `isOptional` where a value need not state it: then it is absent, never null. */
export interface RuleField {
  readonly type: RuleType;
  readonly isOptional: boolean;
}

export const ANY: RuleType = { kind: "any" };
export const BOOL: RuleType = { kind: "bool" };
export const NULL: RuleType = { kind: "null" };
export const INT: RuleType = { kind: "int", min: null, max: null };

export function intOf(min: number, max: number | null = null): RuleType {
  return { kind: "int", min, max };
}

export function textOf(length: number): RuleType {
  return { kind: "string", length, values: null };
}

export function wordOf(values: readonly string[]): RuleType {
  return { kind: "string", length: Math.max(...values.map((value) => value.length)), values };
}

export function listOf(of: RuleType | null, count: number): RuleType {
  return { kind: "list", count, of };
}

export function mapTo(of: RuleType): RuleType {
  return { kind: "map", of };
}

/** Fields whose name ends in `?` are optional. */
export function recordOf(name: string, fields: Readonly<Record<string, RuleType>>, isNullable = false): RuleType {
  const read = Object.entries(fields).map(([key, type]): [string, RuleField] => [
    key.replace("?", ""),
    { type, isOptional: key.endsWith("?") },
  ]);
  return { kind: "record", name, isNullable, fields: Object.fromEntries(read) };
}

/** As messages name it. */
export function nameOf(type: RuleType): string {
  switch (type.kind) {
    case "list":
      return type.of === null ? "list" : `list of ${nameOf(type.of)}`;
    case "map":
      return `map to ${nameOf(type.of)}`;
    case "record":
      return type.name;
    default:
      return type.kind;
  }
}

/** True where a value of the one can stand where the other is expected; `any` is decided in evaluation. */
export function fits(actual: RuleType, expected: RuleType): boolean {
  if (actual.kind === "any" || expected.kind === "any") return true;
  if (actual.kind === "list" && expected.kind === "list")
    return actual.of === null || expected.of === null || fits(actual.of, expected.of);
  if (actual.kind === "map" && expected.kind === "map") return fits(actual.of, expected.of);
  if (actual.kind === "record" && expected.kind === "record") return actual.name === expected.name;
  return actual.kind === expected.kind;
}

/** The type that holds values of both, with the wider bounds; null where there is none. */
export function joined(a: RuleType, b: RuleType): RuleType | null {
  if (!fits(a, b)) return null;
  if (a.kind === "any" || b.kind === "any") return ANY;
  if (a.kind === "string" && b.kind === "string") return textOf(Math.max(a.length, b.length));
  if (a.kind === "int") return INT;
  if (a.kind === "list" && b.kind === "list") {
    const of = a.of === null ? b.of : b.of === null ? a.of : joined(a.of, b.of);
    return listOf(of, Math.max(a.count, b.count));
  }
  return a;
}
