/** A whole run with everything that it names, as the drafts that a runner would append: the tests bend them. */
import {
  canonicalJson,
  checkCoreContracts,
  contractDigestOf,
  type Digest,
  digestBytes,
  type EventDraft,
  expectedReplay,
  inputDigestOf,
  type JsonValue,
  type OperationContract,
  type OperationId,
  type Payload,
  type PayloadType,
  type Plan,
  planDigestOf,
  type RegistrySnapshot,
  type RunId,
  snapshotDigestOf,
  taskIdOf,
} from "@canonic/contracts";
import type { Journal } from "../src/index.ts";

export interface WholeRun {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly snapshot: RegistrySnapshot;
  readonly payloads: readonly Payload[];
  readonly outputs: readonly string[];
  readonly grant: Digest;
}

const contract: OperationContract = {
  schema: "canonic/operation-contract/v1",
  operation: "text.measure" as OperationId,
  version: "1.0.0",
  description: "Measures a text.",
  input: { type: "object", properties: { text: { type: "string" }, unit: { type: "string" } }, required: ["text"] },
  output: {
    type: "object",
    properties: { length: { type: "integer" }, task: { type: "integer" } },
    required: ["length", "task"],
    additionalProperties: false,
  },
  effect: "pure",
  mode: "live",
  determinism: "deterministic",
  idempotent: true,
  successCriteria: [{ id: "length", statement: "The length is given." }],
  failureModes: [{ code: "text.none", when: "There is no text." }],
  termination: { timeoutMs: 1000, outputBytesMax: 1000, memoryLimitMb: 64, condition: "Returns." },
  verification: { strategy: "recompute", statement: "Measure again." },
  crossDomainDeps: [],
  signals: { required: [], optional: [] },
};

export function payloadOfJson(value: JsonValue): Payload {
  const bytes = Buffer.from(canonicalJson(value), "utf8");
  return { digest: digestBytes(bytes), bytes };
}

/** Two groups: the first half of the tasks, then the rest; `context` are further artifacts of the plan. */
export function wholeRun(tasks = 4, context: readonly Payload[] = []): WholeRun {
  const snapshot: RegistrySnapshot = {
    schema: "canonic/registry-snapshot/v1",
    operations: [contract],
    routes: [{ payloadType: "text" as PayloadType, operation: contract.operation, version: contract.version }],
  };
  const text = payloadOfJson("some text");
  const request = payloadOfJson("request");
  const grant = payloadOfJson({
    schema: "canonic/grant/v1",
    kind: "local-operator",
    subject: "tester",
    scope: [{ domain: "text", methods: ["measure"] }],
    limits: { invocations: 100 },
  });
  const half = Math.ceil(tasks / 2);
  const positions = Array.from({ length: tasks }, (_, position) => position);
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: 1,
    kind: "isolated",
    mode: "live",
    seed: 0,
    request: request.digest,
    registry: snapshotDigestOf(snapshot),
    tasks: positions.map((position) => {
      const task = {
        position,
        payloadType: "text" as PayloadType,
        operation: contract.operation,
        version: contract.version,
        contract: contractDigestOf(contract),
        parameters: { unit: `byte ${position}` },
        inputs: { text: text.digest },
        binding: null,
      };
      return { id: taskIdOf(0, task), ...task };
    }),
    groups: [positions.slice(0, half), positions.slice(half)].filter((group) => group.length > 0),
    artifacts: [text, request, ...context].map(({ digest }) => digest).sort(),
    expect: {
      contracts: ["cardinality", "determinism", "routing"],
      outputs: tasks,
      chunks: null,
      fibre: null,
      replay: 2,
      coverage: null,
    },
  };
  const outputs = positions.map((task) => canonicalJson({ length: 9, task }));
  const payloads = [
    payloadOfJson(plan as JsonValue),
    payloadOfJson(snapshot as JsonValue),
    text,
    request,
    grant,
    ...context,
  ];
  return { plan, planDigest: planDigestOf(plan), snapshot, payloads, outputs, grant: grant.digest };
}

export function taskOf({ plan }: WholeRun, position: number) {
  const task = plan.tasks[position];
  if (task === undefined) throw new Error(`no task ${position}`);
  return task;
}

