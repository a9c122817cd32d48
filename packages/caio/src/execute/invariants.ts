/**
 * Invariants of a contract: CEL over `input` and `output`, with the checks, bounds and engine of rules.
 *
 * Invariants:
 *   I1. What cannot be said (an absent field, an overflow, no boolean) is unknown, and the caller counts it as violated.
 *   I2. Nothing is thrown by an evaluation, and none takes more steps than rules may.
 *
 * @see docs/routing-rules.md for what can be called.
 * @module
 */
import type { CelInput } from "@bufbuild/cel";
import type { JsonValue, ServiceContract } from "@canonic/contracts";
import { CaioError, type CaioErrorDetails } from "../errors.ts";
import { checkExpression } from "../rules/check.ts";
import { parseExpression } from "../rules/expression.ts";
import { openPrograms } from "../rules/program.ts";
import { FALSE, TRUE, UNKNOWN } from "../rules/truth.ts";
import { ANY } from "../rules/types.ts";
import { seenValue, typeOfSchema } from "./result-type.ts";

type Fault = CaioErrorDetails["caio.invariant-invalid"]["faults"][number];

/** How one invariant holds of an input and an output. */
export interface InvariantResult {
  readonly id: string;
  readonly expression: string;
  readonly holds: "true" | "false" | "unknown";
}

export type CompiledInvariants = (input: JsonValue, output: JsonValue) => readonly InvariantResult[];

/**
 * Parses and checks all invariants of a contract.
 *
 * @throws {CaioError} `caio.invariant-invalid` with every fault: invariant, line, column, and what was expected there.
 */
export function compileInvariants(
  contract: Pick<ServiceContract, "service" | "input" | "output" | "invariants">,
): CompiledInvariants {
  const scope = new Map([
    ["input", typeOfSchema(contract.input, "input")],
    ["output", typeOfSchema(contract.output, "output")],
  ]);
  const programOf = openPrograms<"input" | "output">();
  const faults: Fault[] = [];
  const compiled = contract.invariants.flatMap(({ id, expression: text }) => {
    const expression = parseExpression(text);
    const found = "tree" in expression ? checkExpression(expression, scope) : [expression];
    faults.push(...found.map(({ line, column, expected }) => ({ invariant: id, line, column, expected })));
    return "tree" in expression && found.length === 0
      ? [{ id, expression: text, program: programOf(expression.tree) }]
      : [];
  });
  refuse(contract.service, faults);
  return (input, output) => {
    const variables = { input: seen("input", input), output: seen("output", output) };
    return compiled.map(({ id, expression, program }) => {
      const truth = isSeen(variables) ? program(variables) : UNKNOWN;
      return { id, expression, holds: truth === TRUE ? "true" : truth === FALSE ? "false" : "unknown" };
    });
  };

  function seen(name: "input" | "output", value: JsonValue): CelInput | undefined {
    return seenValue(value, scope.get(name) ?? ANY);
  }
}

function isSeen(variables: {
  readonly input: CelInput | undefined;
  readonly output: CelInput | undefined;
}): variables is { readonly input: CelInput; readonly output: CelInput } {
  return variables.input !== undefined && variables.output !== undefined;
}

function refuse(service: string, faults: readonly Fault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const more = faults.length === 1 ? "" : `, and ${faults.length - 1} more`;
  throw new CaioError(
    "caio.invariant-invalid",
    `invariant \`${first.invariant}\` of \`${service}\`, line ${first.line}, column ${first.column}, is not ${first.expected}${more}`,
    { service, faults },
  );
}
