/**
 * The input of a call: a private copy that the contract's schema accepts.
 *
 * @module
 */
import {
  assertJson,
  compileSchema,
  frozenJson,
  isContractsError,
  type JsonValue,
  type ServiceContract,
} from "@canonic/contracts";
import { CaioError } from "../errors.ts";

const ISSUES_MAX = 100;

/** @throws {CaioError} `caio.input-invalid` when it is no JSON, or not what the input schema says. */
export function checkInput({ service, input: schema }: ServiceContract, given: JsonValue): JsonValue {
  const issues = notJson(given) ?? (schema === null ? [] : compileSchema(schema)(given));
  if (issues.length === 0) return frozenJson(given);
  const [first] = issues;
  throw new CaioError(
    "caio.input-invalid",
    `the input of \`${service}\` at \`${first?.pointer ?? ""}\` ${first?.expected ?? ""}`,
    { service, issues: issues.slice(0, ISSUES_MAX) },
  );
}

function notJson(given: unknown) {
  try {
    assertJson(given);
    return undefined;
  } catch (error) {
    if (!isContractsError(error)) throw error;
    return [{ pointer: "", expected: "must be JSON that has a canonical form" }];
  }
}
