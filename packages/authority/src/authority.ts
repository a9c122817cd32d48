/**
 * The authority of one run, under one presented token.
 *
 * Invariants:
 *   U1. A token is looked at in one order: revoked, existing (readable, one spelling, a trusted signature, no recursion), user,
 *       expired, trigger, mode. The first fault is the reason; a revoked token is revoked, whatever else it is.
 *   U2. Revocation, expiry and the store's mode are looked at again before every task, twice: at its scope and at its limits.
 *   U3. What a task may spend is held before it runs, under the token and its parent alike, in one transaction of the store.
 *   U4. Nothing is allowed before a validation has allowed it: to ask out of order is a broken invariant, and throws.
 *   U5. An approval is consumed in the store before it is answered. One that was consumed and never recorded, because the
 *       process died between, is good again for the same gate of the same run and for no other.
 *   U6. Decisions hold digests and claims; never the token's text.
 *
 * @module
 */
import {
  type Digest,
  type ExecutionMode,
  type GateRequest,
  modeAt,
  type OperationContract,
  type Payload,
  type Plan,
  Principal,
  type Reason,
  type RegistrySnapshot,
  type RunId,
  type Task,
  type Timestamp,
  Trigger,
} from "@canonic/contracts";
import { checkApproval, replayed } from "./approval.ts";
import { AuthorityError } from "./errors.ts";
import { checkUse, type LimitUse, windowStart } from "./limits.ts";
import type { PolicySet } from "./policies.ts";
import { type Refusal, type RefusalCode, refusal } from "./refusal.ts";
import { armedFault, createScope } from "./scope.ts";
import { ask, type Steps, settle } from "./steps.ts";
import type { Answer, AuthorityStorage } from "./storage.ts";
import { presentedDigests, type ReadToken, readToken, type TokenReading } from "./token.ts";
import type { Trust } from "./trust.ts";
import {
  chainOf,
  expiredOf,
  expiryFault,
  futureFault,
  modeFault,
  planWrites,
  triggerFault,
  userFault,
} from "./validation.ts";

export interface AuthorityOptions {
  readonly storage: AuthorityStorage;
  readonly clock: { now(): Timestamp };
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

type Allow = { readonly kind: "allow" };
type Refuse = { readonly kind: "refuse"; readonly reasons: readonly Reason[] };

export type TokenDecision = {
  readonly token: Digest;
  readonly claims: Payload | null;
  readonly user: string;
  readonly trigger: string;
} & (Allow | Refuse);
export type ScopeDecision = {
  readonly token: Digest;
  readonly policySet: Digest | null;
  readonly policies: readonly string[];
} & (Allow | Refuse);
export type Reservation = { readonly token: Digest; readonly limits: readonly LimitUse[] } & (Allow | Refuse);
export type ApprovalDecision =
  | (Allow & {
      readonly approval: Payload;
      readonly signer: string;
      readonly decision: "approve" | "reject";
      readonly reviewDecision: string | null;
      readonly expiresAt: Timestamp;
    })
  | Refuse;

export interface RunAuthority {
  validate(plan: Plan, run: RunId): Answer<TokenDecision>;
  scope(task: Task, contract: OperationContract): Answer<ScopeDecision>;
  reserve(task: Task, contract: OperationContract): Answer<Reservation>;
  commit(task: Task, tokens: number): Answer<void>;
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
    reserve: (task, contract) => settle(session.reserve(task, contract)),
    commit: (task, tokens) => session.commit(task, tokens),
    approve: (request, approval, recorded) => settle(session.approve(request, approval, recorded)),
  };
}

/** What a validation that allowed leaves behind. */
type Valid = { readonly run: RunId; readonly token: ReadToken; readonly scope: ReturnType<typeof createScope> };

class Session {
  readonly #options: AuthorityOptions;
  readonly #digests: readonly [Digest, ...Digest[]];
  readonly #reading: TokenReading;
  readonly #trigger: string;
  #valid: Valid | undefined;

  constructor(options: AuthorityOptions) {
    if (!Principal.safeParse(options.user).success) {
      const issues = [{ pointer: "/user", expected: "1 to 128 characters" }];
      throw new AuthorityError("authority.input-invalid", "nobody presents the token", { issues });
    }
    this.#options = options;
    this.#digests = presentedDigests(options.token);
    this.#reading = readToken(options.token, options.trust);
    this.#trigger = [...options.trigger.toWellFormed()].slice(0, 64).join("");
  }

