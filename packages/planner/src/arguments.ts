/**
 * Arguments against contracts, before a plan is frozen: what an operation will receive is checked as it will receive it.
 *
 * Invariants:
 *   A1. Without bindings, the whole input is checked under the whole schema.
 *   A2. With bindings, what is there is checked, and a required name that is bound counts as given. What only the whole
 *       input can decide (a choice of schemas, a least number of properties) is left to the run, which checks it all.
 *   A3. Where a contract calls the input personal, the plan holds no parameters, and every input is a salted payload: what is
 *       checked, and what the operation will receive, is the value inside.
 *
 * @module
 */
import {
  compileSchema,
  type Digest,
  isPersonal,
  type JsonObject,
  type JsonValue,
  type OperationContract,
  openSalted,
  type SchemaIssue,
} from "@canonic/contracts";
import { assertNoFaults, type Fault } from "./errors.ts";
import { placeOf, type TaskDraft } from "./freeze.ts";
import { type Target, targetOf } from "./routes.ts";

/** Every input resolved, no name given twice, and what the operation will receive valid under its contract. */
export function assertArguments(
  drafts: readonly TaskDraft[],
  targets: ReadonlyMap<string, Target>,
  artifacts: ReadonlyMap<Digest, JsonValue>,
): void {
  const whole = new Map(
    [...targets.values()].map(({ contract }) => [contract, compileSchema(contract.input as JsonObject)]),
  );
  const absent: Fault[] = [];
  const faults: Fault[] = [];
  drafts.forEach((draft, position) => {
    const parameters = draft.parameters ?? {};
    const { contract } = targetOf(draft.payloadType, targets);
    const isSalted = isPersonal(contract, "input");
    if (isSalted && Object.keys(parameters).length > 0) {
      const place = `${placeOf(draft, position)}/parameters`;
      faults.push({
        place,
        message: `\`${place}\` stand in the plan, and the input of \`${contract.operation}\` is personal`,
      });
    }
    const inputs = Object.entries(draft.inputs ?? {}).map(([name, digest]) => {
      const place = `${placeOf(draft, position)}/inputs/${name}`;
      const value = artifacts.get(digest);
      if (value === undefined) absent.push({ place, message: `\`${place}\` names no artifact` });
      if (Object.hasOwn(parameters, name)) faults.push({ place, message: `\`${place}\` is also a parameter` });
      if (!isSalted) return [name, value ?? null] as const;
      const envelope = openSalted(value);
      if (envelope === undefined && value !== undefined)
        faults.push({ place, message: `\`${place}\` is personal, and no salted payload` });
      return [name, envelope?.value ?? null] as const;
    });
    for (const [name, digest] of Object.entries(draft.route ?? {})) {
      const place = `${placeOf(draft, position)}/route/${name}`;
      if (!artifacts.has(digest as Digest)) absent.push({ place, message: `\`${place}\` names no artifact` });
    }
    if (absent.length > 0) return;
    const input = inputs.length === 0 ? parameters : { ...parameters, ...Object.fromEntries(inputs) };
    const bound = Object.keys(draft.bindings ?? {});
    const issues = bound.length === 0 ? whole.get(contract)?.(input) : checkArguments(contract, input, bound);
    for (const { pointer, expected } of issues ?? []) {
      const place = `${placeOf(draft, position)}${pointer}`;
      faults.push({ place, message: `\`${place}\` ${expected}` });
    }
  });
  assertNoFaults("planner.artifacts-invalid", "an input is not there", absent);
  assertNoFaults("planner.arguments-invalid", "the arguments of a task do not satisfy its contract", faults);
}

/**
 * The faults of what an operation will receive, as far as it is known before a run.
 *
 * @param bound - The names whose values come from earlier tasks.
 */
export function checkArguments(
  contract: OperationContract,
  input: JsonObject,
  bound: readonly string[] = [],
): readonly SchemaIssue[] {
  const schema = contract.input as JsonObject;
  return compileSchema(bound.length === 0 ? schema : relaxed(schema, bound))(input);
}

/** Keywords that speak of the input as a whole: without all of it they say nothing yet. */
const OF_THE_WHOLE = [
  "$ref",
  "anyOf",
  "const",
  "dependentRequired",
  "dependentSchemas",
  "else",
  "enum",
  "if",
  "minProperties",
  "not",
  "oneOf",
  "then",
];

/** The schema of an input of which some names come later. */
function relaxed(schema: JsonObject, bound: readonly string[]): JsonObject {
  const kept = Object.entries(schema).flatMap(([keyword, value]): [string, JsonValue][] => {
    if (OF_THE_WHOLE.includes(keyword)) return [];
    if (keyword === "required" && Array.isArray(value)) {
      return [[keyword, value.filter((name) => !bound.includes(String(name)))]];
    }
    if (keyword === "allOf" && Array.isArray(value)) {
      return [[keyword, value.map((one) => (isObject(one) ? relaxed(one, bound) : one))]];
    }
    return [[keyword, value]];
  });
  return Object.fromEntries(kept);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
