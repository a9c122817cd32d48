/**
 * What services ask of identities, and what they say of privacy.
 *
 * @see docs/routing.md, sections 1 and 4.
 * @module
 */
import {
  type AuthorizationTable,
  canonicalJson,
  Locality,
  type PermissionExpression,
  type RouteIdentity,
  type ServiceContract,
} from "@canonic/contracts";
import { isAssumed } from "./assumed.ts";
import { type Answer, type Answers, answersOf, SATISFIED, UNKNOWN, uniform, VIOLATED } from "./bits.ts";
import { atLeast, atMost, type Bounds, boundsOf } from "./bounds.ts";
import type { Memo } from "./memo.ts";
import { meets } from "./permission.ts";

export type PrivacyFlag = "encryptedInTransit" | "encryptedAtRest" | "trainsOnData";
type Access = { readonly permission: PermissionExpression | null; readonly trustRequired: number };

export class SecurityColumns {
  readonly #contracts: readonly ServiceContract[];
  readonly #memo: Memo<Answers>;
  /** The distinct demands on identities, and for each service the number of its own. */
  readonly #accesses: Access[] = [];
  readonly #accessOf: Int32Array;
  readonly #trust: Bounds;
  readonly #locality: Bounds;
  readonly #retention: Bounds;

  constructor(contracts: readonly ServiceContract[], memo: Memo<Answers>) {
    this.#contracts = contracts;
    this.#memo = memo;
    this.#accessOf = new Int32Array(contracts.length);
    const known = new Map<string, number>();
    contracts.forEach(({ security: { permission, trustRequired } }, index) => {
      const key = `${trustRequired} ${canonicalJson(permission)}`;
      const number = known.get(key) ?? this.#accesses.push({ permission, trustRequired }) - 1;
      known.set(key, number);
      this.#accessOf[index] = number;
    });
    const numbers = (ask: (contract: ServiceContract) => number | null) =>
      Float64Array.from(contracts, (contract) => ask(contract) ?? Number.NaN);
    this.#trust = boundsOf(
      "trust",
      numbers(({ security }) => security.trust),
    );
    this.#locality = boundsOf("locality", numbers(localityOf));
    this.#retention = boundsOf("retention", numbers(retentionOf));
  }

  authentication(identity: RouteIdentity | null): Answers {
    if (identity !== null) return this.#memo.get("authenticated", () => uniform(this.#contracts.length, SATISFIED));
    return this.#memo.get("anonymous", () =>
      this.#byAccess(({ permission, trustRequired }) => permission === null && trustRequired === 0),
    );
  }

  authorization(identity: RouteIdentity | null): Answers {
    const permissions = identity?.permissions ?? [];
    const trust = identity?.trust ?? 0;
    return this.#memo.get(`authorization ${trust} ${permissions.join(" ")}`, () => {
      const granted = new Set(permissions);
      return this.#byAccess(
        (access) => trust >= access.trustRequired && (access.permission === null || meets(access.permission, granted)),
      );
    });
  }

  /** Violated where the table refuses the service in this version. */
  policy({ refused }: AuthorizationTable): Answers {
    const names = new Set(refused.map(({ service, version }) => `${service} ${version}`));
    return this.#ask(({ service, version }) => (names.has(`${service} ${version}`) ? VIOLATED : SATISFIED));
  }

  trust(serviceTrustMin: number): Answers {
    return atLeast(this.#memo, this.#trust, serviceTrustMin);
  }

  locality(max: Locality): Answers {
    return atMost(this.#memo, this.#locality, Locality.options.indexOf(max));
  }

  retention(daysMax: number): Answers {
    return atMost(this.#memo, this.#retention, daysMax);
  }

  flag(field: PrivacyFlag, wanted: boolean): Answers {
    return this.#memo.get(`${field} ${wanted}`, () =>
      this.#ask((contract) => {
        const value = contract.privacy[field];
        if (value === null || isAssumed(contract, `/privacy/${field}`)) return UNKNOWN;
        return value === wanted ? SATISFIED : VIOLATED;
      }),
    );
  }

  regions(allowed: readonly string[]): Answers {
    return this.#memo.get(`regions ${JSON.stringify(allowed)}`, () => {
      const names = new Set(allowed);
      return this.#ask((contract) => {
        const { regions } = contract.privacy;
        if (regions.length === 0 || isAssumed(contract, "/privacy/regions")) return UNKNOWN;
        return regions.every((region) => names.has(region)) ? SATISFIED : VIOLATED;
      });
    });
  }

  #byAccess(isGranted: (access: Access) => boolean): Answers {
    const granted = this.#accesses.map(isGranted);
    return answersOf(this.#contracts.length, (index) =>
      granted[this.#accessOf[index] as number] ? SATISFIED : VIOLATED,
    );
  }

  #ask(answer: (contract: ServiceContract) => Answer): Answers {
    return answersOf(this.#contracts.length, (index) => answer(this.#contracts[index] as ServiceContract));
  }
}

/** From closest, 0, to furthest, 3. */
function localityOf(contract: ServiceContract): number | null {
  const { locality } = contract.privacy;
  return locality === null || isAssumed(contract, "/privacy/locality") ? null : Locality.options.indexOf(locality);
}

function retentionOf(contract: ServiceContract): number | null {
  return isAssumed(contract, "/privacy/retentionDays") ? null : contract.privacy.retentionDays;
}