  *validate(plan: Plan, run: RunId): Steps<TokenDecision> {
    this.#valid = undefined;
    const { storage, clock, user, trigger, policies } = this.#options;
    const now = clock.now();
    const reading = this.#reading;
    const claims = reading.kind === "token" ? reading.token.payload : reading.said;
    const decided = { token: this.#digests[0], claims, user, trigger: this.#trigger };
    const reason = yield* this.#validationFault(plan, now);
    if (reason !== null || reading.kind === "refuse") return { ...decided, ...refuse(reason ?? unreachable()) };
    const { token } = reading;
    for (const { digest } of chainOf(token)) {
      const data = { token: digest, run, occurredAt: now };
      yield* ask(storage.markFirstUsed(digest, now, { type: "TOKEN_FIRST_USED", subject: digest, data }));
    }
    this.#valid = { run, token, scope: createScope(token.claims, Trigger.parse(trigger), policies) };
    return { ...decided, kind: "allow" };
  }

  *scope(task: Task, contract: OperationContract): Steps<ScopeDecision> {
    const { token, scope } = this.#validated();
    if (contract.operation !== task.operation) throw new Error("a task was routed to another operation");
    const decided = { token: token.digest, policySet: this.#options.policies?.digest ?? null };
    const { mode, fault } = yield* this.#standing(token, this.#options.clock.now());
    if (fault !== null) return { ...decided, policies: [], ...refuse(fault) };
    const { reason, policies } = scope(contract, mode);
    return { ...decided, policies, ...(reason === null ? { kind: "allow" } : refuse(reason)) };
  }

  *reserve(task: Task, contract: OperationContract): Steps<Reservation> {
    const { run, token } = this.#validated();
    const { storage, clock } = this.#options;
    const now = clock.now();
    const standing = yield* this.#standing(token, now);
    const fault = standing.fault ?? armedFault(contract, standing.mode);
    const need = contract.tokensMax ?? 0;
    const chain = chainOf(token);
    const tokens = chain.map(({ digest, claims }) => ({ token: digest, since: windowStart(now, claims.limits) }));
    const { counts, reserved } = yield* ask(
      storage.reserve(
        { id: useOf(run, task), at: now, need, tokens },
        (found) => fault === null && checkUse(chain, found, need).refusing === null,
      ),
    );
    const { rows, refusing, refusedBy } = checkUse(chain, counts, need);
    const decided = { token: token.digest, limits: rows };
    if (reserved) return { ...decided, kind: "allow" };
    return { ...decided, ...refuse(fault ?? limitFault(refusing ?? unreachable(), refusedBy !== token.digest)) };
  }

  commit(task: Task, tokens: number): Answer<void> {
    return this.#options.storage.commit(useOf(this.#validated().run, task), tokens);
  }

  *approve(request: GateRequest, approval: unknown, recorded: readonly Digest[]): Steps<ApprovalDecision> {
    const { storage, clock, trust } = this.#options;
    const now = clock.now();
    if ((yield* this.#mode(now)) === "halted") return refuse(haltedFault());
    const reading = checkApproval(request, approval, trust, now, recorded);
    if (reading.kind === "refuse") return refuse(reading.reason);
    const { approval: payload, signer, claims, expiresAt } = reading;
    const use = yield* ask(storage.consumeApproval(payload.digest, request.run, request.gate, now));
    if (use === "other") return refuse(replayed());
    const { decision, reviewDecision } = claims;
    return { kind: "allow", approval: payload, signer, decision, reviewDecision, expiresAt };
  }

  *#validationFault(plan: Plan, now: Timestamp): Steps<Refusal | null> {
    const { user, trigger, snapshot } = this.#options;
    const revoked = yield* this.#revokedFault();
    if (revoked !== null) return revoked;
    const reading = this.#reading;
    if (reading.kind === "refuse") return reading.reason;
    const { token } = reading;
    const existing = futureFault(token, now) ?? userFault(token, plan, user);
    if (existing !== null) return existing;
    const expired = yield* this.#expiredFault(token, now);
    const fault = expired ?? triggerFault(token, trigger) ?? modeFault(token, plan);
    if (fault !== null) return fault;
    const mode = yield* this.#mode(now);
    if (mode === "halted") return haltedFault();
    if (plan.mode !== "live" || mode === "armed" || !planWrites(plan, snapshot)) return null;
    return refusal("authority.not-armed", "mode", "a live plan that writes needs a store that a person has armed");
  }

  /** What may have changed since the last look. */
  *#standing(
    token: ReadToken,
    now: Timestamp,
  ): Steps<{ readonly mode: ExecutionMode; readonly fault: Refusal | null }> {
    const fallen = (yield* this.#revokedFault()) ?? (yield* this.#expiredFault(token, now));
    const mode = yield* this.#mode(now);
    return { mode, fault: fallen ?? (mode === "halted" ? haltedFault() : null) };
  }

  *#revokedFault(): Steps<Refusal | null> {
    for (const digest of this.#digests) {
      if (yield* ask(this.#options.storage.isRevoked(digest))) {
        const whose = digest === this.#digests[0] ? "the token" : "the token's parent";
        return refusal("authority.token-revoked", "token", `${whose} is revoked`);
      }
    }
    return null;
  }

  *#expiredFault(token: ReadToken, now: Timestamp): Steps<Refusal | null> {
    const expired = expiredOf(token, now);
    if (expired === undefined) return null;
    const { digest, expiresAt } = expired;
    const data = { token: digest, expiresAt, occurredAt: now };
    yield* ask(this.#options.storage.markExpired(digest, now, { type: "TOKEN_EXPIRED", subject: digest, data }));
    return expiryFault(expired);
  }

  *#mode(now: Timestamp): Steps<ExecutionMode> {
    return modeAt(yield* ask(this.#options.storage.mode()), now);
  }

  #validated(): Valid {
    if (this.#valid === undefined) throw new Error("no token was validated for this run");
    return this.#valid;
  }
}

/** A use is named by run and task: an attempt that is made again is the same use. */
function useOf(run: RunId, { id }: Task): string {
  return `${run}/${id}`;
}

function limitFault({ limit, used, reserved, need, max }: LimitUse, isOfParent: boolean): Refusal {
  const code: RefusalCode = `authority.limit-${limit}`;
  const whose = isOfParent ? "the token's parent" : "the token";
  return refusal(code, limit, `${whose} allows ${max}; ${used} are used, ${reserved} are held, ${need} are asked for`);
}

function haltedFault(): Refusal {
  return refusal("authority.halted", "mode", "a person has halted the store");
}

function refuse(reason: Refusal): Refuse {
  return { kind: "refuse", reasons: [reason] };
}

function unreachable(): never {
  throw new Error("a refusal without a reason");
}
