/**
 * Permission expressions.
 *
 * @module
 */
import type { PermissionExpression } from "@canonic/contracts";

/** True when the permissions meet the expression: `all` of nothing is met, `any` of nothing is not. */
export function meets(expression: PermissionExpression, permissions: ReadonlySet<string>): boolean {
  if ("has" in expression) return permissions.has(expression.has);
  if ("all" in expression) return expression.all.every((one) => meets(one, permissions));
  return expression.any.some((one) => meets(one, permissions));
}
