/**
 * Permission expressions as OpenAPI's alternatives of schemes with scopes.
 *
 * @module
 */
import { byCodeUnit, type PermissionExpression } from "@canonic/contracts";
import { meets } from "../kernel/permission.ts";

/** Alternatives of one expression, at most; one that would have more is told as its permissions all together, which is stricter. */
const ALTERNATIVES_MAX = 16;

/** What meets the expression: any one of these. An expression that nothing meets asks for a scheme that is never granted. */
export function requirementsOf(expression: PermissionExpression | null): Record<string, string[]>[] {
  if (expression === null) return [];
  const every = new Set(namesIn(expression));
  // Asking for more permissions is never met by fewer: what all of them together do not meet, nothing does.
  const alternatives = meets(expression, every) ? (alternativesOf(expression) ?? [every]) : [];
  if (alternatives.length === 0) return [{ "never-granted": [] }];
  if (alternatives.some((names) => names.size === 0)) return [];
  return alternatives.map((names) => {
    const schemes: Record<string, string[]> = {};
    for (const name of [...names].sort(byCodeUnit)) {
      const [scheme = "", ...scope] = name.split(":");
      if (scope.length > 0) schemes[scheme] = [...(schemes[scheme] ?? []), scope.join(":")];
      // A scheme that is asked for as such and with scopes too is two: a list of scopes cannot say the first.
      else schemes[[...names].some((other) => other.startsWith(`${name}:`)) ? `${name}.` : name] = [];
    }
    return schemes;
  });
}

/** The expression multiplied out; null for too many. */
function alternativesOf(expression: PermissionExpression): Set<string>[] | null {
  if ("has" in expression) return [new Set([expression.has])];
  if ("any" in expression) {
    const each = expression.any.map(alternativesOf);
    if (each.includes(null)) return null;
    const all = (each as Set<string>[][]).flat();
    return all.length > ALTERNATIVES_MAX ? null : all;
  }
  let product: Set<string>[] = [new Set()];
  for (const member of expression.all) {
    const alternatives = alternativesOf(member);
    if (alternatives === null || product.length * alternatives.length > ALTERNATIVES_MAX) return null;
    product = product.flatMap((names) => alternatives.map((more) => new Set([...names, ...more])));
  }
  return product;
}

function namesIn(expression: PermissionExpression): string[] {
  if ("has" in expression) return [expression.has];
  return ("any" in expression ? expression.any : expression.all).flatMap(namesIn);
}
