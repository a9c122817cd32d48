/**
 * Generated worlds and the questions that are put to them, each from one seed.
 *
 * @module
 */
import {
  CHEAPEST_SCORE_PROFILE,
  DEFAULT_PRIVACY_PROFILE,
  DEFAULT_SCORE_PROFILE,
  type ObservationSnapshot,
  type PrivacyProfile,
  type ScoreProfile,
  type ServiceEntry,
  type ServiceSnapshot,
} from "@canonic/contracts";
import { digestOf } from "../oracle/hashing.ts";
import type { OracleQuestion, OracleWorld } from "../oracle/oracle.ts";
import { plainEntry } from "../plain.ts";
import { type Draw, drawFrom } from "./draw.ts";
import { drawAuthorization, drawIdentity, drawRequest } from "./requests.ts";
import { drawRules } from "./rules.ts";
import { drawEntry, drawObservation } from "./services.ts";
import { NO_RULES, snapshotOf, withName } from "./snapshots.ts";
import { NOW } from "./vocabulary.ts";

export interface Case {
  readonly seed: number;
  readonly world: OracleWorld;
  readonly question: OracleQuestion;
}

/** `services` is about how many there are, unless the seed wants none or very many equal ones. */
export function drawCase(seed: number, services = 10): Case {
  const draw = drawFrom(seed);
  const world = drawWorld(draw, services);
  return { seed, world, question: drawQuestion(draw, world) };
}

export function drawWorld(draw: Draw, services: number): OracleWorld {
  const entries = drawEntries(draw, services);
  const snapshot = snapshotOf(entries);
  return {
    snapshot,
    rules: draw.chance(45) ? drawRules(draw) : NO_RULES,
    observations: draw.maybe(60, () => drawObservations(draw, snapshot)),
    scoreProfile: drawScoreProfile(draw),
    privacyProfile: drawPrivacyProfile(draw),
  };
}

export function drawQuestion(draw: Draw, { snapshot }: OracleWorld): OracleQuestion {
  const request = drawRequest(draw);
  const identity = drawIdentity(draw);
  return { request, identity, authorization: drawAuthorization(draw, identity, request, snapshot), at: NOW };
}

function drawEntries(draw: Draw, services: number): ServiceEntry[] {
  if (draw.chance(2)) return [];
  const entries = new Map<string, ServiceEntry>();
  const add = (entry: ServiceEntry) => entries.set(`${entry.contract.service} ${entry.contract.version}`, entry);
  for (let index = 0; index < services; index += 1) {
    const service = `${draw.pick(["a", "B", "m"])}/s${draw.int(0, services)}`;
    add(drawEntry(draw, service, draw.pick(["1.0.0", "1.9.0", "1.10.0"])));
  }
  const many = draw.chance(3);
  const clones = many ? 70 : draw.int(0, 3);
  const model = draw.chance(80) && many ? plainEntry("clone/plain") : draw.pick([...entries.values()]);
  for (let index = 0; index < clones; index += 1) add(withName(model, `clone/c${index}`));
  if (draw.chance(30)) for (const version of ["2.9.0", "2.10.0"]) add(withName(model, "clone/new", version));
  return [...entries.values()];
}

export function drawObservations(draw: Draw, { services }: ServiceSnapshot): ObservationSnapshot {
  return {
    schema: "canonic/observation-snapshot/v1",
    at: new Date(NOW).toISOString(),
    halfLifeHours: 168,
    confidencePpm: 950_000,
    receipts: digestOf([]) as ObservationSnapshot["receipts"],
    services: draw.some(services, 60).map((entry) => drawObservation(draw, entry)),
  };
}

function drawScoreProfile(draw: Draw): ScoreProfile {
  const kind = draw.int(0, 3);
  if (kind === 0) return CHEAPEST_SCORE_PROFILE;
  if (kind === 1) return DEFAULT_SCORE_PROFILE;
  const weight = () => draw.pick([0, 1, 300_000, 1_000_000, draw.int(0, 1_000_000)]);
  return {
    ...DEFAULT_SCORE_PROFILE,
    name: "drawn",
    weights: {
      intent: weight(),
      attention: weight(),
      learned: weight(),
      resonance: weight(),
      cost: weight(),
      risk: weight(),
      latency: weight(),
    },
    costReferencePicos: draw.pick([1, 7_000_000_000, Number.MAX_SAFE_INTEGER]),
    latencyReferenceUs: draw.pick([1, 3_000_000, Number.MAX_SAFE_INTEGER]),
  };
}

function drawPrivacyProfile(draw: Draw): PrivacyProfile {
  if (draw.chance(82)) return DEFAULT_PRIVACY_PROFILE;
  return {
    ...DEFAULT_PRIVACY_PROFILE,
    name: "strict",
    demands: DEFAULT_PRIVACY_PROFILE.demands.map((demand) => ({
      ...demand,
      localityMax: "local",
      retentionDaysMax: 0,
      encryptedInTransit: true,
      encryptedAtRest: true,
      mayTrain: false,
    })),
  };
}
