/**
 * The chains that a journal may append to, and what each of them takes next.
 *
 * @module
 */
import { AUTHORITY_CHAIN, type Digest, type EventDraft, type EventType, type RunId, runIdOf } from "@canonic/contracts";
import { type ChainState, isTypeOfChain, startRun } from "./chain.ts";
import { AuditError } from "./errors.ts";
import { StatementChain } from "./statement-chain.ts";
import type { StoredLeaf } from "./storage.ts";

export class OpenChains {
  readonly #chains = new Map<string, ChainState>();
  readonly #statements = new Map<RunId, StatementChain>();
  /** Taken by the journal itself alone: nobody appends to it by its name. */
  readonly log: ChainState;
  readonly authority: ChainState;
  #reserved: ChainState | undefined;
  #lastNumber: number;

  constructor(own: { readonly log: ChainState; readonly authority: ChainState; readonly lastNumber: number }) {
    this.log = own.log;
    this.authority = own.authority;
    this.#chains.set(AUTHORITY_CHAIN, own.authority);
    this.#lastNumber = own.lastNumber;
  }

  reserve(plan: Digest): { readonly run: RunId; readonly number: number } {
    const number = this.#lastNumber + 1;
    const run = runIdOf(plan, number);
    this.#reserved = startRun(run, plan, number);
    return { run, number };
  }

  /** Opens a run that an earlier process began; one that is open stays as it is. */
  open(chain: ChainState): void {
    if (!this.#chains.has(chain.run)) this.#chains.set(chain.run, chain);
  }

  /** Opens the statements about a run that is sealed. */
  openStatements(run: RunId, leaves: readonly StoredLeaf[]): void {
    if (!this.#statements.has(run)) this.#statements.set(run, new StatementChain(leaves));
  }

  isSealed(run: RunId): boolean | undefined {
    return this.#chains.get(run)?.sealed;
  }

  /**
   * The chain that takes a draft, as it stands before.
   *
   * @throws {AuditError} `audit.run-not-open`, `audit.run-sealed`, `audit.chain-foreign`, `audit.run-start`.
   */
  for(run: string, draft: EventDraft): ChainState {
    const chain = this.#chains.get(run) ?? (this.#reserved?.run === run ? this.#reserved : undefined);
    if (chain === undefined) throw notOpen(run);
    if (chain.sealed) throw new AuditError("audit.run-sealed", `run \`${run}\` is sealed`, { run });
    if (!isTypeOfChain(draft.type, run)) throw chainForeign(run, draft.type);
    if (chain.plan === null) return chain;
    if ((chain.seq === 0) !== (draft.type === "PLAN_FROZEN")) throw runStart(run, "PLAN_FROZEN first, and once");
    if (draft.type === "PLAN_FROZEN" && (draft.data.number !== chain.number || draft.data.plan !== chain.plan)) {
      throw runStart(run, "PLAN_FROZEN with the plan and number that were reserved");
    }
    return chain;
  }

  /** What {@link for} gave has taken an event. */
  took(chain: ChainState, type: EventType, leaf: Digest): void {
    chain.seq += 1;
    chain.prev = leaf;
    if (type === "RUN_SEALED") chain.sealed = true;
    if (chain !== this.#reserved) return;
    const run = chain.run as RunId;
    this.#chains.set(run, chain);
    this.#statements.set(run, new StatementChain());
    this.#lastNumber += 1;
    this.#reserved = undefined;
  }

  /**
   * The statements about a run, for one more.
   *
   * @throws {AuditError} `audit.run-not-open`, `audit.run-not-sealed`, `audit.entry-twice`.
   */
  statementsFor(run: RunId, entry: Uint8Array): StatementChain {
    const statements = this.#statements.get(run);
    if (statements === undefined) throw notOpen(run);
    if (this.isSealed(run) === false)
      throw new AuditError("audit.run-not-sealed", `run \`${run}\` takes statements when it is sealed`, { run });
    if (statements.has(entry))
      throw new AuditError("audit.entry-twice", `the log has this statement about run \`${run}\``, { run });
    return statements;
  }
}

function notOpen(run: string): AuditError<"audit.run-not-open"> {
  return new AuditError("audit.run-not-open", `run \`${run}\` is not open in this journal`, { run });
}

function chainForeign(chain: string, type: string): AuditError<"audit.chain-foreign"> {
  return new AuditError("audit.chain-foreign", `chain \`${chain}\` takes no ${type}`, { chain, type });
}

function runStart(run: string, expected: string): AuditError<"audit.run-start"> {
  return new AuditError("audit.run-start", `run \`${run}\` takes ${expected}`, { run, expected });
}
