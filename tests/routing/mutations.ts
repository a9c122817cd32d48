/**
 * Every single change of a JSON value: each number and text by a little, each truth value, null, list and object.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "@canonic/contracts";

export interface Mutation {
  /** Where, as a JSON Pointer, and what was done. */
  readonly what: string;
  readonly value: JsonValue;
}

export function mutationsOf(value: JsonValue, pointer = ""): Mutation[] {
  const done = (what: string, mutated: JsonValue): Mutation => ({ what: `${pointer} ${what}`, value: mutated });
  if (value === null) return [done("is 0", 0)];
  if (typeof value === "boolean") return [done("is the other", !value)];
  if (typeof value === "number") return [done("is one more", value + 1), done("is one less", value - 1)];
  if (typeof value === "string")
    return [done("has another end", otherEnd(value)), done("is empty or one", shorter(value))];
  if (isList(value)) {
    return [
      done("has one more", [...value, value[0] ?? null]),
      ...(value.length === 0 ? [] : [done("has one less", value.slice(0, -1))]),
      ...(value.length > 1 && different(value[0], value.at(-1)) ? [done("is turned", value.toReversed())] : []),
      ...value.flatMap((part, index) =>
        mutationsOf(part, `${pointer}/${index}`).map(({ what, value: other }) => ({
          what,
          value: value.with(index, other),
        })),
      ),
    ];
  }
  const fields = value as JsonObject;
  return [
    done("has one more", { ...fields, "one-more": 1 }),
    ...Object.entries(fields).flatMap(([name, part]) => {
      const { [name]: _gone, ...rest } = fields;
      return [
        done(`has no ${name}`, rest),
        ...mutationsOf(part, `${pointer}/${name}`).map(({ what, value: other }) => ({
          what,
          value: { ...fields, [name]: other },
        })),
      ];
    }),
  ];
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function different(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

/** Still a digest or a word where it was one. */
function otherEnd(text: string): string {
  const end = text.at(-1) === "0" ? "1" : "0";
  return `${text.slice(0, -1)}${end}`;
}

function shorter(text: string): string {
  return text === "" ? "a" : "";
}
