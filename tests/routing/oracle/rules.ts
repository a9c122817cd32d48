/**
 * Rules, one evaluation for each rule, service and request (section 3).
 *
 * @module
 */
import { type CelInput, celEnv, isCelError, parse, plan } from "@bufbuild/cel";
import type { RouteIdentity, RouteRequest, Rule, RuleSet, ServiceSnapshot } from "@canonic/contracts";
import { digestOf } from "./hashing.ts";
import { type State, satisfiedIf } from "./states.ts";
import { viewOfIdentity, viewOfRequest, viewOfService } from "./views.ts";

/** A rule that is in the list of questions, with the answer of every service by its place. */
export interface RuleClause {
  readonly rule: string;
  readonly required: string;
  readonly states: readonly State[];
}

export interface RuleOutcome {
  readonly clauses: readonly RuleClause[];
  readonly warnings: readonly { readonly rule: string; readonly services: number }[];
}

type Evaluate = (bindings: Record<string, CelInput>) => boolean | "error";

const planned = new Map<string, Evaluate>();

/** True, false, or an error for all that is no truth value; an expression is planned once. */
function evaluatorOf(expression: string): Evaluate {
  const known = planned.get(expression);
  if (known !== undefined) return known;
  const run = plan(celEnv(), parse(expression));
  const made: Evaluate = (bindings) => {
    try {
      const result = run(bindings);
      return isCelError(result) || typeof result !== "boolean" ? "error" : result;
    } catch {
      return "error";
    }
  };
  planned.set(expression, made);
  return made;
}

function statesOf(rule: Rule, request: CelInput, identity: CelInput, services: readonly CelInput[]): State[] {
  const applicable = evaluatorOf(rule.when)({ request, identity });
  const expression = evaluatorOf(rule.effect.expression);
  return services.map((service) => {
    if (applicable === "error") return "u";
    if (!applicable) return "s";
    const holds = expression({ request, identity, service });
    if (holds === "error") return "u";
    return satisfiedIf(rule.effect.kind === "require" ? holds : !holds);
  });
}

const services = new WeakMap<ServiceSnapshot, CelInput[]>();

function viewsOf(snapshot: ServiceSnapshot): CelInput[] {
  const views = services.get(snapshot) ?? snapshot.services.map(viewOfService);
  services.set(snapshot, views);
  return views;
}

export function applyRules(
  ruleSet: RuleSet,
  snapshot: ServiceSnapshot,
  request: RouteRequest,
  identity: RouteIdentity | null,
): RuleOutcome {
  if (ruleSet.rules.length === 0) return { clauses: [], warnings: [] };
  const clauses: RuleClause[] = [];
  const warnings: { rule: string; services: number }[] = [];
  const [requestView, identityView] = [viewOfRequest(request), viewOfIdentity(identity)];
  const byId = [...ruleSet.rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const rule of byId) {
    const states = statesOf(rule, requestView, identityView, viewsOf(snapshot));
    const required = digestOf(rule);
    if (rule.severity === "refuse") {
      clauses.push({ rule: rule.id, required, states });
      continue;
    }
    if (states.includes("u")) {
      clauses.push({ rule: rule.id, required, states: states.map((state) => (state === "u" ? "u" : "s")) });
    }
    const violated = states.filter((state) => state === "v").length;
    if (violated > 0) warnings.push({ rule: rule.id, services: violated });
  }
  return { clauses, warnings };
}
