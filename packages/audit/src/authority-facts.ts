/**
 * What the events of a run say of its authority, recomputed from the claims of its tokens.
 *
 * Invariants:
 *   A1. A token that was validated is the plan's user's, had been issued and not expired, and lists trigger and mode. One that
 *       was refused was refused for the first of these that fails, or for what only the issuer's store knows.
 *   A2. A scope check allows only what the claims list: this domain, this method, these capabilities, by equality. It
 *       refuses what they list only for a reason that claims do not decide: policy, mode, expiry, revocation, another holder
 *       of the run.
 *   A3. A task is checked under the token of its session. A decision stands between the event before it and its own,
 *       whichever the clock calls earlier: a token had expired when it had by both, and may have when it had by one.
 *   A4. What is allowed gives no reason, what is refused at least one. Without claims the decisions are left open.
 *
 * @module
 */
import {
  type Digest,
  domainOf,
  isInScope,
  type JsonValue,
  methodOf,
  type OperationContract,
  type Plan,
  type RunEvent,
  type Task,
  TOKEN_LIFETIME_SECONDS_MAX,
  TokenClaims,
  Trigger,
} from "@canonic/contracts";
import { artifactPath } from "./bundle-layout.ts";
import { epochMsOf } from "./epoch.ts";
import { EventTruth } from "./event-truth.ts";
import type { Findings } from "./findings.ts";
import { LimitFacts } from "./limit-facts.ts";
import type { Planned } from "./verify-plan.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

/** Refusals that only the issuer's store can explain; the bundle cannot contradict them. */
const STATED_AT_VALIDATION = ["token-revoked", "token-unknown", "recursion", "halted", "not-armed"];
/** The holder of a run refuses its next write when another process has taken the run over. */
const TAKEN_OVER = "orchestrator.run-held";
/** No moment; what an event spells as none is NaN. */
const NONE = Number.NEGATIVE_INFINITY;
const STATED_LATER = ["token-revoked", "mode-refused", "halted", "not-armed", "recursion"];

/** Feed the events of one run in order. */
export class AuthorityFacts {
  readonly #plan: Plan;
  readonly #contracts: ReadonlyMap<string, OperationContract>;
  readonly #artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly #findings: Findings;
  readonly #truth: EventTruth;
  readonly #limits: LimitFacts;
  /** The claims of each token that was validated, by digest. */
  readonly #known = new Map<Digest, Digest | null>();
  /** When the last event of the run's own, or of a task, was written, in milliseconds since 1970; NONE before the first. */
  readonly #before: Float64Array;
  #token: Digest | undefined;
  #claims: TokenClaims | undefined;

  constructor({ plan, contracts, artifacts }: Pick<Planned, "plan" | "contracts" | "artifacts">, findings: Findings) {
    this.#plan = plan;
    this.#contracts = contracts;
    this.#artifacts = artifacts;
    this.#findings = findings;
    this.#truth = new EventTruth(findings);
    this.#limits = new LimitFacts(contracts, findings);
    this.#before = new Float64Array(plan.tasks.length + 1).fill(NONE);
  }

