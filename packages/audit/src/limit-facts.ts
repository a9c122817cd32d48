/**
 * What a limit check says of a token's four limits, recomputed as far as one run shows.
 *
 * Other runs may spend the same token, so what was used and held is at least what this run used and held; the limits
 * themselves, what the task needed, and what follows from the four rows is exact.
 *
 * Invariants:
 *   L1. Rows stand in the order of `LimitName`, with the claims' limits and the contract's needs.
 *   L2. What is allowed fits in every row. What is refused is refused for the first row that it does not fit in.
 *   L3. Every execution of the run that ended under the same token was spent, every one that was let begin and has not is
 *       held: together no row shows less. A task that is executed again after a stop or a crash is spent again. One that began and
 *       did not complete spent all that its contract declares; one that was let begin and did not is asked for again.
 *   L4. What a token has is kept as a sum and not added up again: a check costs the same in a run of any length.
 *
 * @module
 */
import {
  type Digest,
  LimitName,
  type OperationContract,
  type RunEvent,
  type Task,
  type TaskId,
  type TokenClaims,
} from "@canonic/contracts";
import { EventTruth } from "./event-truth.ts";
import type { Findings } from "./findings.ts";

type LimitCheck = Extract<RunEvent, { type: "RESOURCE_LIMIT_CHECK" }>;
type Row = LimitCheck["data"]["limits"][number];

/** `stated` are the refusals, beside those of limits, that the bundle cannot contradict here. */
export interface LimitBasis {
  readonly claims: TokenClaims | undefined;
  readonly stated: readonly string[];
}

type Hold = { readonly token: Digest; readonly tokens: number; readonly hasBegun: boolean };

export class LimitFacts {
  readonly #contracts: ReadonlyMap<string, OperationContract>;
  readonly #truth: EventTruth;
  /** What the attempts hold that have not ended; of the others only the sum is kept. */
  readonly #held = new Map<TaskId, Hold>();
  readonly #sums = new Map<Digest, { uses: number; tokens: number }>();

  constructor(contracts: ReadonlyMap<Digest | string, OperationContract>, findings: Findings) {
    this.#contracts = contracts;
    this.#truth = new EventTruth(findings);
  }

  /** All but limit checks. */
  next(event: RunEvent, task: Task | undefined): void {
    if (event.type === "RUN_RESUMED") this.#breakOff();
    if (task === undefined) return;
    if (event.type === "EXECUTION_STARTED") this.#begin(task);
    if (event.type === "EXECUTION_COMPLETED") this.#end(task, event.data.tokens);
    if (event.type === "OPERATION_ABORTED") this.#end(task, this.#tokensMaxOf(task));
  }

  check(place: string, { data }: LimitCheck, task: Task, { claims, stated }: LimitBasis): void {
    this.#truth.reasons(place, data);
    this.#letGo(task.id);
    const need = this.#tokensMaxOf(task);
    const needs = [1, need, need, 1];
    for (const [at, row] of data.limits.entries()) {
      this.#truth.agree(place, `limit ${at + 1}`, row.limit, LimitName.options[at]);
      this.#truth.agree(place, `need of ${row.limit}`, row.need, needs[at]);
      if (claims !== undefined) this.#truth.agree(place, `max of ${row.limit}`, row.max, maxOf(claims, row.limit));
      this.#atLeast(place, row, data.token);
    }
    const first = data.limits.find((row) => !fits(row));
    if (data.decision === "allow") {
      if (first !== undefined) this.#truth.untrue(place, `the task is allowed and does not fit in ${first.limit}`);
      this.#held.set(task.id, { token: data.token, tokens: need, hasBegun: false });
      this.#add(data.token, 1, need);
      return;
    }
    const code = data.reasons[0]?.code ?? "";
    // A child is counted against its parent too, whose limits no event shows.
    const isOfParent = first === undefined && claims?.parent !== null && code.startsWith("authority.limit-");
    const isTrue = code === `authority.limit-${first?.limit}` || stated.some((name) => code === `authority.${name}`);
    if (!isTrue && !isOfParent)
      this.#truth.untrue(
        place,
        `the task is refused as \`${code}\`, the first limit that it breaks is ${first?.limit}`,
      );
  }

  #atLeast(place: string, { limit, used, reserved }: Row, token: Digest): void {
    if (limit !== "invocations" && limit !== "tokens-total") return;
    const sum = this.#sums.get(token) ?? { uses: 0, tokens: 0 };
    const least = limit === "invocations" ? sum.uses : sum.tokens;
    if (used + reserved < least)
      this.#truth.untrue(
        place,
        `the event says ${used} used and ${reserved} reserved of ${limit}, this run has ${least}`,
      );
  }

  #begin({ id }: Task): void {
    const hold = this.#held.get(id);
    if (hold !== undefined) this.#held.set(id, { ...hold, hasBegun: true });
  }

  #end({ id }: Task, tokens: number): void {
    const hold = this.#held.get(id);
    if (hold === undefined) return;
    this.#held.delete(id);
    this.#add(hold.token, 0, tokens - hold.tokens);
  }

  /** What had begun is spent; what had not is asked for again, and nothing in the journal shows how long it was held. */
  #breakOff(): void {
    for (const id of this.#held.keys()) this.#letGo(id);
  }

  #letGo(id: TaskId): void {
    const hold = this.#held.get(id);
    if (hold?.hasBegun === false) this.#add(hold.token, -1, -hold.tokens);
    this.#held.delete(id);
  }

  #add(token: Digest, uses: number, tokens: number): void {
    const sum = this.#sums.get(token) ?? { uses: 0, tokens: 0 };
    this.#sums.set(token, { uses: sum.uses + uses, tokens: sum.tokens + tokens });
  }

  #tokensMaxOf({ contract }: Task): number {
    return this.#contracts.get(contract)?.tokensMax ?? 0;
  }
}

function maxOf({ limits }: TokenClaims, limit: LimitName): number {
  switch (limit) {
    case "invocations":
      return limits.invocations;
    case "tokens-per-response":
      return limits.tokensPerResponse;
    case "tokens-total":
      return limits.tokensTotal;
    case "frequency":
      return limits.frequency.count;
  }
}

/** The first use is exempt from the frequency; a response is measured alone. */
function fits({ limit, used, reserved, need, max }: Row): boolean {
  if (limit === "tokens-per-response") return need <= max;
  if (limit === "frequency") return used === 0 || used + 1 <= max;
  return used + reserved + need <= max;
}
