/**
 * The story of a bound run as its keeper may tell it: what happened when, and what the log keeps beside it.
 *
 * The good one has five sessions: it waits at the first gate; a refused approval stops it; a violated boundary stops it; a
 * crash breaks it off in the middle of a write; it goes on, through the second gate, to its end.
 */
import {
  APPROVAL_TYPE,
  type ApprovalClaims,
  canonicalBytes,
  checkCoreContracts,
  contractDigestOf,
  type Digest,
  digestBytes,
  digestJson,
  type EventDraft,
  inputDigestOf,
  type JsonValue,
  type OperationContract,
  type Payload,
  pinsDigestOf,
  planDigestOf,
  type RunId,
  type RunStatus,
  runIdOf,
  type StopRecord,
  type TaskId,
  type TokenClaims,
  valueAtPointer,
} from "@canonic/contracts";
import { createKeyPair, type Journal, type NoteSigner, signerFromPem } from "../src/index.ts";
import { type BoundPlan, outputDigest } from "./bound-plan.ts";
import { ORIGIN } from "./support.ts";
import { limitRows, NOW, payloadOfJson, tokenClaims } from "./whole-run.ts";

/** A draft that can be bent: its type would only be in the way of a lie. */
// biome-ignore lint/suspicious/noExplicitAny: forged values are of any shape.
export type Loose = any;
export type Step = { seconds: number; draft: { type: string; subject: string; data: Loose } };

export const approver: NoteSigner = signerFromPem("ann", createKeyPair().privateKeyPem);
export const stranger: NoteSigner = signerFromPem("ann", createKeyPair().privateKeyPem);

const TOKENS = [digestBytes("the bytes of one token"), digestBytes("the bytes of another")] as const;
const allow = { decision: "allow", reasons: [] } as const;
export const refuse = (code: string, place = "") => ({
  decision: "refuse" as const,
  reasons: [{ code, place, message: "no" }],
});

export class Story {
  readonly bound: BoundPlan;
  readonly planDigest: Digest;
  readonly run: RunId;
  readonly payloads = new Map<Digest, Payload>();
  steps: Step[] = [];
  #seconds = 0;

  constructor(bound: BoundPlan) {
    this.bound = bound;
    this.planDigest = planDigestOf(bound.plan);
    this.run = runIdOf(this.planDigest, 1);
    for (const payload of bound.payloads) this.keep(payload);
  }

  keep(payload: Payload): Digest {
    this.payloads.set(payload.digest, payload);
    return payload.digest;
  }

  id(position: number): TaskId {
    return (this.bound.plan.tasks[position] as BoundPlan["plan"]["tasks"][number]).id;
  }

