/**
 * Evidence of any size, made by the packages themselves: runs of a measuring operation, journaled, sealed and exported.
 *
 * Every event is one that a verifier recomputes something of, so a bundle made here is VALID only as a whole. The run is
 * written event by event, without executing anything: what is measured is what comes after.
 *
 * @module
 */
import type { Journal } from "@canonic/audit";
import {
  canonicalBytes,
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
  type TokenClaims,
  taskIdOf,
} from "@canonic/contracts";

/** 2026-01-31T12:00:00Z. */
const NOW_SECONDS = 1_769_860_800;
export const clock = { now: () => "2026-01-31T12:00:00.000Z" };
export const EVENTS_PER_TASK = 5;

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
const contractDigest = contractDigestOf(contract);
const snapshot: RegistrySnapshot = {
  schema: "canonic/registry-snapshot/v1",
  operations: [contract],
  routes: [{ payloadType: "text" as PayloadType, operation: contract.operation, version: contract.version }],
};
const registry = snapshotDigestOf(snapshot);
const text = payloadOf("some text");
const token = digestBytes("the bytes of a token");
const allow = { decision: "allow" as const, reasons: [] };

interface MeasuredRun {
  readonly plan: Plan;
  readonly claims: Payload;
  readonly outputs: readonly string[];
}

/** A run of `tasks` measurements; `seed` tells plans of the same size apart. */
function measuredRun(tasks: number, seed: number): MeasuredRun {
  const request = payloadOf("request");
  const claims = payloadOf(claimsFor(tasks) as JsonValue);
  const positions = Array.from({ length: tasks }, (_, position) => position);
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: 1,
    kind: "isolated",
    user: "bench",
    mode: "live",
    seed,
    request: request.digest,
    registry,
    tasks: positions.map((position) => {
      const task = {
        position,
        payloadType: "text" as PayloadType,
        operation: contract.operation,
        version: contract.version,
        contract: contractDigest,
        parameters: { unit: `byte ${position}` },
        inputs: { text: text.digest },
        bindings: {},
        binding: null,
      };
      return { id: taskIdOf(seed, task), ...task };
    }),
    groups: [positions],
    gates: [],
    rechecks: [],
    onFailure: "abort",
    artifacts: [text.digest, request.digest].sort(),
    expect: {
      contracts: ["cardinality", "determinism", "routing"],
      outputs: tasks,
      chunks: null,
      fibre: null,
      replay: 2,
      coverage: null,
    },
  };
  return { plan, claims, outputs: positions.map((task) => canonicalJson({ length: 9, task })) };
}

/** Journals a whole run, sealed; durable when this resolves. */
export async function journalMeasuredRun(journal: Journal, tasks: number, seed: number): Promise<RunId> {
  const whole = measuredRun(tasks, seed);
  const { plan, outputs, claims } = whole;
  const { run, number } = journal.begin(planDigestOf(plan));
  const counts: Record<string, number> = {};
  let head = planDigestOf(plan);
  let events = 0;
  const append = async (draft: EventDraft, payloads: readonly Payload[] = []) => {
    head = journal.append(run, draft, payloads).leaf;
    counts[draft.type] = (counts[draft.type] ?? 0) + 1;
    events += 1;
    if (events % 512 === 0) await journal.durable();
  };
  const shared = [payloadOf(plan as JsonValue), payloadOf(snapshot as JsonValue), text, payloadOf("request"), claims];
  await append(planFrozen(plan, run, number), shared);
  const validated = { token, claims: claims.digest, user: "bench", trigger: "direct_command", ...allow };
  await append({ type: "TOKEN_VALIDATION", subject: run, data: validated });
  const results = outputs.map((output) => ({ digest: digestBytes(output), bytes: Buffer.from(output) }));
  for (const [position, output] of results.entries()) {
    const drafts = taskDrafts(whole, position, output);
    for (const draft of drafts.slice(0, -1)) await append(draft);
    await append(drafts.at(-1) as EventDraft, [output]);
  }
  const recorded = plan.tasks.map(({ id }, position) => ({ task: id, digest: (results[position] as Payload).digest }));
  const replayed = expectedReplay(plan, snapshot).map((position) => ({
    position,
    output: recorded[position]?.digest ?? null,
  }));
  for (const { verdict, evidence } of checkCoreContracts({ plan, snapshot, outputs: recorded, replayed }))
    await append({ type: "CONTRACT_VERDICT", subject: verdict.contract, data: verdict }, [payloadOf(evidence)]);
  const sealed = {
    status: "completed" as const,
    events: events + 1,
    counts: { ...counts, RUN_SEALED: 1 },
    head,
    outputs: digestBytes(outputs.map((output) => `${output}\n`).join("")),
    outputsCount: outputs.length,
  };
  await append({ type: "RUN_SEALED", subject: run, data: sealed });
  await journal.durable();
  return run;
}

function planFrozen(plan: Plan, run: RunId, number: number): EventDraft {
  const { mode, tasks } = plan;
  const data = { number, plan: planDigestOf(plan), registry, tasks: tasks.length, mode, semantics: 1 } as const;
  return { type: "PLAN_FROZEN", subject: run, data: { ...data, engine: "local", fence: 1 } };
}

function taskDrafts({ plan }: MeasuredRun, position: number, output: Payload): EventDraft[] {
  const task = plan.tasks[position] as Plan["tasks"][number];
  const { id: subject, operation, version, payloadType } = task;
  const max = plan.tasks.length;
  const route = { payloadType, operation, version, contract: contractDigest, snapshot: registry, ...allow };
  const scope = { domain: "text", method: "measure", token, policySet: null, policies: [], ...allow };
  const limits = [
    { limit: "invocations", used: position, reserved: 0, need: 1, max },
    { limit: "tokens-per-response", used: 0, reserved: 0, need: 0, max: 50 },
    { limit: "tokens-total", used: 0, reserved: 0, need: 0, max: 500 },
    { limit: "frequency", used: position, reserved: 0, need: 1, max },
  ] as const;
  const started = { effect: "pure", input: inputDigestOf(task), attempt: 1, idempotencyKey: null } as const;
  const completed = {
    output: output.digest,
    sizeBytes: output.bytes.length,
    tokens: 0,
    contract: "satisfied",
  } as const;
  return [
    { type: "ROUTING_DECISION", subject, data: route },
    { type: "AUTHORIZATION_SCOPE_CHECK", subject, data: scope },
    { type: "RESOURCE_LIMIT_CHECK", subject, data: { token, limits: [...limits], ...allow } },
    { type: "EXECUTION_STARTED", subject, data: started },
    { type: "EXECUTION_COMPLETED", subject, data: completed },
  ];
}

function claimsFor(tasks: number): TokenClaims {
  return {
    schema: "canonic/token/v1",
    jti: "0123456789abcdef",
    iss: "operator",
    sub: "bench",
    label: "bench",
    iat: NOW_SECONDS - 60,
    exp: NOW_SECONDS + 1740,
    authorization_details: [{ type: "canonic-domain", identifier: "text", actions: ["measure"] }],
    triggers: ["direct_command"],
    modes: ["live"],
    capabilities: [],
    limits: {
      invocations: tasks,
      tokensPerResponse: 50,
      tokensTotal: 500,
      frequency: { count: tasks, perSeconds: 60 },
    },
    cnf: null,
    parent: null,
  };
}

function payloadOf(value: JsonValue): Payload & { readonly digest: Digest } {
  const bytes = canonicalBytes(value);
  return { digest: digestBytes(bytes), bytes };
}
