/**
 * Reads a large document by its schema part by part, so that a wrong one costs no more than its first fault.
 *
 * A schema library tells every fault of what it is given, and a fault takes far more room than what it is about: a list of a million
 * zeros where services should stand would fill gigabytes.
 *
 * Invariants:
 *   P1. What comes back is what the whole schema gives for the whole value, but for the number of items of a list.
 *   P2. The schema library never gets more than {@link PART_VALUES_MAX} values at once, free JSON apart.
 *
 * @module
 */
import type { JsonValue } from "@canonic/contracts";
import type { z } from "zod";

/** Values and keys of an item of a list, and of all that is in no list. */
export const PART_VALUES_MAX = 50_000;

/** A list of the document by its path, and the schema of its items. */
export type PartList = { readonly path: readonly string[]; readonly item: z.ZodType };

export type ReadParts<Value> =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "fault"; readonly at: string }
  | { readonly kind: "too-large"; readonly at: string };

/** `free` are the names of fields that hold any JSON, which is no more than one fault. */
export function readInParts<Type extends z.ZodType>(
  schema: Type,
  value: unknown,
  lists: readonly PartList[],
  free: ReadonlySet<string>,
): ReadParts<z.infer<Type>> {
  const taken: { readonly path: readonly string[]; readonly items: readonly unknown[] }[] = [];
  let rest = value;
  for (const { path, item } of lists) {
    const items = at(value, path);
    if (!Array.isArray(items)) continue;
    const read: unknown[] = [];
    for (const [index, one] of items.entries()) {
      const place = `${path.join("/")}/${index}`;
      if (!isWithin(one, free)) return { kind: "too-large", at: place };
      const parsed = item.safeParse(one);
      if (!parsed.success) return { kind: "fault", at: [place, ...firstPath(parsed.error)].join("/") };
      read.push(parsed.data);
    }
    taken.push({ path, items: read });
    rest = withAt(rest, path, []);
  }
  if (!isWithin(rest, free)) return { kind: "too-large", at: "" };
  const parsed = schema.safeParse(rest);
  if (!parsed.success) return { kind: "fault", at: firstPath(parsed.error).join("/") };
  const whole = taken.reduce<unknown>((made, { path, items }) => withAt(made, path, items), parsed.data);
  return { kind: "value", value: whole as z.infer<Type> };
}

function firstPath({ issues }: z.ZodError): string[] {
  return (issues[0]?.path ?? []).map(String);
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined),
    value,
  );
}

/** A copy with another value at a path that is there. */
function withAt(value: unknown, [name, ...path]: readonly string[], put: unknown): unknown {
  return name === undefined
    ? put
    : { ...(value as object), [name]: withAt((value as JsonObjectLike)[name], path, put) };
}

type JsonObjectLike = { readonly [key: string]: unknown };

function isObject(value: unknown): value is JsonObjectLike {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a part has no more values and keys than the schema library gets at once. */
function isWithin(part: unknown, free: ReadonlySet<string>): boolean {
  let left = PART_VALUES_MAX;
  const waiting: JsonValue[] = [part as JsonValue];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    left -= 1;
    if (left < 0) return false;
    if (Array.isArray(next)) {
      if (next.length > left) return false;
      for (const item of next as readonly JsonValue[]) waiting.push(item);
    } else if (isObject(next)) {
      const names = Object.keys(next);
      left -= names.length;
      for (const name of names) if (!free.has(name)) waiting.push(next[name] as JsonValue);
    }
  }
  return true;
}
