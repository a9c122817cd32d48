/**
 * What each task of a plan was given, assembled again and held against the contract of its operation.
 *
 * @module
 */
import { compileSchema, isPersonal, type JsonValue, openSalted, type SchemaCheck, type Task } from "@canonic/contracts";
import type { Findings } from "./findings.ts";
import type { Planned } from "./verify-plan.ts";

const ISSUES_MAX = 5;

/**
 * Parameters, inputs and bindings have no name in common, and together they are valid under `contract.input`. A task with
 * bindings is checked when their values are known. Where the contract calls the input personal, there are no parameters and
 * every input is a salted payload.
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
    verifySalted(planned, task, findings);
    if (Object.keys(task.bindings).length === 0) checks.check(task, {});
  }
}

/** A plan is never redacted: what it holds itself cannot be erased, and what it names plainly can be guessed. */
function verifySalted({ contracts, artifacts }: Planned, task: Task, findings: Findings): void {
  if (!isPersonal(contracts.get(task.contract), "input")) return;
  if (Object.keys(task.parameters).length > 0)
    findings.invalid(
      "salt-missing",
      task.id,
      "the input is personal, says its contract, and the plan holds parameters",
    );
  for (const [name, digest] of Object.entries(task.inputs)) {
    const value = artifacts.get(digest);
    if (value !== undefined && openSalted(value) === undefined)
      findings.invalid("salt-missing", task.id, `input \`${name}\` is personal, and no salted payload`);
  }
}

/** What an operation receives of an artifact; undefined where that is not there, or has no envelope though it is personal. */
export function inputValueOf(
  { contracts, artifacts }: Pick<Planned, "contracts" | "artifacts">,
  task: Task,
  name: string,
): JsonValue | undefined {
  const digest = task.inputs[name];
  const value = digest === undefined ? undefined : artifacts.get(digest);
  return isPersonal(contracts.get(task.contract), "input") ? openSalted(value)?.value : value;
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
    for (const name of Object.keys(task.inputs)) {
      const value = inputValueOf(this.#planned, task, name);
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
