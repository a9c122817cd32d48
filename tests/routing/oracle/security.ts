/**
 * Who may be given the work, and to whom it may be given (security rows of section 1).
 *
 * @module
 */
import type { AuthorizationTable, PermissionExpression, RouteIdentity, ServiceContract } from "@canonic/contracts";
import { type State, satisfiedIf } from "./states.ts";

function isMet(expression: PermissionExpression, permissions: readonly string[]): boolean {
  if ("has" in expression) return permissions.includes(expression.has);
  if ("all" in expression) return expression.all.every((part) => isMet(part, permissions));
  return expression.any.some((part) => isMet(part, permissions));
}

export function answerToAuthentication(identity: RouteIdentity | null, { security }: ServiceContract): State {
  return satisfiedIf(identity !== null || (security.permission === null && security.trustRequired === 0));
}

export function answerToAuthorization(identity: RouteIdentity | null, { security }: ServiceContract): State {
  const permitted = security.permission === null || isMet(security.permission, identity?.permissions ?? []);
  return satisfiedIf(permitted && (identity?.trust ?? 0) >= security.trustRequired);
}

export function answerToPolicy(table: AuthorizationTable, contract: ServiceContract): State {
  return satisfiedIf(
    !table.refused.some(({ service, version }) => service === contract.service && version === contract.version),
  );
}
