/**
 * The smallest token that lets one plan run.
 *
 * @module
 */
import {
  type Capability,
  domainOf,
  methodOf,
  type Plan,
  type RegistrySnapshot,
  type Timestamp,
  TOKEN_LIFETIME_SECONDS_MAX,
  type Trigger,
} from "@canonic/contracts";
import { secondsOf } from "./moment.ts";
import type { TokenDraft } from "./token.ts";

export interface PlanTokenOptions {
  readonly now: Timestamp;
  /** 16 to 64 characters of base64url that no other token has. */
  readonly jti: string;
  readonly label: string;
  readonly trigger?: Trigger;
  /** 1 to 1800, which is what is taken when absent. */
  readonly lifetimeSeconds?: number;
}

/**
 * Claims for exactly what a plan needs: its user and mode, the methods and capabilities of its tasks, one invocation for each
 * task and for each execution that repeats one, the model tokens that their contracts declare.
 */
export function claimsForPlan(plan: Plan, snapshot: RegistrySnapshot, options: PlanTokenOptions): TokenDraft {
  const contracts = new Map(
    snapshot.operations.map((contract) => [`${contract.operation}@${contract.version}`, contract]),
  );
  const used = plan.tasks.map(({ operation, version }) => contracts.get(`${operation}@${version}`));
  const costs = used.map((contract) => contract?.tokensMax ?? 0);
  const tokensPerResponse = costs.reduce((most, cost) => Math.max(most, cost), 0);
  const repeated = plan.expect.replay + plan.rechecks.length;
  const invocations = plan.tasks.length + repeated;
  const perSeconds = options.lifetimeSeconds ?? TOKEN_LIFETIME_SECONDS_MAX;
  const iat = secondsOf(options.now);
  const methods = new Map<string, Set<string>>();
  for (const { operation } of plan.tasks) {
    const domain = domainOf(operation);
    methods.set(domain, (methods.get(domain) ?? new Set()).add(methodOf(operation)));
  }
  return {
    jti: options.jti,
    sub: plan.user,
    label: options.label,
    iat,
    exp: iat + perSeconds,
    authorization_details: [...methods].map(([identifier, actions]) => ({
      type: "canonic-domain",
      identifier,
      actions: [...actions],
    })),
    triggers: [options.trigger ?? "direct_command"],
    modes: [plan.mode],
    capabilities: [...new Set(used.flatMap((contract): Capability[] => contract?.capabilities ?? []))],
    limits: {
      invocations,
      tokensPerResponse,
      tokensTotal: costs.reduce((sum, cost) => sum + cost, 0) + repeated * tokensPerResponse,
      frequency: { count: invocations, perSeconds },
    },
    cnf: null,
  };
}
