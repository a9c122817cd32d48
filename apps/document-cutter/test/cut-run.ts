/**
 * A cut without the runner: operations of a module, called in the order of a real plan, their pins resolved from their
 * outputs, inputs and outputs checked against the contracts as the runner does it.
 *
 * @module
 */
import {
  compileSchema,
  type Digest,
  digestBytes,
  type JsonObject,
  type JsonValue,
  type Mode,
  type Operation,
  type Plan,
  type RecordedApproval,
  sortSnapshot,
  type Task,
  valueAtPointer,
} from "@canonic/contracts";
import { CONTRACTS, OPERATION_VERSION, phaseNames } from "../src/contracts/contracts.ts";
import type { Compensation } from "../src/phases/before-writing.ts";
import type { Adapter } from "../src/phases/world.ts";
import { CUT_PHASES, planCut } from "../src/plan-cut.ts";
import { planRevert } from "../src/plan-revert.ts";

export const RUN = "run_00000000000000000001";
const DIGEST = digestBytes("an approval") as Digest;

export const APPROVALS: readonly (readonly [before: string, approval: RecordedApproval])[] = [
  ["cut-leg-a", { gate: "SG_1", approval: DIGEST, reviewDecision: null }],
  ["lifecycle-enact", { gate: "SG_2", approval: DIGEST, reviewDecision: "decision 7 of the board" }],
  ["revert-apply", { gate: "SG_R", approval: DIGEST, reviewDecision: null }],
];

/** What a test may put in the place of what a run would bring. */
export type Changes = {
  readonly run?: string;
  readonly fence?: number;
  readonly approval?: RecordedApproval | null;
  readonly input?: JsonObject;
};

/** The registry of the pack alone. */
export function snapshotOf(mode: Mode) {
  return sortSnapshot({
    schema: "canonic/registry-snapshot/v1",
    operations: CONTRACTS.filter((contract) => contract.mode === mode),
    routes: phaseNames(mode).map((phase) => ({
      payloadType: `cutter/${phase}` as Task["payloadType"],
      operation: `cutter.${phase}` as Task["operation"],
      version: OPERATION_VERSION,
    })),
  });
}

export class CutRun {
  readonly plan: Plan;
  readonly outputs: JsonObject[] = [];
  readonly #operations: readonly Operation[];
  readonly #run: string;

  constructor(operations: readonly Operation[], plan: Plan, run = RUN) {
    this.plan = plan;
    this.#operations = operations;
    this.#run = run;
  }

  static ofDocument(
    operations: readonly Operation[],
    document: string,
    bytes: Uint8Array,
    adapter: Adapter,
    run = RUN,
  ): CutRun {
    const mode: Mode = adapter === "simulator" ? "dryrun" : "live";
    const expectedDigest = digestBytes(bytes);
    const { plan } = planCut({ document, expectedDigest, mode, adapter, seed: 0, registry: snapshotOf(mode) });
    return new CutRun(operations, plan, run);
  }

  static ofRevert(operations: readonly Operation[], cut: CutRun, run: string): CutRun {
    const compensation = cut.output("pre-write-backup")["compensation"] as unknown as Compensation;
    return new CutRun(operations, planRevert(compensation, 0, snapshotOf("live")).plan, run);
  }

  /** The input of a phase as the runner would make it now. */
  inputOf(phase: string): JsonObject {
    const task = this.#taskOf(phase);
    const bound = Object.entries(task.bindings).map(([name, { task: from, pointer }]) => {
      return [name, valueAtPointer(this.outputs[from] as JsonValue, pointer)] as const;
    });
    return { ...task.parameters, ...Object.fromEntries(bound) } as JsonObject;
  }

  /** Calls one phase and keeps nothing. */
  async call(phase: string, changes: Changes = {}): Promise<JsonObject> {
    return this.#call(this.#taskOf(phase), phase, changes);
  }

  /** The same effect under another key, as no runner would call it. */
  callAgain(phase: string): Promise<JsonObject> {
    const task = this.#taskOf(phase);
    return this.#call({ ...task, id: `${task.id.slice(0, -1)}x` as Task["id"] }, phase, {});
  }

  async #call(task: Task, phase: string, changes: Changes): Promise<JsonObject> {
    const operation = this.#operations.find(({ contract }) => contract.operation === task.operation) as Operation;
    const input = { ...this.inputOf(phase), ...changes.input };
    const { contract } = operation;
    expectValid("input", contract.input as JsonObject, input);
    const isWrite = contract.effect === "write";
    const run = changes.run ?? this.#run;
    const approval = changes.approval === undefined ? this.#approvalBefore(phase) : changes.approval;
    const output = await operation.run(input, {
      task: task.id,
      signal: new AbortController().signal,
      ...(isWrite ? { idempotencyKey: `${run}/${task.id}`, fence: changes.fence ?? 1 } : {}),
      ...(isWrite && approval !== null ? { approval } : {}),
    });
    expectValid("output", contract.output as JsonObject, output as JsonObject);
    return output as JsonObject;
  }

  /** Runs the phases that are left, up to and with one. */
  async through(last: string = this.plan.tasks.at(-1)?.operation.slice("cutter.".length) as string): Promise<this> {
    while (this.outputs.length <= this.#taskOf(last).position) {
      const task = this.plan.tasks[this.outputs.length] as Task;
      this.outputs.push(await this.call(task.operation.slice("cutter.".length)));
    }
    return this;
  }

  output(phase: string): JsonObject {
    return this.outputs[CUT_PHASES.indexOf(phase)] as JsonObject;
  }

  #taskOf(phase: string): Task {
    const task = this.plan.tasks.find(({ operation }) => operation === `cutter.${phase}`);
    if (task === undefined) throw new Error(`no task for ${phase}`);
    return task;
  }

  #approvalBefore(phase: string): RecordedApproval | null {
    const { position } = this.#taskOf(phase);
    const passed = APPROVALS.filter(([before]) =>
      this.plan.tasks.some((task) => task.operation === `cutter.${before}` && task.position <= position),
    );
    return passed.at(-1)?.[1] ?? null;
  }
}

function expectValid(what: string, schema: JsonObject, value: JsonObject): void {
  const faults = compileSchema(schema)(value);
  if (faults.length > 0) throw new Error(`the ${what} does not satisfy its contract: ${JSON.stringify(faults[0])}`);
}

/** The code that a call stops with. */
export async function stopOf(pending: Promise<unknown>): Promise<string> {
  try {
    await pending;
    return "none";
  } catch (error) {
    return (error as { readonly code?: string }).code ?? `no code: ${String(error)}`;
  }
}