/** The five events of a task that completes. */
export function taskDrafts(whole: WholeRun, position: number, attempt = 1): EventDraft[] {
  const task = taskOf(whole, position);
  const subject = task.id;
  const { operation, version, contract: contractDigest, payloadType } = task;
  const allow = { decision: "allow" as const, reasons: [] };
  const output = whole.outputs[position] as string;
  return [
    {
      type: "ROUTING_DECISION",
      subject,
      data: { payloadType, operation, version, contract: contractDigest, snapshot: whole.plan.registry, ...allow },
    },
    {
      type: "AUTHORIZATION_SCOPE_CHECK",
      subject,
      data: { domain: "text", method: "measure", grant: whole.grant, ...allow },
    },
    {
      type: "RESOURCE_LIMIT_CHECK",
      subject,
      data: { limit: "invocations", used: position, reserved: 0, max: 100, ...allow },
    },
    {
      type: "EXECUTION_STARTED",
      subject,
      data: { effect: "pure", input: inputDigestOf(task), attempt, idempotencyKey: null },
    },
    {
      type: "EXECUTION_COMPLETED",
      subject,
      data: { output: digestBytes(output), sizeBytes: Buffer.byteLength(output), contract: "satisfied" },
    },
  ];
}

export function startDrafts(whole: WholeRun, run: RunId, number: number): EventDraft[] {
  const { plan, planDigest, grant } = whole;
  return [
    {
      type: "PLAN_FROZEN",
      subject: run,
      data: {
        number,
        plan: planDigest,
        registry: plan.registry,
        tasks: plan.tasks.length,
        mode: "live",
        semantics: 1,
        engine: "local",
      },
    },
    {
      type: "TOKEN_VALIDATION",
      subject: run,
      data: { authority: "local-operator", grant, decision: "allow", reasons: [] },
    },
  ];
}

/** What the contracts say of the run, with the evidence that they looked at. */
export function verdicts(whole: WholeRun) {
  const outputs = whole.plan.tasks.map(({ id }, position) => ({
    task: id,
    digest: digestBytes(whole.outputs[position] as string),
  }));
  const replayed = expectedReplay(whole.plan, whole.snapshot).map((position) => ({
    position,
    output: outputs[position]?.digest ?? null,
  }));
  return checkCoreContracts({ plan: whole.plan, snapshot: whole.snapshot, outputs, replayed });
}

export function verdictDrafts(whole: WholeRun): EventDraft[] {
  return verdicts(whole).map(({ verdict }) => ({ type: "CONTRACT_VERDICT", subject: verdict.contract, data: verdict }));
}

/** Everything up to the seal, for a run that completes. */
export function completeDrafts(whole: WholeRun, run: RunId, number: number): EventDraft[] {
  return [
    ...startDrafts(whole, run, number),
    ...whole.plan.tasks.flatMap((_, position) => taskDrafts(whole, position)),
    ...verdictDrafts(whole),
  ];
}

/** The seal that tells the truth about the drafts before it. */
export function sealDraft(
  whole: WholeRun,
  run: RunId,
  before: readonly EventDraft[],
  head: Digest,
  status: "completed" | "failed" | "denied" | "violated" = "completed",
): EventDraft {
  const counts: Record<string, number> = { RUN_SEALED: 1 };
  for (const { type } of before) counts[type] = (counts[type] ?? 0) + 1;
  const hasOutputs = status === "completed" || status === "violated";
  const outputs = hasOutputs ? digestBytes(whole.outputs.map((output) => `${output}\n`).join("")) : null;
  return {
    type: "RUN_SEALED",
    subject: run,
    data: {
      status,
      events: before.length + 1,
      counts,
      head,
      outputs,
      outputsCount: hasOutputs ? whole.outputs.length : 0,
    },
  };
}

/** Journals a run; `bend` changes the drafts first, the seal then tells the truth about what is left. */
export function journalRun(
  journal: Journal,
  whole: WholeRun,
  bend: (drafts: EventDraft[]) => EventDraft[] = (drafts) => drafts,
  status: "completed" | "failed" | "denied" | "violated" | null = "completed",
): RunId {
  const { run, number } = journal.begin(whole.planDigest);
  const drafts = bend(completeDrafts(whole, run, number));
  const outputs = whole.outputs.map((text) => ({ digest: digestBytes(text), bytes: Buffer.from(text, "utf8") }));
  const evidence = verdicts(whole).map((result) => payloadOfJson(result.evidence));
  let head = whole.planDigest;
  drafts.forEach((draft, index) => {
    head = journal.append(run, draft, index === 0 ? [...whole.payloads, ...outputs, ...evidence] : []).leaf;
  });
  if (status !== null) journal.append(run, sealDraft(whole, run, drafts, head, status));
  return run;
}
