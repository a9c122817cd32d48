/**
 * JSON Schema 2020-12, checked with ajv.
 *
 * Invariants:
 *   V1. Strict: a schema with a keyword that ajv does not know is refused when it is compiled, not ignored.
 *   V2. Only own properties count: `required: ["toString"]` does not accept `{}`.
 *   V3. All faults are reported, with pointer and expectation, while that takes no more steps than the value's size allows;
 *       then the first. The value itself is not repeated.
 *   V4. Keywords for which ajv answers published cases wrongly are refused; `docs/json-schema-support.md` lists them.
 *   V5. No schema stalls whoever checks with it: what must be exponential is refused when compiled, and a check that takes
 *       more steps than its value allows ends with a fault (`schema/step-meter.ts`).
 *
 * @see JSON Schema, draft 2020-12.
 * @module
 */
import type { Ajv2020, AnySchema, AnySchemaObject, ValidateFunction } from "ajv/dist/2020.js";
import { canonicalJson, type JsonObject, type JsonValue } from "./canonical-json.ts";
import { ContractsError } from "./errors.ts";
import { boundedAjv, meterSchemas } from "./schema/bounded-ajv.ts";
import { refuseUnbounded } from "./schema/schema-bounds.ts";
import { schemaGraphOf } from "./schema/schema-graph.ts";
import { refusePatterns, refuseUnreliable } from "./schema/schema-refusals.ts";
import { StepMeter, StepsSpent } from "./schema/step-meter.ts";
import { cutText } from "./text.ts";

/** One fault: where (RFC 6901 pointer into the value) and what the schema expected there. */
export type SchemaIssue = { readonly pointer: string; readonly expected: string };

/** All faults of a value under one schema; empty when it is valid. */
export type SchemaCheck = (value: JsonValue) => readonly SchemaIssue[];

/**
 * Compiles a schema.
 *
 * @throws {ContractsError} `contracts.bad-schema` when it is no valid strict 2020-12 schema, or one that could stall a check.
 */
export function compileSchema(schema: JsonObject | boolean): SchemaCheck {
  const text = canonicalJson(schema);
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const metered = meteredText(text);
  const check = checkOf(compileAlone(thorough, metered), () => compileAlone(brief, metered));
  if (compiled.size >= COMPILED_MAX) compiled.clear();
  compiled.set(text, check);
  return check;
}

/** Compiled checks by the schema's canonical text: a memo, for a schema means the same wherever it is compiled. */
const compiled = new Map<string, SchemaCheck>();
const COMPILED_MAX = 256;

const meter = new StepMeter();
type Compiler = { ajv: Ajv2020 | undefined; readonly allErrors: boolean };
const thorough: Compiler = { ajv: undefined, allErrors: true };
/** Stops at the first fault: for values with so many that finding all would cost too much. */
const brief: Compiler = { ajv: undefined, allErrors: false };

/** The schema with the steps of each of its schemas written into it; refused where it cannot be bounded. */
function meteredText(text: string): string {
  const document = JSON.parse(text) as JsonValue;
  refuseUnreliable(document);
  const nodes = schemaGraphOf(document);
  refusePatterns(nodes);
  refuseUnbounded(nodes);
  meterSchemas(nodes);
  return JSON.stringify(document);
}

function checkOf(findAll: ValidateFunction, compileBrief: () => ValidateFunction): SchemaCheck {
  let findFirst: ValidateFunction | undefined;
  return (value) => {
    const all = faultsOf(findAll, value);
    if (all !== undefined) return all;
    try {
      findFirst ??= compileBrief();
    } catch {
      return [TOO_COSTLY];
    }
    return faultsOf(findFirst, value) ?? [TOO_COSTLY];
  };
}

/** Fails closed: what was not looked at to its end is not valid. */
const TOO_COSTLY: SchemaIssue = { pointer: "", expected: "must be checked in fewer steps than its size allows" };

/** @returns `undefined` when the steps were spent, or the stack on a value that is nested deeper than JSON may be here. */
function faultsOf(validate: ValidateFunction, value: JsonValue): readonly SchemaIssue[] | undefined {
  meter.begin(value);
  try {
    if (validate(value)) return [];
  } catch (error) {
    if (error instanceof StepsSpent || error instanceof RangeError) return undefined;
    throw error;
  }
  return (validate.errors ?? []).map((error) => ({
    pointer: error.instancePath,
    expected: `${error.message ?? error.keyword}${detail(error.params)}`,
  }));
}

/** Making an ajv costs more than compiling with one: one is kept, and forgets each schema, so that none sees another. */
function compileAlone(compiler: Compiler, text: string): ValidateFunction {
  compiler.ajv ??= boundedAjv(meter, compiler.allErrors);
  meter.begin(text);
  const copy = JSON.parse(text) as AnySchema;
  try {
    return compiler.ajv.compile(copy);
  } catch (cause) {
    if (cause instanceof RangeError) compiler.ajv = undefined;
    const reason = reasonOf(cause);
    throw new ContractsError("contracts.bad-schema", `not a strict JSON Schema 2020-12 document: ${reason}`, {
      reason,
    });
  } finally {
    if (typeof copy === "object") forget(compiler, copy);
  }
}

/** What ajv found; the end of the stack is no finding of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof RangeError) return "it is nested too deep to be compiled";
  return cause instanceof Error ? cause.message.slice(0, 300) : "unknown";
}

/** An ajv that cannot forget (an `$id` that is no reference) is not used again. */
function forget(compiler: Compiler, schema: AnySchemaObject): void {
  try {
    compiler.ajv?.removeSchema(schema);
  } catch {
    compiler.ajv = undefined;
  }
}

/** Names the property that ajv complains of: without it "must NOT have additional properties" helps nobody. */
function detail(params: Record<string, unknown>): string {
  const name = params["additionalProperty"] ?? params["propertyName"];
  return typeof name === "string" ? `: \`${cutText(name, 80)}\`` : "";
}
