/**
 * Narrower tokens: a child that its parent's holder makes of the parent, without the issuer.
 *
 * Invariants:
 *   N1. A child is contained on every axis, or it is none: the same user, who issues it; a lifetime inside the parent's; domains,
 *       methods, triggers, modes and capabilities among the parent's; each limit at most the parent's.
 *   N2. Whatever a contained child allows, its parent allows too; and every use counts against both.
 *   N3. A frequency is contained when it is no more uses in no less time: any window of the parent's length is inside one of the
 *       child's.
 *
 * @module
 */
import { byCodeUnit, type TokenClaims } from "@canonic/contracts";
import type { ReadToken } from "./token.ts";

/** An axis on which a child can reach beyond its parent. */
export type Axis =
  | "parent"
  | "one-level"
  | "user"
  | "issuer"
  | "lifetime"
  | "domains"
  | "triggers"
  | "modes"
  | "capabilities"
  | "invocations"
  | "tokens-per-response"
  | "tokens-total"
  | "frequency";

/** The axes on which the child is not contained in its parent, sorted; none for a child that may be used. */
export function excessOf(child: TokenClaims, parent: Pick<ReadToken, "digest" | "claims" | "parent">): readonly Axis[] {
  const above = parent.claims;
  const contained: Readonly<Record<Axis, boolean>> = {
    parent: child.parent === parent.digest,
    "one-level": child.cnf === null && parent.parent === null && above.parent === null,
    user: child.sub === above.sub,
    issuer: child.iss === above.sub,
    lifetime: child.iat >= above.iat && child.exp <= above.exp,
    domains: child.authorization_details.every(({ identifier, actions }) => {
      const granted = above.authorization_details.find((detail) => detail.identifier === identifier)?.actions;
      return granted !== undefined && isWithin(actions, granted);
    }),
    triggers: isWithin(child.triggers, above.triggers),
    modes: isWithin(child.modes, above.modes),
    capabilities: isWithin(child.capabilities, above.capabilities),
    invocations: child.limits.invocations <= above.limits.invocations,
    "tokens-per-response": child.limits.tokensPerResponse <= above.limits.tokensPerResponse,
    "tokens-total": child.limits.tokensTotal <= above.limits.tokensTotal,
    frequency:
      child.limits.frequency.count <= above.limits.frequency.count &&
      child.limits.frequency.perSeconds >= above.limits.frequency.perSeconds,
  };
  return (Object.keys(contained) as Axis[]).filter((axis) => !contained[axis]).sort(byCodeUnit);
}

function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.every((item) => outer.includes(item));
}
