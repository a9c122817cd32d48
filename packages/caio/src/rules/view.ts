/**
 * Requests, identities and services as rules see them: plain JSON in the shapes of environment.ts.
 *
 * Invariants:
 *   V1. Nothing is null but an absent identity: what is not stated is not there, and reading it makes a rule unknown.
 *   V2. What an importer assumed is not there either, so an assumed value satisfies no rule and escapes none. A list of
 *       which a part was assumed is absent as a whole; a statement of basis `assumed` is left out alone.
 *   V3. A list of regions that names none states nothing (as in routing.md, clause `privacy/regions`).
 *
 * @module
 */
import type { JsonObject, JsonValue, RouteIdentity, RouteRequest, ServiceEntry } from "@canonic/contracts";

/** All of the request but the name of its schema. */
export function requestView(request: RouteRequest): JsonObject {
  const { schema: _, ...fields } = request;
  return stated(fields as unknown as JsonObject);
}

/** The token is left out: it differs each time, and no rule may hang on which one was shown. */
export function identityView(identity: RouteIdentity | null): JsonObject | null {
  if (identity === null) return null;
  const { subject, permissions, trust } = identity;
  return { subject, permissions, trust };
}

export function serviceView({ contract, state }: ServiceEntry): JsonObject {
  const { service, version, assumed } = contract;
  const fixed = { id: service, version, state, assumed };
  const unknown = assumedIn(assumed);
  if (unknown("")) return fixed;
  const { cost, privacy, security, constraints, guarantees, traits } = contract;
  return {
    ...fixed,
    ...fieldsOf("", {
      name: contract.name,
      description: contract.description,
      capabilities: contract.capabilities,
      determinism: contract.determinism,
      effect: contract.effect,
      owner: contract.owner,
      source: contract.source,
    }),
    ...recordAt("/constraints", constraints),
    ...recordAt("/security", { trustRequired: security.trustRequired, trust: security.trust }),
    ...recordAt("/privacy", { ...privacy, regions: privacy.regions.length === 0 ? null : privacy.regions }),
    ...recordAt("/api", { kind: contract.api.kind }),
    ...recordAt("/traits", traits),
    ...(cost === null
      ? {}
      : recordAt("/cost", {
          currency: cost.currency,
          prices: unknown.within("/cost/prices")
            ? null
            : Object.fromEntries(cost.prices.map(({ unit, picos }) => [unit, picos])),
        })),
    ...(unknown("/guarantees")
      ? {}
      : {
          guarantees: guarantees
            .filter(({ basis }, index) => basis !== "assumed" && !unknown.within(`/guarantees/${index}`))
            .map((guarantee) => stated(guarantee as unknown as JsonObject)),
        }),
  };

  function recordAt(pointer: string, fields: Readonly<Record<string, unknown>>): JsonObject {
    return unknown(pointer) ? {} : { [pointer.slice(1)]: fieldsOf(pointer, fields) };
  }

  function fieldsOf(parent: string, fields: Readonly<Record<string, unknown>>): JsonObject {
    return Object.fromEntries(
      Object.entries(fields).filter(
        ([name, value]) => value !== null && value !== undefined && !unknown.within(`${parent}/${name}`),
      ),
    ) as JsonObject;
  }
}

/** Whether a pointer or an ancestor of it is assumed, and with `within` whether a part of it is, too. */
function assumedIn(assumed: readonly string[]) {
  const all = new Set(assumed);
  function isAssumed(pointer: string): boolean {
    if (all.size === 0) return false;
    for (let end = pointer.length; end > 0; end = pointer.lastIndexOf("/", end - 1)) {
      if (all.has(pointer.slice(0, end))) return true;
    }
    return all.has("");
  }
  return Object.assign(isAssumed, {
    within: (pointer: string): boolean =>
      all.size > 0 && (isAssumed(pointer) || assumed.some((other) => other.startsWith(`${pointer}/`))),
  });
}

/** Without what is null, at every depth of objects. */
function stated(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]) => [name, statedValue(field)]),
  );
}

function statedValue(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(statedValue);
  return typeof value === "object" && value !== null ? stated(value as JsonObject) : value;
}
