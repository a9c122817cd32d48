/**
 * Arguments against a contract: everything that is wrong with them, at once.
 *
 * Invariants:
 *   A1. All faults are reported; an argument without a fault is not mentioned.
 *   A2. A fault names the argument by RFC 6901 pointer and never repeats its value.
 *
 * @module
 */
import {
  byCodeUnit,
  compileSchema,
  type JsonObject,
  type OperationContract,
  pointerStep,
  type SchemaIssue,
} from "@canonic/contracts";

/** `missing` and `unexpected` point at the argument that is (not) there; `invalid` is a fault beyond the type. */
export type ArgumentFault = {
  readonly kind: "missing" | "unexpected" | "wrong-type" | "invalid";
  readonly pointer: string;
  readonly expected: string;
};

/** All faults of an input; empty when it is valid. */
export type ArgumentCheck = (input: JsonObject) => readonly ArgumentFault[];

/** Checks an input against a contract's input schema. To check many, keep {@link argumentCheckOf}. */
export function checkArguments(
  contract: Pick<OperationContract, "input">,
  input: JsonObject,
): readonly ArgumentFault[] {
  return argumentCheckOf(contract)(input);
}

/**
 * Compiles a contract's input schema once.
 *
 * @throws {ContractsError} `contracts.bad-schema` when the schema is none.
 */
export function argumentCheckOf(contract: Pick<OperationContract, "input">): ArgumentCheck {
  const check = compileSchema(contract.input as JsonObject);
  return (input) => {
    const faults = new Map(
      check(input)
        .map((issue) => faultOf(issue))
        .map((fault) => [JSON.stringify(fault), fault]),
    );
    return [...faults.values()].sort(
      (a, b) => byCodeUnit(a.pointer, b.pointer) || byCodeUnit(a.kind, b.kind) || byCodeUnit(a.expected, b.expected),
    );
  };
}

/** The checker says in words which keyword failed; its wording is pinned with its version and tested here. */
const MISSING = /^must have required property '(?<name>.*)'$/su;
const UNEXPECTED = /^must NOT have additional properties: `(?<name>.*)`$/su;
const WRONG_TYPE = /^must be (?:array|boolean|integer|null|number|object|string)(?:,[a-z,]+)?$/u;

/** A longer name may have been cut by the checker; then the fault points at the object that holds it. */
const NAME_LENGTH_SHOWN = 79;

function faultOf({ pointer, expected }: SchemaIssue): ArgumentFault {
  const missing = MISSING.exec(expected)?.groups?.name;
  if (missing !== undefined) return { kind: "missing", pointer: below(pointer, missing), expected };
  const unexpected = UNEXPECTED.exec(expected)?.groups?.name;
  if (unexpected !== undefined) {
    const whole = unexpected.length <= NAME_LENGTH_SHOWN;
    return { kind: "unexpected", pointer: whole ? below(pointer, unexpected) : pointer, expected };
  }
  return { kind: WRONG_TYPE.test(expected) ? "wrong-type" : "invalid", pointer, expected };
}

function below(pointer: string, name: string): string {
  return `${pointer}/${pointerStep(name)}`;
}
