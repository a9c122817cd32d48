/** A whole run with everything that it names, as the drafts that a runner would append: the tests bend them. */
import {
  canonicalJson,
  checkCoreContracts,
  contractDigestOf,
  type Digest,
  digestBytes,
  type EventData,
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
  type RunStatus,
  snapshotDigestOf,
  type TokenClaims,
  taskIdOf,
} from "@canonic/contracts";
import type { Journal } from "../src/index.ts";

export interface WholeRun {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly snapshot: RegistrySnapshot;
  readonly payloads: readonly Payload[];
  readonly outputs: readonly string[];
  /** Of the token, and of what it says. */
  readonly token: Digest;
  readonly claims: Digest;
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

/** 2026-01-31T12:00:00Z, the time of the tests, in seconds. */
export const NOW = 1_769_860_800;
/** No log holds a token: this stands for the bytes of one. */
export const TOKEN = digestBytes("the bytes of a token");

export function tokenClaims(claims: Partial<TokenClaims>): TokenClaims {
  return {
    schema: "canonic/token/v1",
    jti: "0123456789abcdef",
    iss: "operator",
    sub: "tester",
    label: "tests",
    iat: NOW - 60,
    exp: NOW + 1740,
    authorization_details: [{ type: "canonic-domain", identifier: "text", actions: ["measure"] }],
    triggers: ["direct_command"],
    modes: ["live"],
    capabilities: [],
    limits: {
      invocations: 100,
      tokensPerResponse: 50,
      tokensTotal: 500,
      frequency: { count: 100, perSeconds: 60 },
    },
    cnf: null,
    parent: null,
    ...claims,
  };
}

type LimitRow = EventData<"RESOURCE_LIMIT_CHECK">["limits"][number];

/** The four rows of a task, under the limits of {@link tokenClaims}. */
export function limitRows({ used = 0, reserved = 0, tokens = 0, need = 0 }): LimitRow[] {
  return [
    { limit: "invocations", used, reserved, need: 1, max: 100 },
    { limit: "tokens-per-response", used: 0, reserved: 0, need, max: 50 },
    { limit: "tokens-total", used: tokens, reserved: 0, need, max: 500 },
    { limit: "frequency", used, reserved: 0, need: 1, max: 100 },
  ];
}

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
  const claims = payloadOfJson(tokenClaims({}) as JsonValue);
  const half = Math.ceil(tasks / 2);
  const positions = Array.from({ length: tasks }, (_, position) => position);
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: 1,
    kind: "isolated",
    user: "tester",
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
        bindings: {},
        binding: null,
      };
      return { id: taskIdOf(0, task), ...task };
    }),
    groups: [positions.slice(0, half), positions.slice(half)].filter((group) => group.length > 0),
    gates: [],
    rechecks: [],
    onFailure: "abort",
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
    claims,
    ...context,
  ];
  return { plan, planDigest: planDigestOf(plan), snapshot, payloads, outputs, token: TOKEN, claims: claims.digest };
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
      data: { domain: "text", method: "measure", token: whole.token, policySet: null, policies: [], ...allow },
    },
    {
      type: "RESOURCE_LIMIT_CHECK",
      subject,
      data: { token: whole.token, limits: limitRows({ used: position }), ...allow },
    },
    {
      type: "EXECUTION_STARTED",
      subject,
      data: { effect: "pure", input: inputDigestOf(task), attempt, idempotencyKey: null },
    },
    {
      type: "EXECUTION_COMPLETED",
      subject,
      data: { output: digestBytes(output), sizeBytes: Buffer.byteLength(output), tokens: 0, contract: "satisfied" },
    },
  ];
}

export function startDrafts(whole: WholeRun, run: RunId, number: number): EventDraft[] {
  const { plan, planDigest } = whole;
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
        fence: 1,
      },
    },
    validationDraft(whole, run),
  ];
}

export function validationDraft({ token, claims }: Pick<WholeRun, "token" | "claims">, run: RunId): EventDraft {
  const data = { token, claims, user: "tester", trigger: "direct_command", decision: "allow" as const, reasons: [] };
  return { type: "TOKEN_VALIDATION", subject: run, data };
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
  status: RunStatus = "completed",
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
  status: RunStatus | null = "completed",
): RunId {
  const { run, number, checkpoint } = journal.begin(whole.planDigest);
  const drafts = bend(startingAt(completeDrafts(whole, run, number), checkpoint?.digest));
  const start = checkpoint === undefined ? [] : [checkpoint];
  const outputs = whole.outputs.map((text) => ({ digest: digestBytes(text), bytes: Buffer.from(text, "utf8") }));
  const evidence = verdicts(whole).map((result) => payloadOfJson(result.evidence));
  let head = whole.planDigest;
  drafts.forEach((draft, index) => {
    head = journal.append(run, draft, index === 0 ? [...whole.payloads, ...outputs, ...evidence, ...start] : []).leaf;
  });
  if (status !== null) journal.append(run, sealDraft(whole, run, drafts, head, status));
  return run;
}

/** The drafts of a run that began when the log's last checkpoint had this digest. */
function startingAt(drafts: EventDraft[], checkpoint: Digest | undefined): EventDraft[] {
  return drafts.map((draft) =>
    draft.type === "PLAN_FROZEN" && checkpoint !== undefined
      ? { ...draft, data: { ...draft.data, checkpoint } }
      : draft,
  );
}