  tell(type: string, subject: string, data: Loose): void {
    this.#seconds += 1;
    this.steps.push({ seconds: this.#seconds, draft: { type, subject, data } });
  }

  frozen(fence = 1): void {
    const { plan } = this.bound;
    this.tell("PLAN_FROZEN", this.run, {
      number: 1,
      plan: this.planDigest,
      registry: plan.registry,
      tasks: plan.tasks.length,
      mode: "live",
      semantics: 1,
      engine: "local",
      fence,
    });
  }

  token(which: 0 | 1, claims: Partial<TokenClaims> = {}, answer: Loose = allow): void {
    const payload = payloadOfJson(claimsOf(which, claims) as JsonValue);
    this.tell("TOKEN_VALIDATION", this.run, {
      token: TOKENS[which],
      claims: this.keep(payload),
      user: "tester",
      trigger: "direct_command",
      ...answer,
    });
  }

  resumed(attempt: number, completed: number, indeterminate: readonly number[] = []): void {
    const doubt = indeterminate.map((position) => this.id(position));
    this.tell("RUN_RESUMED", this.run, { completed, indeterminate: doubt, attempt, fence: attempt });
  }

  /** The events of a task up to the end of `events` of them; `which` token, and what others have spent. */
  task(position: number, which: 0 | 1, { attempt = 1, used = 0, tokens = 0, events = 9 } = {}): void {
    const { plan, snapshot } = this.bound;
    const task = plan.tasks[position] as BoundPlan["plan"]["tasks"][number];
    const { contract, id, operation, payloadType, version } = task;
    const owed = snapshot.operations.find((each) => contractDigestOf(each) === contract) as OperationContract;
    const token = TOKENS[which];
    const told = this.steps.length;
    this.tell("ROUTING_DECISION", id, { payloadType, operation, version, contract, snapshot: plan.registry, ...allow });
    const method = operation.split(".")[1];
    this.tell("AUTHORIZATION_SCOPE_CHECK", id, {
      domain: "doc",
      method,
      token,
      policySet: digestBytes("policies"),
      policies: ["default"],
      ...allow,
    });
    for (const { before, task: of } of plan.rechecks)
      if (before === position) {
        const found = outputDigest(this.bound, of);
        this.tell("DRIFT_CHECK", id, { of: this.id(of), expected: found, found, ...allow });
      }
    const limits = limitRows({ used, tokens, need: owed.tokensMax ?? 0 });
    this.tell("RESOURCE_LIMIT_CHECK", id, { token, limits, ...allow });
    const bound: Record<string, Digest> = {};
    for (const [name, { task: from, pointer }] of Object.entries(task.bindings)) {
      const output = JSON.parse(this.bound.outputs[from] as string) as JsonValue;
      bound[name] = digestJson(valueAtPointer(output, pointer) as JsonValue);
    }
    this.tell("EXECUTION_STARTED", id, {
      effect: owed.effect,
      input: inputDigestOf(task, bound),
      attempt,
      idempotencyKey: owed.effect === "write" ? `${this.run}/${id}` : null,
    });
    const output = this.bound.outputs[position] as string;
    this.tell("EXECUTION_COMPLETED", id, {
      output: digestBytes(output),
      sizeBytes: Buffer.byteLength(output),
      tokens: owed.tokensMax === undefined ? 0 : 12,
      contract: "satisfied",
    });
    this.#seconds -= Math.max(0, this.steps.length - told - events);
    this.steps = this.steps.slice(0, told + events);
  }

  pins(completed: readonly number[]): Digest {
    return pinsDigestOf(new Map(completed.map((position) => [this.id(position), outputDigest(this.bound, position)])));
  }

  requested(gate: string, completed: readonly number[]): void {
    const reviewDecision = gate === "SG_2";
    this.tell("APPROVAL_REQUESTED", gate, {
      gate,
      plan: this.planDigest,
      pins: this.pins(completed),
      reviewDecision,
    });
  }

  claims(gate: string, completed: readonly number[], change: Partial<ApprovalClaims> = {}): ApprovalClaims {
    return {
      schema: "canonic/approval/v1",
      origin: ORIGIN,
      run: this.run,
      gate,
      plan: this.planDigest,
      pins: this.pins(completed),
      decision: "approve",
      meaning: "I have read it.",
      reviewDecision: gate === "SG_2" ? "decision 12" : null,
      iat: NOW,
      exp: NOW + 3600,
      ...change,
    };
  }

  recorded(claims: ApprovalClaims, signer: NoteSigner = approver): void {
    const { decision, exp, gate, pins, plan, reviewDecision } = claims;
    this.tell("APPROVAL_RECORDED", gate, {
      gate,
      approval: this.keep(signed(claims, signer)),
      signer: signer.name,
      decision,
      plan,
      pins,
      reviewDecision,
      expiresAt: momentOf(exp - NOW),
    });
  }

  stopped(
    { task = null, gate = null }: { readonly task?: number | null; readonly gate?: string | null },
    code: string,
    completed: number,
    change: Partial<StopRecord> = {},
  ): void {
    const where = { task: task === null ? null : this.id(task), gate };
    const record = payloadOfJson({
      schema: "canonic/stop/v1",
      run: this.run,
      plan: this.planDigest,
      code,
      ...where,
      completed,
      reasons: gate === null ? [] : refuse(code).reasons,
      ...change,
    } as JsonValue);
    this.tell("RUN_STOPPED", this.run, { code, ...where, record: this.keep(record) });
  }

  verdicts(): void {
    const { plan, snapshot } = this.bound;
    const outputs = plan.tasks.map(({ id }, position) => ({ task: id, digest: outputDigest(this.bound, position) }));
    for (const { evidence, verdict } of checkCoreContracts({ plan, snapshot, outputs, replayed: [] })) {
      this.keep(payloadOfJson(evidence));
      this.tell("CONTRACT_VERDICT", verdict.contract, verdict);
    }
  }

  /** Journals it as told; with a status, under a seal that counts right. */
  write(journal: Journal, clock: { seconds: number }, status: RunStatus | null): RunId {
    const { run } = journal.begin(this.planDigest);
    let head = this.planDigest;
    const counts: Record<string, number> = { RUN_SEALED: 1 };
    for (const [index, { draft, seconds }] of this.steps.entries()) {
      clock.seconds = seconds;
      head = journal.append(run, draft as EventDraft, index === 0 ? [...this.payloads.values()] : []).leaf;
      counts[draft.type] = (counts[draft.type] ?? 0) + 1;
    }
    if (status === null) return run;
    const hasOutputs = status === "completed" || status === "violated";
    const lines = this.bound.outputs.map((output) => `${output}\n`).join("");
    const outputs = hasOutputs ? digestBytes(lines) : null;
    const events = this.steps.length + 1;
    const outputsCount = hasOutputs ? this.bound.outputs.length : 0;
    const data = { status, events, counts, head, outputs, outputsCount };
    journal.append(run, { type: "RUN_SEALED", subject: run, data });
    return run;
  }
}

export function claimsOf(which: 0 | 1, change: Partial<TokenClaims> = {}): TokenClaims {
  return tokenClaims({
    jti: `0123456789abcde${which}`,
    authorization_details: [{ type: "canonic-domain", identifier: "doc", actions: ["enact", "read", "write"] }],
    capabilities: ["log-prompt"],
    ...change,
  });
}

/** An approval as its signer writes it. */
export function signed(
  claims: JsonValue | ApprovalClaims,
  signer: NoteSigner,
  header: Record<string, string> = {},
): Payload {
  const part = (value: JsonValue) => Buffer.from(canonicalBytes(value)).toString("base64url");
  const [protectedPart, payload] = [
    part({ alg: "EdDSA", kid: signer.name, typ: APPROVAL_TYPE, ...header }),
    part(claims as JsonValue),
  ];
  const signature = Buffer.from(signer.sign(Buffer.from(`${protectedPart}.${payload}`))).toString("base64url");
  return payloadOfJson({ payload, protected: protectedPart, signature });
}

/** The moment so many seconds after the beginning of the tests. */
export function momentOf(seconds: number): string {
  const [hours, minutes] = [12 + Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number: number) => String(number).padStart(2, "0");
  return `2026-01-31T${two(hours)}:${two(minutes)}:${two(seconds % 60)}.000Z`;
}

/** The good story, but for its seal. */
export function goodStory(bound: BoundPlan): Story {
  const story = new Story(bound);
  story.frozen();
  story.token(0);
  story.task(0, 0);
  story.requested("SG_1", [0]);
  story.resumed(2, 1);
  story.token(0);
  story.stopped({ gate: "SG_1" }, "authority.approval-expired", 1);
  story.resumed(3, 1);
  story.token(1);
  story.recorded(story.claims("SG_1", [0]));
  story.task(1, 1, { used: 1, events: 5 });
  story.tell("BOUNDARY_VIOLATION", story.id(1), { category: "network-access", attempted: "connect" });
  story.tell("OPERATION_ABORTED", story.id(1), { code: "runner.boundary-violation", failure: null, reasons: [] });
  story.stopped({ task: 1 }, "runner.boundary-violation", 1);
  story.resumed(4, 1);
  story.token(1);
  story.task(1, 1, { attempt: 2, used: 2, tokens: 20 });
  story.task(2, 1, { used: 3, tokens: 32, events: 4 });
  story.resumed(5, 2, [2]);
  story.token(1);
  story.task(2, 1, { attempt: 2, used: 4, tokens: 52 });
  story.requested("SG_2", [0, 1, 2]);
  story.recorded(story.claims("SG_2", [0, 1, 2]));
  story.task(3, 1, { used: 5, tokens: 64 });
  story.verdicts();
  return story;
}
