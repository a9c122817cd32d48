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
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { JsonObject, JsonValue } from "./canonical-json.ts";
import { ContractsError } from "./errors.ts";

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
  refuseUnreliable(schema);
  try {
    const validate = compileAlone(schema);
    return (value) => {
      if (validate(value)) return [];
      return (validate.errors ?? []).map((error) => ({
        pointer: error.instancePath,
        expected: `${error.message ?? error.keyword}${detail(error.params)}`,
      }));
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 300) : "unknown";
    throw new ContractsError("contracts.bad-schema", `not a strict JSON Schema 2020-12 document: ${reason}`, {
      reason,
    });
  }
}

let compiler: Ajv2020 | undefined;

/** Making an ajv costs more than compiling with one: one is kept, and forgets each schema, so that none sees another. */
function compileAlone(schema: JsonObject | boolean): ValidateFunction {
  compiler ??= new Ajv2020({ strict: true, ownProperties: true, allErrors: true, validateFormats: false });
  if (typeof schema === "boolean") return compiler.compile(schema);
  const copy = JSON.parse(JSON.stringify(schema)) as AnySchemaObject;
  try {
    return compiler.compile(copy);
  } finally {
    compiler.removeSchema(copy);
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
  return typeof name === "string" ? `: \`${name.slice(0, 80)}\`` : "";
}
