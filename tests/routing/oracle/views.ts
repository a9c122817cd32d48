/**
 * What the expressions of rules see (docs/routing-rules.md): JSON as CEL values, whole numbers as `int`. What is null, what was assumed, and an
 * empty list of regions is not there; an identity is null where nobody presented one.
 *
 * @module
 */
import type { CelInput } from "@bufbuild/cel";
import type { RouteIdentity, RouteRequest, ServiceEntry } from "@canonic/contracts";
import { isAssumed } from "./states.ts";

/** Lists for lists, maps for objects without what is null, and `int` for every number. */
function celOf(value: unknown): CelInput {
  if (typeof value === "number") return BigInt(value);
  if (Array.isArray(value)) return value.map(celOf);
  if (typeof value === "object" && value !== null) {
    const there = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
    return new Map(there.map(([name, part]) => [name, celOf(part)]));
  }
  return value as string | boolean | null;
}

export function viewOfRequest(request: RouteRequest): CelInput {
  return celOf({ ...request, schema: null });
}

export function viewOfIdentity(identity: RouteIdentity | null): CelInput {
  return celOf(identity && { ...identity, token: null });
}

export function viewOfService({ contract, state }: ServiceEntry): CelInput {
  const { cost, privacy } = contract;
  const anyAssumedIn = (pointer: string) =>
    isAssumed(contract, pointer) || contract.assumed.some((assumed) => assumed.startsWith(`${pointer}/`));
  /** Each field under its own pointer; a field that is a list is taken out as soon as a part of it is assumed. */
  const record = (pointer: string, fields: object): object | null =>
    isAssumed(contract, pointer)
      ? null
      : Object.fromEntries(Object.entries(fields).filter(([name]) => !anyAssumedIn(`${pointer}/${name}`)));
  const guarantees = contract.guarantees.filter(
    ({ basis }, index) => basis !== "assumed" && !anyAssumedIn(`/guarantees/${index}`),
  );
  const { name, description, capabilities, determinism, effect, owner, source, security } = contract;
  return celOf({
    ...record("", { name, description, capabilities, determinism, effect, owner, source }),
    id: contract.service,
    version: contract.version,
    state,
    assumed: contract.assumed,
    constraints: record("/constraints", contract.constraints),
    security: record("/security", { trustRequired: security.trustRequired, trust: security.trust }),
    privacy: record("/privacy", { ...privacy, regions: privacy.regions.length === 0 ? null : privacy.regions }),
    api: record("/api", { kind: contract.api.kind }),
    traits: record("/traits", contract.traits),
    cost:
      cost &&
      record("/cost", {
        currency: cost.currency,
        prices: Object.fromEntries(cost.prices.map(({ unit, picos }) => [unit, picos])),
      }),
    guarantees: isAssumed(contract, "/guarantees") ? null : guarantees,
  });
}
