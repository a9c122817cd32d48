/**
 * One session of a run, under one presented token: the flows behind `createAuthority`.
 *
 * Invariants:
 *   U1. A token is looked at in one order: revoked, existing (readable, one spelling, a trusted signature, no recursion), user,
 *       expired, trigger, mode. The first fault is the reason; a revoked token is revoked, whatever else it is.
 *   U2. Revocation, expiry and the store's mode are looked at again before every task, twice: at its scope and at its limits.
 *       Who was seen to have expired stays so: a clock that is set back revives no token.
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
  type Plan,
  Principal,
  type RunId,
  type Task,
  type Timestamp,
  Trigger,
} from "@canonic/contracts";
import { checkApproval, replayed } from "./approval.ts";
import type { AuthorityOptions } from "./authority.ts";
import {
  type ApprovalDecision,
  type Reservation,
  refuse,
  type ScopeDecision,
  type TokenDecision,
} from "./decisions.ts";
import { AuthorityError } from "./errors.ts";
import { checkUse, type LimitUse, windowStart } from "./limits.ts";
import { type Refusal, type RefusalCode, refusal } from "./refusal.ts";
import { armedFault, createScope } from "./scope.ts";
import { ask, type Steps } from "./steps.ts";
import type { Answer, ReserveRequest, TokenEnd } from "./storage.ts";
import { presentedDigests, type ReadToken, readToken, type TokenReading } from "./token.ts";
import {
  chainOf,
  expiredOf,
  expiryFault,
  futureFault,
  modeFault,
  planWrites,
  seenExpiredFault,
  triggerFault,
  userFault,
} from "./validation.ts";

/** What a validation that allowed leaves behind. */
type Valid = { readonly run: RunId; readonly token: ReadToken; readonly scope: ReturnType<typeof createScope> };

export class Session {
  readonly #options: AuthorityOptions;
  readonly #digests: readonly [Digest, ...Digest[]];
  readonly #reading: TokenReading;
  readonly #trigger: string;
  #valid: Valid | undefined;
  #windows: { readonly now: Timestamp; readonly tokens: ReserveRequest["tokens"] } | undefined;

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

