/**
 * JSON Schema 2020-12, checked with ajv.
 *
 * Invariants:
 *   V1. Strict: a schema with a keyword that ajv does not know is refused when it is compiled, not ignored.
 *   V2. Only own properties count: `required: ["toString"]` does not accept `{}`.
 *   V3. All faults are reported, with pointer and expectation; the value itself is not repeated.
 *   V4. Keywords for which ajv answers published cases wrongly are refused; `docs/json-schema-support.md` lists them.
 *
 * @see JSON Schema, draft 2020-12.
 * @module
 */
import { Ajv2020, type AnySchema, type AnySchemaObject, type ValidateFunction } from "ajv/dist/2020.js";
import { canonicalJson, type JsonObject, type JsonValue } from "./canonical-json.ts";
import { ContractsError } from "./errors.ts";
import { cutText } from "./text.ts";

/** One fault: where (RFC 6901 pointer into the value) and what the schema expected there. */
export type SchemaIssue = { readonly pointer: string; readonly expected: string };

/** All faults of a value under one schema; empty when it is valid. */
export type SchemaCheck = (value: JsonValue) => readonly SchemaIssue[];

/**
 * Compiles a schema.
 *
 * @throws {ContractsError} `contracts.bad-schema` when it is no valid strict 2020-12 schema.
 */
export function compileSchema(schema: JsonObject | boolean): SchemaCheck {
  const text = canonicalJson(schema);
  const known = compiled.get(text);
  if (known !== undefined) return known;
  refuseUnreliable(schema);
  const check = checkOf(compileAlone(text));
  if (compiled.size >= COMPILED_MAX) compiled.clear();
  compiled.set(text, check);
  return check;
}

/** Compiled checks by the schema's canonical text: a memo, for a schema means the same wherever it is compiled. */
const compiled = new Map<string, SchemaCheck>();
const COMPILED_MAX = 256;

function checkOf(validate: ValidateFunction): SchemaCheck {
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => ({
      pointer: error.instancePath,
      expected: `${error.message ?? error.keyword}${detail(error.params)}`,
    }));
  };
}

let compiler: Ajv2020 | undefined;

/** Making an ajv costs more than compiling with one: one is kept, and forgets each schema, so that none sees another. */
function compileAlone(text: string): ValidateFunction {
  compiler ??= new Ajv2020({ strict: true, ownProperties: true, allErrors: true, validateFormats: false });
  const copy = JSON.parse(text) as AnySchema;
  try {
    return compiler.compile(copy);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 300) : "unknown";
    throw new ContractsError("contracts.bad-schema", `not a strict JSON Schema 2020-12 document: ${reason}`, {
      reason,
    });
  } finally {
    if (typeof copy === "object") forget(copy);
  }
}

/** An ajv that cannot forget (an `$id` that is no reference) is not used again. */
function forget(schema: AnySchemaObject): void {
  try {
    compiler?.removeSchema(schema);
  } catch {
    compiler = undefined;
  }
}

const UNRELIABLE = ["$dynamicRef", "$dynamicAnchor", "unevaluatedItems", "unevaluatedProperties"];

function refuseUnreliable(schema: JsonValue): void {
  if (typeof schema !== "object" || schema === null) return;
  for (const [key, child] of Object.entries(schema)) {
    if (UNRELIABLE.includes(key)) {
      const reason = `\`${key}\` is not supported`;
      throw new ContractsError("contracts.bad-schema", `not a JSON Schema that can be checked here: ${reason}`, {
        reason,
      });
    }
    refuseUnreliable(child as JsonValue);
  }
}

/** Names the property that ajv complains of: without it "must NOT have additional properties" helps nobody. */
function detail(params: Record<string, unknown>): string {
  const name = params["additionalProperty"] ?? params["propertyName"];
  return typeof name === "string" ? `: \`${cutText(name, 80)}\`` : "";
}
