/**
 * An authority in memory that allows by list, and people who answer at gates.
 *
 * @module
 */
import {
  canonicalBytes,
  digestBytes,
  digestJson,
  type GateRequest,
  type JsonObject,
  type JsonValue,
  type Reason,
} from "@canonic/contracts";
import type { Answer, Approvals, Authority } from "../src/index.ts";
import type { World } from "./kit.ts";

export type Allowance = {
  /** Operations by id; nothing but equality matches. */
  readonly operations: readonly string[];
  readonly invocations?: number;
  readonly tokensPerResponse?: number;
  readonly tokensTotal?: number;
  /** Refuses the token itself with these, as long as it gives any. */
  readonly refusal?: () => readonly Reason[];
  /** Answers with promises, as a store on the network does. */
  readonly isLater?: boolean;
};

export type TestAuthority = Authority & {
  /** Every call, in order. */
  readonly calls: string[];
  /** By task id and attempt: the tokens spent, null while they are held. */
  readonly uses: ReadonlyMap<string, number | null>;
};

const PLENTY = 1_000_000;
const claims = { label: "test" };

/** What allows exactly the operations of a world. */
export function allowanceOf(world: World, invocations = PLENTY): Allowance {
  return { operations: world.operations.map(({ contract }) => contract.operation), invocations };
}

export function authorityOf(allowance: Allowance): TestAuthority {
  const { operations, invocations = PLENTY, tokensPerResponse = PLENTY, tokensTotal = PLENTY } = allowance;
  const token = digestJson(allowance.operations as JsonValue);
  const calls: string[] = [];
  const uses = new Map<string, number | null>();
  const say = <T>(call: string, value: T): Answer<T> => {
    calls.push(call);
    return allowance.isLater === true ? new Promise((resolve) => setImmediate(resolve, value)) : value;
  };
  const verdictOf = (reasons: readonly Reason[]) =>
    reasons.length === 0 ? ({ kind: "allow" } as const) : ({ kind: "refuse", reasons } as const);
  const reason = (code: string, place: string): Reason => ({ code, place, message: `${place} is not allowed` });

  return {
    calls,
    uses,
    validate: ({ user }) => {
      const verdict = verdictOf(allowance.refusal?.() ?? []);
      const payload = { digest: digestJson(claims), bytes: canonicalBytes(claims) };
      return say("validate", { token, claims: payload, user, trigger: "direct_command", ...verdict });
    },
    scope({ operation }) {
      const [domain] = operation.split(".");
      const hasDomain = operations.some((one) => one.split(".")[0] === domain);
      const code = hasDomain ? "authority.method-refused" : "authority.domain-refused";
      const verdict = verdictOf(operations.includes(operation) ? [] : [reason(code, operation)]);
      return say(`scope ${operation}`, { token, policySet: null, policies: [], ...verdict });
    },
    reserve(task, contract, attempt) {
      const use = `${task.id}/${attempt}`;
      const others = [...uses].filter(([id]) => id !== use).map(([, tokens]) => tokens);
      const held = others.filter((tokens) => tokens === null).length;
      const spent = others.reduce<number>((sum, tokens) => sum + (tokens ?? 0), 0);
      const need = contract.tokensMax ?? 0;
      const used = others.length - held;
      const limits = [
        { limit: "invocations", used, reserved: held, need: 1, max: invocations },
        { limit: "tokens-per-response", used: 0, reserved: 0, need, max: tokensPerResponse },
        { limit: "tokens-total", used: spent, reserved: 0, need, max: tokensTotal },
        { limit: "frequency", used: 0, reserved: 0, need: 1, max: PLENTY },
      ] as const;
      const reached = limits.find((row) => row.used + row.reserved + row.need > row.max);
      if (reached === undefined && !uses.has(use)) uses.set(use, null);
      const verdict = verdictOf(reached === undefined ? [] : [reason(`authority.limit-${reached.limit}`, task.id)]);
      return say(`reserve ${task.position} ${attempt}`, { token, limits, ...verdict });
    },
    commit(task, attempt, tokens) {
      const use = `${task.id}/${attempt}`;
      if (uses.get(use) === null) uses.set(use, tokens);
      return say(`commit ${task.position} ${attempt} ${tokens}`, undefined);
    },
    approve(request, given, recorded) {
      const bytes = canonicalBytes(given as JsonValue);
      const digest = digestBytes(bytes);
      const { plan, pins, gate, run, decision, reviewDecision, signer } = given as Record<string, string>;
      const differs = [
        ["authority.approval-replayed", recorded.includes(digest)],
        ["authority.approval-other-run", run !== request.run],
        ["authority.approval-other-gate", gate !== request.gate],
        ["authority.approval-plan-differs", plan !== request.plan],
        ["authority.approval-pins-differ", pins !== request.pins],
        ["authority.approval-decision-missing", request.reviewDecision && !reviewDecision],
      ].find(([, isSo]) => isSo);
      if (differs !== undefined)
        return say(`approve ${request.gate}`, verdictOf([reason(String(differs[0]), request.gate)]) as never);
      return say(`approve ${request.gate}`, {
        kind: "allow" as const,
        approval: { digest, bytes },
        signer: String(signer),
        decision: decision as "approve" | "reject",
        reviewDecision: reviewDecision ?? null,
        expiresAt: "2026-01-31T23:00:00.000Z",
      });
    },
  };
}

/** What a person signs who says yes to exactly this, with what a test wants to be different. */
export function approvalOf(request: GateRequest, changes: JsonObject = {}): JsonObject {
  const { run, gate, plan, pins } = request;
  const reviewDecision = request.reviewDecision ? { reviewDecision: "review-1" } : {};
  return { run, gate, plan, pins, decision: "approve", signer: "ada", ...reviewDecision, ...changes };
}

/** A person who says yes at these gates, and nothing at others; `asked` is what was asked. */
export function approving(gates: readonly string[], asked: GateRequest[] = []): Approvals {
  return (request) => {
    asked.push(request);
    return gates.includes(request.gate) ? approvalOf(request) : null;
  };
}
