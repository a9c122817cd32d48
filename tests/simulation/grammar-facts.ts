/**
 * What the acceptor remembers of the events that it has read, and what follows from that alone.
 *
 * @module
 */
import {
  type Digest,
  digestJson,
  type JsonValue,
  type OperationContract,
  type Plan,
  pinsDigestOf,
  type RunEvent,
  type Task,
  type TaskId,
  valueAtPointer,
} from "@canonic/contracts";

export type Reading = {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly contracts: ReadonlyMap<string, OperationContract>;
  readonly events: readonly RunEvent[];
  /** The bytes of a payload that an event names. */
  readonly payload: (digest: Digest) => JsonValue | undefined;
};

/** Where one task stands: its next due word. */
export type Stage = "route" | "scope" | "drift" | "limit" | "start" | "deny" | "outcome" | "abort" | "ended";

export class Facts {
  readonly reading: Reading;
  phase: "new" | "validate" | "token-denied" | "work" | "stopped" | "voided" | "sealed" = "new";
  readonly stages = new Map<number, Stage>();
  readonly attempts = new Map<number, number>();
  readonly drifts = new Map<number, number>();
  readonly outputs = new Map<number, Digest>();
  /** Tasks with a start and no outcome, whatever session began them. */
  readonly doubtful = new Set<number>();
  readonly skipped = new Set<number>();
  readonly requested = new Set<string>();
  readonly approved = new Set<string>();
  readonly approvals = new Set<Digest>();
  readonly counts = new Map<string, number>();
  failure: { position: number; status: "failed" | "denied"; code: string } | null = null;
  refusal: { stage: string; reasons: string } | null = null;
  rejectedBy: string | null = null;
  /** True when this session's refused token has denied its task. */
  isDenied = false;
  fence = 0;
  resumes = 0;
  verdicts: string[] = [];
  violated = false;
  last: RunEvent | null = null;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  mayBegin(position: number): string | null {
    const { plan } = this.reading;
    const group = plan.groups.findIndex((positions) => positions.includes(position));
    for (const earlier of plan.groups.slice(0, group).flat())
      if (!this.outputs.has(earlier)) return `task ${earlier} of an earlier group has not completed`;
    for (const gate of plan.gates)
      if (gate.before <= group && !this.approved.has(gate.name)) return `gate ${gate.name} has no approval`;
    return null;
  }

  fail(position: number, status: "failed" | "denied", code: string): void {
    this.failure ??= { position, status, code };
  }

  /** What has not ended; and what was denied or aborted, when the plan stops at failures. */
  mayBeginAgain(position: number): boolean {
    if (this.stages.get(position) !== "ended") return true;
    const failed = !this.outputs.has(position) && !this.skipped.has(position);
    return this.reading.plan.onFailure === "stop" && failed;
  }

  unended(): number[] {
    return this.reading.plan.tasks
      .map(({ position }) => position)
      .filter((position) => this.stages.get(position) !== "ended");
  }

  inFlight(): number[] {
    return [...this.stages].filter(([, stage]) => stage !== "ended").map(([position]) => position);
  }

  pins(): Digest {
    const completed = this.reading.plan.tasks.filter(({ position }) => this.outputs.has(position));
    return pinsDigestOf(
      new Map(completed.map(({ id, position }): [TaskId, Digest] => [id, this.outputs.get(position) as Digest])),
    );
  }

  /** Null when a binding finds nothing. */
  boundOf(task: Task): Record<string, Digest> | null {
    const bound: Record<string, Digest> = {};
    for (const [name, { task: from, pointer }] of Object.entries(task.bindings)) {
      const output = this.reading.payload(this.outputs.get(from) as Digest);
      const value = output === undefined ? undefined : valueAtPointer(output, pointer);
      if (value === undefined) return null;
      bound[name] = digestJson(value);
    }
    return bound;
  }
}
