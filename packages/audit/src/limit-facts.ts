/**
 * What a limit check says of a token's four limits, recomputed as far as one run shows.
 *
 * Other runs may spend the same token, so what was used and held is at least what this run used and held; the limits
 * themselves, what the task needed, and what follows from the four rows is exact.
 *
 * Invariants:
 *   L1. Rows stand in the order of `LimitName`, with the claims' limits and the contract's needs.
 *   L2. What is allowed fits in every row. What is refused is refused for the first row that it does not fit in.
 *   L3. Every other task of the run that ended under the same token was spent, every one that was let begin and has not is
 *       held: together no row shows less. An aborted task spent all that its contract declares.
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

type Use = { readonly token: Digest; readonly tokens: number; readonly isSpent: boolean };

export class LimitFacts {
  readonly #contracts: ReadonlyMap<string, OperationContract>;
  readonly #truth: EventTruth;
  /** What each task that ended has spent, or that was let begin holds, under the token that let it last. */
  readonly #uses = new Map<TaskId, Use>();
  readonly #held = new Set<TaskId>();
  readonly #sums = new Map<Digest, { uses: number; tokens: number }>();

  constructor(contracts: ReadonlyMap<Digest | string, OperationContract>, findings: Findings) {
    this.#contracts = contracts;
    this.#truth = new EventTruth(findings);
  }

  /** All but limit checks. */
  next(event: RunEvent, task: Task | undefined): void {
    // What a session held before it broke off is held on, but nothing in the journal shows for how long.
    if (event.type === "RUN_RESUMED") this.#dropHeld();
    if (task === undefined) return;
    if (event.type === "EXECUTION_COMPLETED") this.#end(task, event.data.tokens);
    if (event.type === "OPERATION_ABORTED") this.#end(task, this.#tokensMaxOf(task));
  }

  check(place: string, { data }: LimitCheck, task: Task, { claims, stated }: LimitBasis): void {
    this.#truth.reasons(place, data);
    const need = this.#tokensMaxOf(task);
    const needs = [1, need, need, 1];
    for (const [at, row] of data.limits.entries()) {
      this.#truth.agree(place, `limit ${at + 1}`, row.limit, LimitName.options[at]);
      this.#truth.agree(place, `need of ${row.limit}`, row.need, needs[at]);
      if (claims !== undefined) this.#truth.agree(place, `max of ${row.limit}`, row.max, maxOf(claims, row.limit));
      this.#atLeast(place, row, task, data.token);
    }
    const first = data.limits.find((row) => !fits(row));
    if (data.decision === "allow") {
      if (first !== undefined) this.#truth.untrue(place, `the task is allowed and does not fit in ${first.limit}`);
      const known = this.#uses.get(task.id);
      this.#use(task.id, { token: data.token, tokens: known?.tokens ?? need, isSpent: known?.isSpent ?? false });
      this.#held.add(task.id);
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

  #atLeast(place: string, { limit, used, reserved }: Row, { id }: Task, token: Digest): void {
    if (limit !== "invocations" && limit !== "tokens-total") return;
    const sum = this.#sums.get(token) ?? { uses: 0, tokens: 0 };
    const known = this.#uses.get(id);
    const own = known?.token === token ? known : undefined;
    const least = limit === "invocations" ? sum.uses - (own === undefined ? 0 : 1) : sum.tokens - (own?.tokens ?? 0);
    if (used + reserved < least)
      this.#truth.untrue(
        place,
        `the event says ${used} used and ${reserved} reserved of ${limit}, this run has ${least}`,
      );
  }

  /** A task that ended twice (a stop let it begin again) spent at least the smaller of both. */
  #end({ id }: Task, tokens: number): void {
    const known = this.#uses.get(id);
    this.#held.delete(id);
    if (known === undefined) return;
    this.#use(id, { ...known, tokens: known.isSpent ? Math.min(tokens, known.tokens) : tokens, isSpent: true });
  }

  #dropHeld(): void {
    for (const id of this.#held) if (this.#uses.get(id)?.isSpent === false) this.#use(id, undefined);
    this.#held.clear();
  }

  #use(id: TaskId, next: Use | undefined): void {
    const last = this.#uses.get(id);
    if (last !== undefined) this.#add(last, -1);
    if (next === undefined) this.#uses.delete(id);
    else {
      this.#uses.set(id, next);
      this.#add(next, 1);
    }
  }

  #add({ token, tokens }: Use, sign: 1 | -1): void {
    const sum = this.#sums.get(token) ?? { uses: 0, tokens: 0 };
    this.#sums.set(token, { uses: sum.uses + sign, tokens: sum.tokens + sign * tokens });
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
