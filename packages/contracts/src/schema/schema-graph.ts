/**
 * A schema document as a graph: its schemas, which of them look at the same value, and which look at a part of it.
 *
 * Invariants:
 *   S1. Every place of the document that the keywords of draft 2020-12 make a schema is a node, and nothing else is.
 *   S2. Every `$ref` leads to a node or to `true` or `false`, or the document is refused.
 *
 * @see JSON Schema, draft 2020-12, sections 8 to 10.
 * @module
 */

import type { JsonObject, JsonValue } from "../canonical-json.ts";
import { nameOfStep, pointerStep } from "../json-pointer.ts";
import { refuseAt } from "./refuse-at.ts";

/** To a part of the value: to a named property, an item by its index, or to all that are left. */
export type PartEdge = {
  readonly by: "property" | "pattern" | "additional" | "prefix" | "items" | "contains";
  /** The property's name or the item's index; empty where it is none. */
  readonly name: string;
  readonly to: number;
};

export type SchemaNode = {
  /** RFC 6901, into the document. */
  readonly pointer: string;
  readonly schema: JsonObject;
  /** Nodes that look at the same value. */
  readonly here: number[];
  readonly parts: PartEdge[];
};

/** A few hundred milliseconds for ajv. */
export const SCHEMAS_MAX = 2000;

const LISTS_HERE = ["allOf", "anyOf", "oneOf"];
const ONES_HERE = ["not", "if", "then", "else"];
const MAPS_HERE = ["dependentSchemas", "dependencies"];
const PARTS = [
  ["additionalProperties", "additional"],
  ["items", "items"],
  ["contains", "contains"],
] as const;
/** Known to ajv without being in the document. */
const META_SCHEMAS = "https://json-schema.org/draft/2020-12/";
const NO_BASE = "canonic-schema:///";

/**
 * @param document - Parsed JSON, a tree: no object occurs twice.
 * @throws {ContractsError} `contracts.bad-schema` with the pointer of a reference that leads nowhere or of one schema too many.
 */
export function schemaGraphOf(document: JsonValue): readonly SchemaNode[] {
  const graph = new Graph();
  graph.collect(document, "", NO_BASE);
  graph.connect();
  return graph.nodes;
}

class Graph {
  readonly nodes: SchemaNode[] = [];
  readonly #bases: string[] = [];
  readonly #byObject = new Map<JsonValue, number>();
  /** By absolute URI, without fragment for a resource, with it for an anchor. */
  readonly #byUri = new Map<string, JsonObject>();

  /** The node of a schema, with all below it; none for `true` and `false`. */
  collect(schema: JsonValue | undefined, pointer: string, outerBase: string): number | undefined {
    if (!isObject(schema)) return undefined;
    if (this.nodes.length >= SCHEMAS_MAX) refuseAt(pointer, `is one schema more than ${SCHEMAS_MAX}`);
    const id = schema["$id"];
    const base = typeof id === "string" ? (resolved(id, outerBase) ?? outerBase) : outerBase;
    if (pointer === "" || base !== outerBase) this.#byUri.set(withoutFragment(base), schema);
    if (typeof schema["$anchor"] === "string") this.#byUri.set(`${withoutFragment(base)}#${schema["$anchor"]}`, schema);
    const node: SchemaNode = { pointer, schema, here: [], parts: [] };
    const at = this.nodes.push(node) - 1;
    this.#bases.push(base);
    this.#byObject.set(schema, at);
    this.#collectHere(node, base);
    this.#collectParts(node, base);
    return at;
  }

  /** Follows every reference; only when all nodes are known can one be. */
  connect(): void {
    for (const [at, node] of this.nodes.entries()) {
      const reference = node.schema["$ref"];
      if (typeof reference !== "string") continue;
      const to = this.#target(reference, this.#bases[at] as string, node.pointer);
      if (to !== undefined) node.here.push(to);
    }
  }

  #collectHere(node: SchemaNode, base: string): void {
    const { schema, pointer, here } = node;
    const add = (child: JsonValue | undefined, path: string) => {
      const at = this.collect(child, `${pointer}/${path}`, base);
      if (at !== undefined) here.push(at);
    };
    for (const key of LISTS_HERE) for (const [step, child] of entriesOf(schema[key])) add(child, `${key}/${step}`);
    for (const key of ONES_HERE) add(schema[key], key);
    for (const key of MAPS_HERE)
      for (const [name, child] of entriesOf(schema[key]))
        if (!Array.isArray(child)) add(child, `${key}/${pointerStep(name)}`);
  }

  #collectParts(node: SchemaNode, base: string): void {
    const { schema, pointer, parts } = node;
    const add = (child: JsonValue | undefined, path: string, by: PartEdge["by"], name: string) => {
      const to = this.collect(child, `${pointer}/${path}`, base);
      if (to !== undefined) parts.push({ by, name, to });
    };
    for (const [name, child] of entriesOf(schema["properties"]))
      add(child, `properties/${pointerStep(name)}`, "property", name);
    for (const [name, child] of entriesOf(schema["patternProperties"]))
      add(child, `patternProperties/${pointerStep(name)}`, "pattern", name);
    for (const [index, child] of entriesOf(schema["prefixItems"])) add(child, `prefixItems/${index}`, "prefix", index);
    for (const [key, by] of PARTS) add(schema[key], key, by, "");
    // A name has no parts, and what is only defined looks at nothing until something refers to it.
    this.collect(schema["propertyNames"], `${pointer}/propertyNames`, base);
    for (const key of ["$defs", "definitions"])
      for (const [name, child] of entriesOf(schema[key]))
        this.collect(child, `${pointer}/${key}/${pointerStep(name)}`, base);
  }

  #target(reference: string, base: string, pointer: string): number | undefined {
    const uri = resolved(reference, base) ?? refuseAt(`${pointer}/$ref`, "is no reference");
    const resource = withoutFragment(uri);
    const fragment = uri.slice(resource.length + 1);
    if (!this.#byUri.has(resource) && uri.startsWith(META_SCHEMAS)) return undefined;
    const found =
      fragment === "" || fragment.startsWith("/")
        ? partAt(this.#byUri.get(resource), fragment)
        : this.#byUri.get(`${resource}#${fragment}`);
    if (typeof found === "boolean") return undefined;
    const at = found === undefined ? undefined : this.#byObject.get(found);
    return at ?? refuseAt(`${pointer}/$ref`, "leads to no schema of this document");
  }
}

function partAt(from: JsonValue | undefined, fragment: string): JsonValue | undefined {
  let found = from;
  for (const step of fragment.split("/").slice(1)) {
    const name = nameOfStep(decoded(step));
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as JsonObject)[name];
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function resolved(reference: string, base: string): string | undefined {
  try {
    return new URL(reference, base).href;
  } catch {
    return undefined;
  }
}

function withoutFragment(uri: string): string {
  const end = uri.indexOf("#");
  return end === -1 ? uri : uri.slice(0, end);
}

function entriesOf(value: JsonValue | undefined): [string, JsonValue][] {
  return typeof value === "object" && value !== null ? Object.entries(value as JsonObject) : [];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