  *reserve(task: Task, contract: OperationContract, attempt: number): Steps<Reservation> {
    const { run, token } = this.#validated();
    const { storage, clock } = this.#options;
    const now = clock.now();
    const standing = yield* this.#standing(token, now);
    const fault = standing.fault ?? armedFault(contract, standing.mode);
    const need = contract.tokensMax ?? 0;
    const chain = chainOf(token);
    const { counts, reserved } = yield* ask(
      storage.reserve(
        { id: useOf(run, task, attempt), at: now, need, tokens: this.#windowsAt(now, chain) },
        (found) => fault === null && checkUse(chain, found, need).refusing === null,
      ),
    );
    const { rows, refusing, refusedBy } = checkUse(chain, counts, need);
    const decided = { token: token.digest, limits: rows };
    if (reserved) return { ...decided, kind: "allow" };
    return { ...decided, ...refuse(fault ?? limitFault(refusing ?? unreachable(), refusedBy !== token.digest)) };
  }

  commit(task: Task, attempt: number, tokens: number): Answer<void> {
    return this.#options.storage.commit(useOf(this.#validated().run, task, attempt), tokens);
  }

  *approve(request: GateRequest, approval: unknown, recorded: readonly Digest[]): Steps<ApprovalDecision> {
    const { storage, clock, origin, trust } = this.#options;
    if (request.run !== this.#validated().run) throw new Error("a gate of another run than the one that was validated");
    const now = clock.now();
    if (modeAt(yield* ask(storage.mode()), now) === "halted") return refuse(haltedFault());
    const reading = checkApproval({ ...request, origin }, approval, trust, now, recorded);
    if (reading.kind === "refuse") return refuse(reading.reason);
    const { approval: payload, signer, claims, expiresAt } = reading;
    const use = yield* ask(storage.consumeApproval(payload.digest, request.run, request.gate, now));
    if (use === "other") return refuse(replayed());
    const { decision, reviewDecision } = claims;
    return { kind: "allow", approval: payload, signer, decision, reviewDecision, expiresAt };
  }

  *#validationFault(plan: Plan, now: Timestamp): Steps<Refusal | null> {
    const { user, trigger, snapshot } = this.#options;
    const { ends, mode: record } = yield* ask(this.#options.storage.standing(this.#digests));
    const revoked = this.#revokedFault(ends);
    if (revoked !== null) return revoked;
    const reading = this.#reading;
    if (reading.kind === "refuse") return reading.reason;
    const { token } = reading;
    const existing = futureFault(token, now) ?? userFault(token, plan, user);
    if (existing !== null) return existing;
    const expired = yield* this.#expiredFault(token, now, ends);
    const fault = expired ?? triggerFault(token, trigger) ?? modeFault(token, plan);
    if (fault !== null) return fault;
    const mode = modeAt(record, now);
    if (mode === "halted") return haltedFault();
    if (plan.mode !== "live" || mode === "armed" || !planWrites(plan, snapshot)) return null;
    return refusal("authority.not-armed", "mode", "a live plan that writes needs a store that a person has armed");
  }

  /** What may have changed since the last look. */
  *#standing(
    token: ReadToken,
    now: Timestamp,
  ): Steps<{ readonly mode: ExecutionMode; readonly fault: Refusal | null }> {
    const { ends, mode: record } = yield* ask(this.#options.storage.standing(this.#digests));
    const fallen = this.#revokedFault(ends) ?? (yield* this.#expiredFault(token, now, ends));
    const mode = modeAt(record, now);
    return { mode, fault: fallen ?? (mode === "halted" ? haltedFault() : null) };
  }

  #revokedFault(ends: readonly (TokenEnd | null)[]): Refusal | null {
    const at = ends.indexOf("revoked");
    if (at < 0) return null;
    const whose = at === 0 ? "the token" : "the token's parent";
    return refusal("authority.token-revoked", "token", `${whose} is revoked`);
  }

  *#expiredFault(token: ReadToken, now: Timestamp, ends: readonly (TokenEnd | null)[]): Steps<Refusal | null> {
    const expired = expiredOf(token, now);
    if (expired === undefined) return ends.includes("expired") ? seenExpiredFault() : null;
    const { digest, expiresAt } = expired;
    const data = { token: digest, expiresAt, occurredAt: now };
    yield* ask(this.#options.storage.markExpired(digest, now, { type: "TOKEN_EXPIRED", subject: digest, data }));
    return expiryFault(expired);
  }

  /** Many tasks are reserved in one millisecond; their windows are the same. */
  #windowsAt(now: Timestamp, chain: readonly ReadToken[]): ReserveRequest["tokens"] {
    if (this.#windows?.now !== now) {
      const tokens = chain.map(({ digest, claims }) => ({ token: digest, since: windowStart(now, claims.limits) }));
      this.#windows = { now, tokens };
    }
    return this.#windows.tokens;
  }

  #validated(): Valid {
    if (this.#valid === undefined) throw new Error("no token was validated for this run");
    return this.#valid;
  }
}

/**
 * A use is named by run, task and attempt: what is executed again is another use. An attempt that was reserved and never began
 * has the same number when the run goes on, so that what it holds becomes its own and is not held for ever.
 */
function useOf(run: RunId, { id }: Task, attempt: number): string {
  if (!Number.isSafeInteger(attempt) || attempt < 1) throw new Error("an attempt is counted from 1");
  return `${run}/${id}/${attempt}`;
}

function limitFault({ limit, used, reserved, need, max }: LimitUse, isOfParent: boolean): Refusal {
  const code: RefusalCode = `authority.limit-${limit}`;
  const whose = isOfParent ? "the token's parent" : "the token";
  return refusal(code, limit, `${whose} allows ${max}; ${used} are used, ${reserved} are held, ${need} are asked for`);
}

function haltedFault(): Refusal {
  return refusal("authority.halted", "mode", "a person has halted the store");
}

function unreachable(): never {
  throw new Error("a refusal without a reason");
}
