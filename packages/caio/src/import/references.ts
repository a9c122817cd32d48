/**
 * References inside one document, followed within it and within bounds.
 *
 * @see RFC 6901; OpenAPI 3.1, Reference Object; JSON Schema 2020-12, 8.2.3.
 * @module
 */
import { type JsonObject, type JsonValue, nameOfStep, pointerStep } from "@canonic/contracts";
import { objectOf } from "./names.ts";
import { SCHEMA_MAPS, SCHEMA_VALUES } from "./schema-keywords.ts";

/** References to references, at most. */
const HOPS_MAX = 16;
/** Schemas that one schema brings along, at most. */
const DEFINITIONS_MAX = 500;
const DEPTH_MAX = 64;

/** What a reference failed at; `code` as in reasons of quarantine, without the package. */
export type ReferenceFault = {
  readonly code: "reference-remote" | "reference-missing" | "schema-unbounded";
  readonly reference: string;
};

/** Annotations of OpenAPI's own that no checker of JSON Schema knows. */
const ANNOTATIONS = new Set(["discriminator", "example", "externalDocs", "xml"]);
/** The references of one document, and which of its places were used. */
export class LocalReferences {
  readonly #document: JsonObject;
  /** Paths of keys, each once, in the order of their use. */
  readonly used = new Map<string, readonly string[]>();

  constructor(document: JsonObject) {
    this.#document = document;
  }

  /** An object of the document, behind any references to it; null where no object stands. */
  followed(value: JsonValue | undefined): JsonObject | ReferenceFault | null {
    let current = objectOf(value);
    for (let hops = 0; hops <= HOPS_MAX; hops += 1) {
      const reference = current?.["$ref"];
      if (typeof reference !== "string") return current;
      const target = this.target(reference);
      if (isReferenceFault(target)) return target;
      current = objectOf(target);
    }
    return fault("schema-unbounded", "");
  }

  /** What stands under a reference. */
  target(reference: string): JsonValue | ReferenceFault {
    if (!reference.startsWith("#")) return fault("reference-remote", reference);
    if (!reference.startsWith("#/")) return fault("reference-missing", reference);
    const steps = reference.split("/").slice(1).map(unescaped);
    let value: JsonValue | undefined = this.#document;
    for (const step of steps) {
      if (step === null || typeof value !== "object" || value === null || !Object.hasOwn(value, step))
        return fault("reference-missing", reference);
      value = (value as JsonObject)[step];
    }
    this.used.set(reference, steps as string[]);
    return value ?? null;
  }
}

const faults = new WeakSet<object>();

/** Tells a fault, by identity, from an object of a document that looks like one. */
export function isReferenceFault(value: unknown): value is ReferenceFault {
  return faults.has(value as object);
}

function fault(code: ReferenceFault["code"], reference: string): ReferenceFault {
  const made = { code, reference: reference.slice(0, 256) };
  faults.add(made);
  return made;
}

function unescaped(step: string): string | null {
  try {
    return nameOfStep(decodeURIComponent(step));
  } catch {
    return null;
  }
}

/**
 * A schema of the document that stands alone: what it refers to is in its `$defs`, once, however often or recursively it is used.
 * Several schemas may be closed into one, whose `$defs` are then those of all.
 */
export class SchemaCloser {
  readonly #references: LocalReferences;
  readonly #pending: { readonly name: string; readonly target: JsonValue }[] = [];
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #definitions: Record<string, JsonValue> = {};
  #fault: ReferenceFault | null = null;

  constructor(references: LocalReferences) {
    this.#references = references;
  }

  /** The schema with references into the document made references into `$defs`. */
  close(schema: JsonValue | undefined): JsonObject {
    const closed = this.#copy(schema ?? {}, 0);
    return objectOf(closed) ?? (closed === false ? { not: {} } : {});
  }

  /** What the closed schemas refer to, or what could not be followed. */
  finish(): { readonly $defs?: JsonObject } | ReferenceFault {
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift())
      this.#definitions[next.name] = this.#copy(next.target, 0);
    if (this.#fault !== null) return this.#fault;
    return this.#names.size === 0 ? {} : { $defs: this.#definitions };
  }

  #copy(value: JsonValue, depth: number): JsonValue {
    if (depth > DEPTH_MAX) return this.#fail(fault("schema-unbounded", ""));
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, depth + 1));
    const schema = objectOf(value);
    if (schema === null) return value;
    const copy: Record<string, JsonValue> = {};
    for (const [key, child] of Object.entries(schema)) {
      if (ANNOTATIONS.has(key) || key.startsWith("x-")) continue;
      if (key === "$ref" && typeof child === "string") copy[key] = `#/$defs/${pointerStep(this.#define(child))}`;
      else if (SCHEMA_VALUES.has(key)) copy[key] = child as JsonValue;
      else if (SCHEMA_MAPS.has(key)) copy[key] = this.#copyMap(child as JsonValue, depth + 1);
      else copy[key] = this.#copy(child as JsonValue, depth + 1);
    }
    return copy;
  }

  #copyMap(value: JsonValue, depth: number): JsonValue {
    const entries = Object.entries(objectOf(value) ?? {});
    return Object.fromEntries(entries.map(([key, child]) => [key, this.#copy(child as JsonValue, depth + 1)]));
  }

  #define(reference: string): string {
    const known = this.#names.get(reference);
    if (known !== undefined) return known;
    const target = this.#references.target(reference);
    if (isReferenceFault(target)) {
      this.#fail(target);
      return "";
    }
    const last = reference.slice(reference.lastIndexOf("/") + 1).replace(/[^A-Za-z0-9._-]/g, "-");
    const name = this.#taken.has(last) || last === "" ? `${last}-${this.#names.size}` : last;
    this.#names.set(reference, name);
    this.#taken.add(name);
    if (this.#names.size > DEFINITIONS_MAX) this.#fail(fault("schema-unbounded", reference));
    else this.#pending.push({ name, target });
    return name;
  }

  #fail(made: ReferenceFault): JsonValue {
    this.#fault ??= made;
    return {};
  }
}
