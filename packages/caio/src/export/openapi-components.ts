/**
 * Definitions of schemas as components of one OpenAPI document.
 *
 * Many readers of OpenAPI follow references to components alone, so each definition is one. It keeps its name where it is free or means the
 * same already; otherwise all of its schema's definitions have a number behind their names.
 *
 * @module
 */
import {
  byCodeUnit,
  canonicalJson,
  type JsonObject,
  type JsonValue,
  nameOfStep,
  type ServiceContract,
} from "@canonic/contracts";
import { objectOf } from "../import/names.ts";
import { rooted } from "./rooted.ts";

type Schema = ServiceContract["input"];

export class Components {
  readonly #schemas = new Map<string, string>();

  /** The schema as it stands in the document; its definitions are components from now on. */
  take(schema: Schema): Schema {
    if (schema === null || !JSON.stringify(schema).includes('"$ref":"#')) return schema;
    for (let number = 0; ; number += 1) {
      const { used, components } = movedTo(schema as JsonObject, number);
      const texts = components.map(([name, value]) => [name, canonicalJson(value)] as const);
      const isFree = texts.every(([name, text]) => (this.#schemas.get(name) ?? text) === text);
      if (!isFree) continue;
      for (const [name, text] of texts) this.#schemas.set(name, text);
      return used as Schema;
    }
  }

  /** All components, by name. */
  finish(): JsonObject {
    const sorted = [...this.#schemas].sort(([a], [b]) => byCodeUnit(a, b));
    return Object.fromEntries(sorted.map(([name, text]) => [name, JSON.parse(text) as JsonValue]));
  }
}

type Moved = { readonly used: JsonValue; readonly components: readonly (readonly [name: string, schema: JsonValue])[] };

function movedTo(schema: JsonObject, number: number): Moved {
  const { $defs, ...rest } = schema;
  const suffix = number === 0 ? "" : `-${number}`;
  const names = new Map<string, string>();
  for (const key of Object.keys(objectOf($defs) ?? {})) {
    const word = key.replace(/[^A-Za-z0-9._-]+/g, "-") || "schema";
    const isTaken = [...names.values()].includes(`${word}${suffix}`);
    names.set(key, isTaken ? `${word}-${names.size}${suffix}` : `${word}${suffix}`);
  }
  const whole = `whole${suffix}`;
  let isWholeUsed = false;
  const move = (pointer: string): string => {
    const [, first, key = "", ...more] = pointer.split("/");
    const name = first === "$defs" ? names.get(nameOfStep(key)) : undefined;
    if (name !== undefined) return ["/components/schemas", name, ...more].join("/");
    isWholeUsed = true;
    return `/components/schemas/${whole}${pointer}`;
  };
  const used = rooted(rest, move);
  const components = Object.entries(objectOf($defs) ?? {}).map(
    ([key, value]) => [names.get(key) ?? key, rooted(value as JsonValue, move)] as const,
  );
  return { used, components: isWholeUsed ? [...components, [whole, used] as const] : components };
}
