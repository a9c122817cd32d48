/**
 * What lineage is made of: a run's plan, what its events add up to, and the values that it names.
 *
 * Invariants:
 *   L1. Exporter, verifier and reader of a store build it from the same things, so what is derived from it is the same.
 *   L2. Total: a value that is not there, or is not what it should be, is left out, never an error. Whether it should have
 *       been there is for the verifier to say.
 *
 * @module
 */
import {
  type ContractVerdict,
  Digest,
  digestBytes,
  type GateName,
  type JsonValue,
  type Plan,
  parseCanonicalJson,
  type RunEvent,
  type RunId,
  type RunStatus,
} from "@canonic/contracts";

/** When a task began and ended, and what it gave; undefined for what has not happened. */
export interface TaskFacts {
  readonly startedAt: string;
  endedAt?: string;
  output?: Digest;
}

export interface ApprovalFacts {
  readonly gate: GateName;
  readonly approval: Digest;
  readonly signer: string;
  readonly decision: "approve" | "reject";
  readonly pins: Digest;
  readonly at: string;
}

export interface SealFacts {
  readonly status: RunStatus;
  readonly outputs: Digest | null;
  readonly at: string;
}

/** What a certificate says of itself and names. */
export interface CertificateFacts {
  readonly id: string;
  readonly status: string;
  /** Of its canonical line. */
  readonly digest: Digest;
  readonly evidence: readonly Digest[];
}

/** Feed the events of one run in order; then read what lineage needs of them. */
export class LineageFacts {
  startedAt: string | undefined;
  seal: SealFacts | undefined;
  /** Who used the run's tokens, by the token's digest. */
  readonly tokens = new Map<Digest, string>();
  readonly tasks = new Map<string, TaskFacts>();
  readonly approvals: ApprovalFacts[] = [];
  readonly verdicts: ContractVerdict[] = [];

  next(event: RunEvent): void {
    const { at, subject } = event;
    switch (event.type) {
      case "PLAN_FROZEN":
        this.startedAt ??= at;
        return;
      case "TOKEN_VALIDATION":
        if (!this.tokens.has(event.data.token)) this.tokens.set(event.data.token, event.data.user);
        return;
      case "EXECUTION_STARTED":
        if (!this.tasks.has(subject)) this.tasks.set(subject, { startedAt: at });
        return;
      case "EXECUTION_COMPLETED":
        this.#ended(subject, at, event.data.output);
        return;
      case "OPERATION_ABORTED":
        this.#ended(subject, at);
        return;
      case "APPROVAL_RECORDED": {
        const { gate, approval, signer, decision, pins } = event.data;
        this.approvals.push({ gate, approval, signer, decision, pins, at });
        return;
      }
      case "CONTRACT_VERDICT":
        this.verdicts.push(event.data);
        return;
      case "RUN_SEALED":
        this.seal ??= { status: event.data.status, outputs: event.data.outputs, at };
        return;
      default:
        return;
    }
  }

  /** The first output stays: a task completes once, and a retry after a crash is not another. */
  #ended(subject: string, at: string, output?: Digest): void {
    const task = this.tasks.get(subject);
    if (task === undefined || task.output !== undefined) return;
    task.endedAt = at;
    if (output !== undefined) task.output = output;
  }
}

export interface LineageRecord {
  readonly run: RunId;
  /** The log's name for itself. */
  readonly origin: string;
  readonly plan: Plan;
  readonly facts: LineageFacts;
  readonly artifacts: { get(digest: Digest): JsonValue | undefined };
  /** What each task gave, by position; undefined where it is not there. */
  readonly outputs: readonly (JsonValue | undefined)[];
  readonly certificates: readonly CertificateFacts[];
}

/** The certificates of a file of lines; a line that is none is left out (L2). */
export function certificatesIn(lines: Uint8Array | undefined): readonly CertificateFacts[] {
  if (lines === undefined) return [];
  return Buffer.from(lines.buffer, lines.byteOffset, lines.length)
    .toString("utf8")
    .split("\n")
    .flatMap((line) => {
      const value = canonicalOrUndefined(Buffer.from(line, "utf8"));
      const found = certificateOf(value);
      return found === undefined ? [] : [{ ...found, digest: digestBytes(line) }];
    });
}

/** A canonical JSON value; undefined for all other bytes (L2). */
export function canonicalOrUndefined(bytes: Uint8Array | undefined): JsonValue | undefined {
  try {
    return bytes && parseCanonicalJson(bytes);
  } catch {
    return undefined;
  }
}

function certificateOf(value: JsonValue | undefined): Omit<CertificateFacts, "digest"> | undefined {
  const { id, status, evidence } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || typeof status !== "string" || !Array.isArray(evidence)) return undefined;
  const digests = evidence.flatMap((item: { readonly digest?: unknown } | null) => {
    const { success, data } = Digest.safeParse(item?.digest);
    return success ? [data] : [];
  });
  return { id: id.slice(0, 64), status: status.slice(0, 64), evidence: digests };
}
