/**
 * What the statements about a run are made of: a few of its events, its plan, and its certificates.
 *
 * Invariants:
 *   R1. Nothing else goes in: no clock, no key, no place. Whoever has the run's evidence makes the same statements.
 *   R2. There is a record only of a run that is sealed: what may go on has nothing to say yet.
 *
 * @module
 */
import type { ContractVerdict, Digest, EventData, Plan, RunEvent, RunId } from "@canonic/contracts";
import { digestJson } from "@canonic/contracts";

/** What a statement needs of a certificate; `digest` is of its canonical line. */
export interface StatedCertificate {
  readonly id: string;
  readonly status: "ACTIVE" | "PENDING" | "REVOKED";
  readonly effectiveDate: string;
  readonly digest: Digest;
}

export interface StatementRecord {
  readonly origin: string;
  readonly run: RunId;
  readonly plan: Plan;
  readonly begun: { readonly at: string; readonly data: EventData<"PLAN_FROZEN"> };
  /** `digest` is of the seal's exact line. */
  readonly sealed: { readonly at: string; readonly data: EventData<"RUN_SEALED">; readonly digest: Digest };
  readonly verdicts: readonly ContractVerdict[];
  readonly certificates: readonly StatedCertificate[];
}

/** Feed a run's events in order; keeps the few that statements speak of. */
export class StatedEvents {
  readonly #verdicts: ContractVerdict[] = [];
  #begun: StatementRecord["begun"] | undefined;
  #sealed: StatementRecord["sealed"] | undefined;

  next(event: RunEvent): void {
    if (event.type === "PLAN_FROZEN") this.#begun ??= { at: event.at, data: event.data };
    if (event.type === "CONTRACT_VERDICT") this.#verdicts.push(event.data);
    if (event.type === "RUN_SEALED") this.#sealed ??= { at: event.at, data: event.data, digest: digestJson(event) };
  }

  /** Undefined while the run is not sealed (R2). */
  record(rest: Pick<StatementRecord, "origin" | "run" | "plan" | "certificates">): StatementRecord | undefined {
    if (this.#begun === undefined || this.#sealed === undefined) return undefined;
    return { ...rest, begun: this.#begun, sealed: this.#sealed, verdicts: this.#verdicts };
  }
}
