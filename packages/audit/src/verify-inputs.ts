/**
 * What each task of a plan was given, assembled again and held against the contract of its operation.
 *
 * @module
 */
import { compileSchema, type JsonValue, type SchemaCheck } from "@canonic/contracts";
import type { Findings } from "./findings.ts";
import type { Planned } from "./verify-plan.ts";

const ISSUES_MAX = 5;

/** Parameters and inputs have no name in common, and together they are valid under `contract.input`. */
export function verifyInputs({ plan, contracts, artifacts }: Planned, findings: Findings): void {
  const checks = new Map<string, SchemaCheck | null>();
  for (const task of plan.tasks) {
    const input: Record<string, JsonValue> = { ...task.parameters };
    let isWhole = true;
    for (const [name, digest] of Object.entries(task.inputs)) {
      if (Object.hasOwn(task.parameters, name))
        findings.invalid("input-collision", task.id, `input \`${name}\` of \`${task.id}\` is also a parameter`);
      const value = artifacts.get(digest);
      // What is not there is reported with the artifacts.
      if (value === undefined) isWhole = false;
      else input[name] = value;
    }
    const contract = contracts.get(task.contract);
    if (!isWhole || contract === undefined) continue;
    let check = checks.get(task.contract);
    if (check === undefined) {
      check = compiled(contract.input);
      checks.set(task.contract, check);
      if (check === null)
        findings.invalid("contract-malformed", task.id, "the input schema of the task's contract is no valid schema");
    }
    for (const { pointer, expected } of check?.(input).slice(0, ISSUES_MAX) ?? [])
      findings.invalid("input-invalid", task.id, `\`${pointer}\` of the input ${expected}, says its contract`);
  }
}

function compiled(schema: Parameters<typeof compileSchema>[0]): SchemaCheck | null {
  try {
    return compileSchema(schema);
  } catch {
    return null;
  }
}
