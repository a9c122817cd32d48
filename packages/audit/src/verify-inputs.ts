/**
 * What each task of a plan was given, assembled again and held against the contract of its operation.
 *
 * @module
 */
import { compileSchema, type JsonValue, type SchemaCheck, type Task } from "@canonic/contracts";
import type { Findings } from "./findings.ts";
import type { Planned } from "./verify-plan.ts";

const ISSUES_MAX = 5;

/**
 * Parameters, inputs and bindings have no name in common, and together they are valid under `contract.input`. A task with
 * bindings is checked when their values are known.
 */
export function verifyInputs(planned: Planned, findings: Findings): void {
  const checks = new InputChecks(planned, findings);
  for (const task of planned.plan.tasks) {
    for (const name of Object.keys(task.inputs)) {
      if (Object.hasOwn(task.parameters, name))
        findings.invalid("input-collision", task.id, `input \`${name}\` of \`${task.id}\` is also a parameter`);
    }
    for (const name of Object.keys(task.bindings)) {
      if (Object.hasOwn(task.parameters, name) || Object.hasOwn(task.inputs, name))
        findings.invalid(
          "input-collision",
          task.id,
          `binding \`${name}\` of \`${task.id}\` is also a parameter or input`,
        );
    }
    if (Object.keys(task.bindings).length === 0) checks.check(task, {});
  }
}

/** Checks inputs under contracts, each compiled once. */
export class InputChecks {
  readonly #planned: Pick<Planned, "contracts" | "artifacts">;
  readonly #findings: Findings;
  readonly #checks = new Map<string, SchemaCheck | null>();

  constructor(planned: Pick<Planned, "contracts" | "artifacts">, findings: Findings) {
    this.#planned = planned;
    this.#findings = findings;
  }

  /** @param bound - The values of the task's bindings by name. */
  check(task: Task, bound: Readonly<Record<string, JsonValue>>): void {
    const input: Record<string, JsonValue> = { ...task.parameters, ...bound };
    for (const [name, digest] of Object.entries(task.inputs)) {
      const value = this.#planned.artifacts.get(digest);
      // What is not there is reported with the artifacts.
      if (value === undefined) return;
      input[name] = value;
    }
    const contract = this.#planned.contracts.get(task.contract);
    if (contract === undefined) return;
    let check = this.#checks.get(task.contract);
    if (check === undefined) {
      check = compiled(contract.input);
      this.#checks.set(task.contract, check);
      if (check === null)
        this.#findings.invalid(
          "contract-malformed",
          task.id,
          "the input schema of the task's contract is no valid schema",
        );
    }
    for (const { pointer, expected } of check?.(input).slice(0, ISSUES_MAX) ?? [])
      this.#findings.invalid("input-invalid", task.id, `\`${pointer}\` of the input ${expected}, says its contract`);
  }
}

function compiled(schema: Parameters<typeof compileSchema>[0]): SchemaCheck | null {
  try {
    return compileSchema(schema);
  } catch {
    return null;
  }
}