  /** The claims that the run's tokens were validated by. */
  get named(): readonly Digest[] {
    return [...this.#known.values()].filter((digest) => digest !== null);
  }

  /** @param task - The task that is the event's subject. */
  next(place: string, event: RunEvent, task: Task | undefined): void {
    const line = task?.position ?? this.#plan.tasks.length;
    if (event.type === "TOKEN_VALIDATION") this.#validation(place, event);
    else if (event.type === "AUTHORIZATION_SCOPE_CHECK" && task !== undefined) this.#scope(place, event, task);
    else if (event.type === "RESOURCE_LIMIT_CHECK" && task !== undefined) {
      this.#truth.agree(place, "token", event.data.token, this.#token);
      const isExpired = this.#mayBeExpired(task.position, event) || wasSeenExpired(event.data.reasons);
      this.#limits.check(place, event, task, {
        claims: this.#claims,
        stated: [...STATED_LATER, ...(isExpired ? ["token-expired"] : [])],
      });
      if (event.data.decision === "allow") this.#checkAlive(place, task.position, event);
    } else this.#limits.next(event, task);
    this.#before[line] = epochMsOf(event.at);
  }

  #validation(place: string, event: EventOf<"TOKEN_VALIDATION">): void {
    const { token, claims, decision, reasons, user, trigger } = event.data;
    this.#truth.reasons(place, event.data);
    this.#token = token;
    this.#claims = this.#claimsOf(place, event);
    const known = this.#known.get(token);
    if (known !== undefined && known !== claims) this.#truth.untrue(place, "one token has two claims");
    this.#known.set(token, claims);
    if (decision === "allow" && claims === null)
      this.#truth.untrue(place, "a token without readable claims is allowed");
    const code = codeOf(reasons);
    if (this.#claims === undefined) {
      const isTold = code === "token-unknown" || code === "token-revoked";
      if (decision === "refuse" && claims === null && !isTold)
        this.#truth.untrue(place, `a token without readable claims is refused as \`${code}\``);
      return;
    }
    const facts = { claims: this.#claims, user, trigger };
    const { earliest, latest } = this.#decided(this.#plan.tasks.length, event);
    const certain = this.#faultsAt(earliest, facts);
    const possible = this.#faultsAt(latest, facts);
    if (decision === "allow" && certain.length > 0)
      this.#truth.untrue(place, `the token is allowed, its claims say ${certain.join(", ")}`);
    if (decision === "allow" && latest < this.#claims.iat * 1000)
      this.#truth.untrue(place, "the token is allowed before it was issued");
    const isStated = STATED_AT_VALIDATION.includes(code) || wasSeenExpired(reasons);
    const isTrue = isStated || code === certain[0] || code === possible[0];
    if (decision === "refuse" && !isTrue)
      this.#truth.untrue(
        place,
        `the token is refused as \`${code}\`, its claims say ${possible[0] ?? "nothing of it"}`,
      );
  }

  /** What the claims fail at by a moment, in the order in which it is checked. */
  #faultsAt(
    at: number,
    { claims, user, trigger }: { readonly claims: TokenClaims; readonly user: string; readonly trigger: string },
  ): string[] {
    const { exp, iat, sub, modes } = claims;
    const isLasting = exp > iat && exp - iat <= TOKEN_LIFETIME_SECONDS_MAX;
    const listed = Trigger.safeParse(trigger);
    return [
      ...(isLasting ? [] : ["token-unknown"]),
      ...(user === this.#plan.user && sub === this.#plan.user ? [] : ["user-differs"]),
      ...(at >= exp * 1000 ? ["token-expired"] : []),
      ...(listed.success && claims.triggers.includes(listed.data) ? [] : ["trigger-refused"]),
      ...(modes.includes(this.#plan.mode) ? [] : ["mode-refused"]),
    ];
  }

  #claimsOf(place: string, { data: { claims, token } }: EventOf<"TOKEN_VALIDATION">): TokenClaims | undefined {
    if (claims === null) return undefined;
    if (claims === token) this.#truth.untrue(place, "the digest of the token is that of its claims");
    const value = this.#artifacts.get(claims);
    const parsed = TokenClaims.safeParse(value);
    if (parsed.success) return parsed.data;
    if (value === undefined)
      this.#findings.open(
        "claims-missing",
        artifactPath(claims),
        "the claims of the run's token are not in the bundle",
      );
    else this.#findings.invalid("claims-malformed", artifactPath(claims), "what the run was allowed by is no claims");
    return undefined;
  }

  #scope(place: string, event: EventOf<"AUTHORIZATION_SCOPE_CHECK">, task: Task): void {
    const { data } = event;
    this.#truth.reasons(place, data);
    this.#truth.agree(place, "token", data.token, this.#token);
    if (data.policySet === null && data.policies.length > 0)
      this.#truth.untrue(place, "policies of no set have decided");
    const claims = this.#claims;
    if (claims === undefined) return;
    const [domain, method] = [domainOf(task.operation), methodOf(task.operation)];
    const isDomain = claims.authorization_details.some(({ identifier }) => identifier === domain);
    const isMethod = isInScope(claims, domain, method);
    const lacking = (this.#contracts.get(task.contract)?.capabilities ?? []).filter(
      (capability) => !claims.capabilities.includes(capability),
    );
    if (data.decision === "allow") {
      if (!isMethod) this.#truth.untrue(place, `\`${domain}.${method}\` is allowed, the claims do not list it`);
      if (lacking.length > 0)
        this.#truth.untrue(place, `capability \`${lacking[0]}\` is allowed, the claims do not list it`);
      this.#checkAlive(place, task.position, event);
      return;
    }
    const code = codeOf(data.reasons);
    const isTrue =
      data.reasons[0]?.code === TAKEN_OVER ||
      STATED_LATER.includes(code) ||
      (code === "token-expired" && (this.#mayBeExpired(task.position, event) || wasSeenExpired(data.reasons))) ||
      (code === "domain-refused" && !isDomain) ||
      (code === "method-refused" && isDomain && !isMethod) ||
      (code === "capability-refused" && isMethod && lacking.length > 0) ||
      (code === "policy-refused" && data.policySet !== null);
    if (!isTrue)
      this.#truth.untrue(place, `\`${domain}.${method}\` is refused as \`${code}\`, the claims say otherwise`);
  }

  /** What is allowed was allowed by a token that had not expired (A3). */
  #checkAlive(place: string, line: number, event: RunEvent): void {
    if (this.#claims !== undefined && this.#decided(line, event).earliest >= this.#claims.exp * 1000)
      this.#truth.untrue(place, "the token had expired when the task was allowed");
  }

  #mayBeExpired(line: number, event: RunEvent): boolean {
    return this.#claims === undefined || this.#decided(line, event).latest >= this.#claims.exp * 1000;
  }

  /** Between which moments the decision of an event was made; `line` is its task's position, or behind all for the run. */
  #decided(line: number, { at }: RunEvent): { readonly earliest: number; readonly latest: number } {
    const now = epochMsOf(at);
    const last = this.#before[line] ?? NONE;
    const before = last === NONE ? now : last;
    return { earliest: Math.min(before, now), latest: Math.max(before, now) };
  }
}

/** True for a refusal by what the store had seen under a later clock: the claims' own time cannot contradict it. */
function wasSeenExpired([reason]: readonly { readonly code: string; readonly place: string }[]): boolean {
  return reason?.code === "authority.token-expired" && reason.place === "store";
}

/** The first reason's code without its package; codes of others explain no refusal. */
function codeOf(reasons: readonly { readonly code: string }[]): string {
  const code = reasons[0]?.code ?? "";
  return code.startsWith("authority.") ? code.slice("authority.".length) : "";
}
