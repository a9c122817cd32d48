/**
 * What the data class and the request ask of a service's privacy (section 4).
 *
 * @module
 */
import type { Locality, PrivacyProfile, RouteRequest, ServiceContract } from "@canonic/contracts";
import { isAssumed, type State, satisfiedIf } from "./states.ts";

const FROM_CLOSE_TO_FAR: readonly Locality[] = ["on_device", "local", "region", "cloud"];

function distance(locality: Locality): number {
  return FROM_CLOSE_TO_FAR.indexOf(locality);
}

/** Null asks nothing. */
interface Asked {
  readonly locality: Locality | null;
  readonly retentionDays: number | null;
  readonly transit: boolean;
  readonly rest: boolean;
  readonly training: boolean;
}

function askedOf(request: RouteRequest, profile: PrivacyProfile): Asked {
  const demand = profile.demands.find(({ dataClass }) => dataClass === request.dataClass);
  if (demand === undefined) throw new Error(`no demand for ${request.dataClass}`);
  const localities = [demand.localityMax, request.localityMax].filter((locality) => locality !== null);
  const days = [demand.retentionDaysMax, request.retentionDaysMax].filter((count) => count !== null);
  return {
    locality: localities.sort((a, b) => distance(a) - distance(b))[0] ?? null,
    retentionDays: days.sort((a, b) => a - b)[0] ?? null,
    transit: demand.encryptedInTransit,
    rest: demand.encryptedAtRest,
    training: !demand.mayTrain,
  };
}

/** A question about privacy: its name, what is required, and the answer of a contract. */
export interface PrivacyQuestion {
  readonly clause: string;
  readonly required: string | number | boolean | readonly string[];
  readonly answer: (contract: ServiceContract) => State;
}

function question<Value>(
  clause: string,
  field: "locality" | "retentionDays" | "encryptedInTransit" | "encryptedAtRest" | "trainsOnData",
  required: string | number | boolean,
  holds: (value: Value) => boolean,
): PrivacyQuestion {
  return {
    clause: `privacy/${clause}`,
    required,
    answer: (contract) => {
      const value = contract.privacy[field];
      if (value === null || isAssumed(contract, `/privacy/${field}`)) return "u";
      return satisfiedIf(holds(value as Value));
    },
  };
}

/** Those that are asked, in order. */
export function privacyQuestionsOf(request: RouteRequest, profile: PrivacyProfile): PrivacyQuestion[] {
  const asked = askedOf(request, profile);
  const questions: PrivacyQuestion[] = [];
  const { locality, retentionDays } = asked;
  if (locality !== null) {
    questions.push(question<Locality>("locality", "locality", locality, (own) => distance(own) <= distance(locality)));
  }
  if (retentionDays !== null) {
    questions.push(question<number>("retention", "retentionDays", retentionDays, (own) => own <= retentionDays));
  }
  if (asked.transit) questions.push(question<boolean>("transit", "encryptedInTransit", true, (own) => own));
  if (asked.rest) questions.push(question<boolean>("rest", "encryptedAtRest", true, (own) => own));
  if (asked.training) questions.push(question<boolean>("training", "trainsOnData", false, (own) => !own));
  if (request.regions.length > 0) {
    questions.push({
      clause: "privacy/regions",
      required: request.regions,
      answer: (contract) => {
        const { regions } = contract.privacy;
        if (regions.length === 0 || isAssumed(contract, "/privacy/regions")) return "u";
        return satisfiedIf(regions.every((region) => request.regions.includes(region)));
      },
    });
  }
  return questions;
}
