/**
 * What in a schema is refused because nothing here answers it right, or not in linear time.
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../canonical-json.ts";
import { isContractsError } from "../errors.ts";
import { pointerStep } from "../json-pointer.ts";
import { STEP_KEYWORD } from "./bounded-ajv.ts";
import { linearPattern } from "./linear-pattern.ts";
import { refuseAt } from "./refuse-at.ts";
import type { SchemaNode } from "./schema-graph.ts";

/** Keywords for which ajv answers published cases wrongly, or that draft 2020-12 no longer has and ajv obeys; and our own. */
const UNRELIABLE = [
  "$dynamicRef",
  "$dynamicAnchor",
  "$recursiveRef",
  "$recursiveAnchor",
  "unevaluatedItems",
  "unevaluatedProperties",
  STEP_KEYWORD,
];
/** ajv makes a list of alternatives into blocks within blocks, and the platform's parser has a stack. */
export const BRANCHES_MAX = 250;

/** @throws {ContractsError} `contracts.bad-schema` for such a keyword anywhere, also where it is a property's name. */
export function refuseUnreliable(schema: JsonValue, pointer = ""): void {
  if (typeof schema !== "object" || schema === null) return;
  for (const [key, child] of Object.entries(schema as JsonObject)) {
    if (UNRELIABLE.includes(key)) refuseAt(pointer, `holds \`${key}\`, which is not supported`);
    refuseUnreliable(child, `${pointer}/${pointerStep(key)}`);
  }
}

/** @throws {ContractsError} `contracts.bad-schema` for a pattern that is not linear, or that matches a property named beside it. */
export function refusePatterns(nodes: readonly SchemaNode[]): void {
  for (const { schema, pointer } of nodes) {
    const { pattern, patternProperties, properties } = schema;
    if (typeof pattern === "string") linearOr(pattern, `${pointer}/pattern`);
    for (const key of ["anyOf", "oneOf"]) {
      const branches = schema[key];
      if (Array.isArray(branches) && branches.length > BRANCHES_MAX)
        refuseAt(`${pointer}/${key}`, `has more than ${BRANCHES_MAX} alternatives`);
    }
    if (typeof patternProperties !== "object" || patternProperties === null) continue;
    const names = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
    for (const source of Object.keys(patternProperties)) {
      const test = linearOr(source, `${pointer}/patternProperties`);
      const name = names.find(test);
      if (name !== undefined) refuseAt(`${pointer}/patternProperties`, `matches \`${name}\` of \`properties\``);
    }
  }
}

function linearOr(source: string, pointer: string): (text: string) => boolean {
  try {
    return linearPattern(source);
  } catch (error) {
    if (isContractsError(error)) return refuseAt(pointer, `is not supported: ${error.message}`);
    throw error;
  }
}
