/**
 * Routing: which operation a payload type goes to.
 *
 * Invariants:
 *   R1. Total: every payload type of the declared closed list has a route, and no other has one.
 *   R2. Unambiguous: a payload type has exactly one route, to an operation that exists.
 *   R3. What is null, unknown or ambiguous is refused by name, never guessed and never defaulted.
 *
 * @module
 */
import {
  byCodeUnit,
  CoreContractViolation,
  contractDigestOf,
  type Digest,
  type OperationContract,
  type Reason,
  type RegistrySnapshot,
} from "@canonic/contracts";

/** A {@link Verdict} of contracts; an allowing one says where the payload goes. */
export type RoutingVerdict =
  | {
      readonly kind: "allow";
      readonly rules: readonly string[];
      readonly contract: OperationContract;
      readonly contractDigest: Digest;
    }
  | { readonly kind: "refuse"; readonly rules: readonly string[]; readonly reasons: readonly Reason[] };

/** The name of the rule that decides here, and of the violation when it refuses. */
export const ROUTING_RULE = "RoutingViolation";

/**
 * Decides where a payload type goes, from a snapshot as a value.
 *
 * @param payloadType - Anything that came in; only a declared payload type is allowed.
 * @returns A refusal with code `payload-type-null`, `payload-type-unknown`, `route-ambiguous` or `route-dangling`.
 */
export function routePayload(snapshot: RegistrySnapshot, payloadType: unknown): RoutingVerdict {
  return routerOf(snapshot)(payloadType);
}

/** {@link routePayload} with the look-up tables made once. */
export function routerOf(snapshot: RegistrySnapshot): (payloadType: unknown) => RoutingVerdict {
  const contracts = new Map(snapshot.operations.map((contract) => [keyOf(contract), contract]));
  const routes = new Map<string, Route[]>();
  for (const route of snapshot.routes) {
    const others = routes.get(route.payloadType);
    if (others === undefined) routes.set(route.payloadType, [route]);
    else others.push(route);
  }
  const allowed = new Map<string, RoutingVerdict>();
  return (payloadType) => {
    if (payloadType === null || payloadType === undefined || payloadType === "") {
      return refuse("payload-type-null", "payload type", "the payload has no type");
    }
    const known = allowed.get(payloadType as string);
    if (known !== undefined) return known;
    const name = typeof payloadType === "string" ? payloadType.slice(0, 128) : typeof payloadType;
    const found = (typeof payloadType === "string" ? routes.get(payloadType) : undefined) ?? [];
    const [route, second] = found;
    if (route === undefined) return refuse("payload-type-unknown", name, `payload type \`${name}\` has no route`);
    if (second !== undefined) return refuse("route-ambiguous", name, ambiguous(name, found));
    const contract = contracts.get(keyOf(route));
    if (contract === undefined) return refuse("route-dangling", name, dangling(route));
    const verdict = Object.freeze({
      kind: "allow" as const,
      rules: Object.freeze(["routing"]),
      contract,
      contractDigest: contractDigestOf(contract),
    });
    allowed.set(name, verdict);
    return verdict;
  };
}

/**
 * Checks a whole routing table against the closed list of payload types.
 *
 * @throws {CoreContractViolation} named RoutingViolation, with every fault, sorted by payload type.
 */
export function assertRouting(snapshot: RegistrySnapshot, payloadTypes: readonly string[]): void {
  const route = routerOf(snapshot);
  const declared = new Set(payloadTypes);
  const faults: Reason[] = [];
  if (declared.size === 0) faults.push(reason("payload-types-empty", "payload types", "no payload type is declared"));
  for (const name of new Set([...declared, ...snapshot.routes.map(({ payloadType }) => payloadType as string)])) {
    const verdict = route(name);
    if (verdict.kind === "refuse") faults.push(...verdict.reasons);
    if (!declared.has(name)) {
      faults.push(reason("payload-type-undeclared", name, `payload type \`${name}\` has a route but is not declared`));
    }
  }
  if (faults.length === 0) return;
  throw new CoreContractViolation(
    "routing",
    faults.sort((a, b) => byCodeUnit(a.place, b.place) || byCodeUnit(a.code, b.code)),
  );
}

/** Operation and version in one key; neither holds an `@`. */
export function keyOf(of: { readonly operation: string; readonly version: string }): string {
  return `${of.operation}@${of.version}`;
}

type Route = RegistrySnapshot["routes"][number];

function ambiguous(name: string, routes: readonly Route[]): string {
  return `payload type \`${name}\` has ${routes.length} routes: ${routes.map((route) => `\`${keyOf(route)}\``).join(", ")}`;
}

function dangling(route: Route): string {
  return `payload type \`${route.payloadType}\` goes to \`${keyOf(route)}\`, which is not registered`;
}

function refuse(code: string, place: string, message: string): RoutingVerdict {
  return { kind: "refuse", rules: [ROUTING_RULE], reasons: [reason(code, place, message)] };
}

function reason(code: string, place: string, message: string): Reason {
  return { code, place, message: message.slice(0, 2048) };
}
