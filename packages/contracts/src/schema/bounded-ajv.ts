/**
 * An ajv whose work is metered, whose patterns are linear, and whose `uniqueItems` compares keys and not pairs.
 *
 * @module
 */
import { _, Ajv2020, type KeywordCxt, Name, str } from "ajv/dist/2020.js";
import type { JsonObject, JsonValue } from "../canonical-json.ts";
import { linearPattern } from "./linear-pattern.ts";
import type { SchemaNode } from "./schema-graph.ts";
import { ownSteps, type StepMeter } from "./step-meter.ts";
import { firstDuplicate } from "./unique-items.ts";

/** Put into each schema before it is compiled; a schema that comes with it is refused. */
export const STEP_KEYWORD = "canonicSteps";

/**
 * What ajv reports takes memory, which steps pay for: errors so far, 256 to a step, for each schema that is begun; and where
 * one keyword can report for each key or item, all of them at once.
 */
const ERRORS_SHIFT = 8;
const REPORTED_EACH = 32;
const KEY_EACH = 2;
/** References to schemas of so many keywords are compiled in place, larger ones once. */
const INLINE_KEYWORDS = 8;

export function boundedAjv(meter: StepMeter, allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    ownProperties: true,
    allErrors,
    validateFormats: false,
    inlineRefs: INLINE_KEYWORDS,
    // ajv would ask with a RegExp of its own; `refuseMatching` asks.
    allowMatchingProperties: true,
    // What is compiled is seldom used often enough to make good for being optimised, which takes a quarter of the time.
    code: { optimize: false, regExp: Object.assign(regExpOf(meter), { code: "linearPattern" }) },
  });
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    error: {
      message: ({ params: { i, j } }) => str`must NOT have duplicate items (items ## ${i} and ${j} are identical)`,
      params: ({ params: { i, j } }) => _`{i: ${i}, j: ${j}}`,
    },
    code: uniqueItemsCode(meter),
  });
  ajv.addKeyword({ keyword: STEP_KEYWORD, code: stepCode(meter, allErrors) });
  putFirst(ajv, STEP_KEYWORD);
  return ajv;
}

/** A schema's first keyword that fails may end it: steps are taken before there is one, strings and numbers included. */
function putFirst({ RULES: { rules } }: Ajv2020, keyword: string): void {
  for (const group of rules) {
    const at = group.rules.findIndex((rule) => rule.keyword === keyword);
    if (at === -1) continue;
    rules.unshift({ rules: group.rules.splice(at, 1) });
    return;
  }
}

function regExpOf(meter: StepMeter) {
  const spend = (steps: number) => meter.take(steps);
  return (source: string) => {
    const test = linearPattern(source, spend);
    // ajv tells patterns apart by this text.
    return { test, toString: () => `/${source}/u` };
  };
}

function uniqueItemsCode(meter: StepMeter) {
  return (cxt: KeywordCxt): void => {
    const { gen, data, schema } = cxt;
    if (schema !== true) return;
    const find = gen.scopeValue("func", {
      ref: (items: readonly JsonValue[]) => {
        meter.takeWhole(items);
        return firstDuplicate(items);
      },
    });
    const found = gen.const("found", _`${find}(${data})`);
    cxt.setParams({ i: _`${found}[0]`, j: _`${found}[1]` });
    cxt.fail(_`${found} !== undefined`);
  };
}

/** Emits the calls that a schema's evaluation begins with; only what its keywords make necessary. */
function stepCode(meter: StepMeter, allErrors: boolean) {
  return ({ gen, data, schema, parentSchema }: KeywordCxt): void => {
    const counter = gen.scopeValue("obj", { ref: meter });
    const has = (...keywords: readonly string[]) => keywords.some((one) => parentSchema[one] !== undefined);
    gen.code(_`${counter}.take(${schema as number} + (${errors} >> ${ERRORS_SHIFT}))`);
    if (has("minLength", "maxLength")) gen.code(_`${counter}.takeCharacters(${data})`);
    if (has("contains")) gen.code(_`${counter}.takeItems(${data}, ${REPORTED_EACH})`);
    if (!has("additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties")) return;
    const isReportedEach = allErrors && has("additionalProperties");
    // Each pattern goes over all keys.
    const patterns = Object.keys(parentSchema["patternProperties"] ?? {}).length;
    gen.code(_`${counter}.takeKeys(${data}, ${(isReportedEach ? REPORTED_EACH : KEY_EACH) + patterns})`);
  };
}
/** The number of errors so far, in every function that ajv makes. */
const errors = new Name("errors");

/** Keywords that assert nothing: a schema of these alone holds for all values and is left as it is. */
const SILENT = new Set(
  "$schema $id $anchor $comment $defs definitions $vocabulary title description default examples deprecated readOnly writeOnly format contentEncoding contentMediaType contentSchema".split(
    " ",
  ),
);

/** Writes each schema's steps into it. */
export function meterSchemas(nodes: readonly SchemaNode[]): void {
  for (const { schema } of nodes) {
    if (Object.keys(schema).every((key) => SILENT.has(key))) continue;
    (schema as Record<string, JsonValue>)[STEP_KEYWORD] = ownSteps(schema as JsonObject);
  }
}
