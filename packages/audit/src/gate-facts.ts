/**
 * What the events of a run say of gates and stops, recomputed from approvals and STOP records.
 *
 * Invariants:
 *   P1. A gate is asked, and answered, for the run's plan and for exactly what had completed by then.
 *   P2. An approval is a signed artifact. Its signature is of an approver of the trust file; its claims are of this log, this
 *       run, this gate, this plan and these pins; it was valid between the event before its record and its record, where
 *       the decision was made; and it is used once.
 *   P3. With no approver in the trust file signatures are left open; a signer that a list of approvers does not name is false.
 *   P4. A STOP record says what its event, the plan and the completed tasks say.
 *
 * @module
 */
import {
  APPROVAL_TTL_SECONDS,
  type Digest,
  type JsonValue,
  type Plan,
  pinsDigestOf,
  planDigestOf,
  type RunEvent,
  StopRecord,
  type TaskId,
} from "@canonic/contracts";
import { artifactPath } from "./bundle-layout.ts";
import { epochMsOf } from "./epoch.ts";
import { EventTruth } from "./event-truth.ts";
import type { Findings } from "./findings.ts";
import type { NoteKey } from "./keys.ts";
import { readApproval } from "./signed-approval.ts";
import type { Planned } from "./verify-plan.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

/** The log whose approvals count, and who may sign them. */
export interface ApprovalTrust {
  readonly origin: string;
  readonly approvers: readonly NoteKey[];
}

/** Feed the events of one run in order, with what had completed before each. */
export class GateFacts {
  readonly #plan: Plan;
  readonly #artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly #origin: string;
  readonly #approvers: readonly NoteKey[];
  readonly #findings: Findings;
  readonly #truth: EventTruth;
  readonly #approvals = new Set<Digest>();
  readonly #records: Digest[] = [];
  /** When the event before was written: every decision comes after it. */
  #before = "1970-01-01T00:00:00.000Z";

  constructor(
    { plan, artifacts }: Pick<Planned, "plan" | "artifacts">,
    { origin, approvers }: ApprovalTrust,
    findings: Findings,
  ) {
    this.#plan = plan;
    this.#artifacts = artifacts;
    this.#origin = origin;
    this.#approvers = approvers;
    this.#findings = findings;
    this.#truth = new EventTruth(findings);
  }

  /** Asked for at gates and stops alone: a long plan is not printed again for a run without any. */
  get #planDigest(): Digest {
    return planDigestOf(this.#plan);
  }

  /** The approvals and STOP records that events name. */
  get named(): readonly Digest[] {
    return [...this.#approvals, ...this.#records];
  }

  /** @param outputs - Gives the digests of what has completed, by task; asked at gates and stops alone. */
  next(place: string, event: RunEvent, outputs: () => ReadonlyMap<TaskId, Digest>): void {
    if (event.type === "APPROVAL_REQUESTED") this.#requested(place, event, outputs());
    if (event.type === "APPROVAL_RECORDED") this.#recorded(place, event, outputs());
    if (event.type === "RUN_STOPPED") this.#stopped(place, event, outputs().size);
    this.#before = event.at;
  }

  #requested(place: string, { data }: EventOf<"APPROVAL_REQUESTED">, outputs: ReadonlyMap<TaskId, Digest>): void {
    const gate = this.#plan.gates.find(({ name }) => name === data.gate);
    this.#truth.agree(place, "plan", data.plan, this.#planDigest);
    this.#truth.agree(place, "pins", data.pins, pinsDigestOf(outputs));
    this.#truth.agree(place, "need of a review decision", data.reviewDecision, gate?.reviewDecision);
  }

  #recorded(place: string, event: EventOf<"APPROVAL_RECORDED">, outputs: ReadonlyMap<TaskId, Digest>): void {
    const { approval, decision, gate, pins, plan, reviewDecision } = event.data;
    this.#truth.agree(place, "plan", plan, this.#planDigest);
    this.#truth.agree(place, "pins", pins, pinsDigestOf(outputs));
    const isAsked = this.#plan.gates.some(({ name, reviewDecision: asked }) => name === gate && asked);
    if (isAsked && decision === "approve" && reviewDecision === null)
      this.#truth.untrue(place, `gate \`${gate}\` asks for a review decision, the approval names none`);
    if (this.#approvals.has(approval)) this.#truth.untrue(place, "the approval was used before");
    this.#approvals.add(approval);
    const path = artifactPath(approval);
    const value = this.#artifacts.get(approval);
    if (value === undefined) {
      this.#findings.open("approval-missing", path, `the approval of gate \`${gate}\` is not in the bundle`);
      return;
    }
    const read = readApproval(value, this.#approvers);
    if (read === undefined) {
      this.#findings.invalid("approval-malformed", path, "what the gate was passed with is no signed approval");
      return;
    }
    this.#signer(place, event, read.signer);
    this.#claims(place, event, read.claims);
  }

  /** P3. */
  #signer(place: string, { data }: EventOf<"APPROVAL_RECORDED">, signer: string | null): void {
    const { gate } = data;
    if (signer !== null) this.#truth.agree(place, "signer", data.signer, signer);
    else if (this.#approvers.length === 0)
      this.#findings.open(
        "approver-unknown",
        place,
        `the trust file names no approver: who approved \`${gate}\` is not shown`,
      );
    else this.#findings.invalid("approval-signature", place, `no trusted approver signed the approval of \`${gate}\``);
  }

  #claims(
    place: string,
    { at, data, run }: EventOf<"APPROVAL_RECORDED">,
    claims: NonNullable<ReturnType<typeof readApproval>>["claims"],
  ): void {
    for (const name of ["decision", "gate", "pins", "plan", "reviewDecision"] as const)
      this.#truth.agree(place, name, data[name], claims[name]);
    this.#truth.agree(place, "log", this.#origin, claims.origin);
    this.#truth.agree(place, "run", run, claims.run);
    this.#truth.agree(place, "expiry", epochMsOf(data.expiresAt), claims.exp * 1000);
    const [before, now] = [epochMsOf(this.#before), epochMsOf(at)];
    if (claims.exp <= claims.iat || claims.exp - claims.iat > APPROVAL_TTL_SECONDS)
      this.#truth.untrue(place, "the approval lives longer than approvals do, or not at all");
    // A process may stand still between decision and record, and a clock that is put right may go back.
    if (Math.max(before, now) < claims.iat * 1000)
      this.#truth.untrue(place, "the approval is used before it was given");
    if (Math.min(before, now) >= claims.exp * 1000) this.#truth.untrue(place, "the approval had expired");
  }

  #stopped(place: string, { data, run }: EventOf<"RUN_STOPPED">, completed: number): void {
    this.#records.push(data.record);
    const path = artifactPath(data.record);
    const value = this.#artifacts.get(data.record);
    if (value === undefined) {
      this.#findings.open("stop-missing", path, "the STOP record is not in the bundle");
      return;
    }
    const record = StopRecord.safeParse(value).data;
    if (record === undefined) {
      this.#findings.invalid("stop-malformed", path, "what RUN_STOPPED names is no STOP record");
      return;
    }
    for (const name of ["code", "task", "gate"] as const) this.#truth.agree(place, name, data[name], record[name]);
    this.#truth.agree(place, "run of the STOP record", run, record.run);
    this.#truth.agree(place, "plan of the STOP record", this.#planDigest, record.plan);
    this.#truth.agree(place, "completed tasks of the STOP record", completed, record.completed);
    if (data.gate !== null) this.#truth.agree(place, "code", data.code, record.reasons[0]?.code);
  }
}
