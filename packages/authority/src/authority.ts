/**
 * Authority over runs: what it is made of, and how it is made.
 *
 * @module
 */
import type {
  Digest,
  GateRequest,
  OperationContract,
  Plan,
  RegistrySnapshot,
  RunId,
  Task,
  Timestamp,
} from "@canonic/contracts";
import type { ApprovalDecision, Reservation, ScopeDecision, TokenDecision } from "./decisions.ts";
import type { PolicySet } from "./policies.ts";
import { Session } from "./session.ts";
import { settle } from "./steps.ts";
import type { Answer, AuthorityStorage } from "./storage.ts";
import type { Trust } from "./trust.ts";

export interface AuthorityOptions {
  readonly storage: AuthorityStorage;
  readonly clock: { now(): Timestamp };
  /** The log that the run is journaled in: an approval is for it alone. */
  readonly origin: string;
  /** What was presented: a token, or `<parent>~<child>`. */
  readonly token: string;
  /** Who presents it, and how the run was started. */
  readonly user: string;
  readonly trigger: string;
  readonly trust: Trust;
  /** Without, domains, methods, capabilities, modes and limits decide alone. */
  readonly policies?: PolicySet;
  /** Shows that a live plan writes nothing; without, every live plan needs an armed store. */
  readonly snapshot?: RegistrySnapshot;
}

/** What a run asks: once at the start of each session, then for each task, and at each gate. */
export interface RunAuthority {
  validate(plan: Plan, run: RunId): Answer<TokenDecision>;
  scope(task: Task, contract: OperationContract): Answer<ScopeDecision>;
  /** `attempt` counts the executions of the task in this run, from 1: each is a use of its own. */
  reserve(task: Task, contract: OperationContract, attempt: number): Answer<Reservation>;
  commit(task: Task, attempt: number, tokens: number): Answer<void>;
  approve(request: GateRequest, approval: unknown, recorded: readonly Digest[]): Answer<ApprovalDecision>;
}

/**
 * Makes the authority of one run; a resumed run makes a new one. It answers at once as long as its store does.
 *
 * @throws {AuthorityError} `authority.input-invalid` for a user that is no principal.
 */
export function createAuthority(options: AuthorityOptions): RunAuthority {
  const session = new Session(options);
  return {
    validate: (plan, run) => settle(session.validate(plan, run)),
    scope: (task, contract) => settle(session.scope(task, contract)),
    reserve: (task, contract, attempt) => settle(session.reserve(task, contract, attempt)),
    commit: (task, attempt, tokens) => session.commit(task, attempt, tokens),
    approve: (request, approval, recorded) => settle(session.approve(request, approval, recorded)),
  };
}
