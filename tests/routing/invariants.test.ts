/**
 * The invariants of routing that speak of who may be chosen, each over 1,200 decisions and by what the raw contract says, not by its verdict.
 *
 * @module
 */
import { decide } from "@canonic/caio";
import type { PermissionExpression, ServiceContract } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type Candidate, chosenIn, pose, TRUSTED } from "./generated/pool.ts";
import { drawTable } from "./generated/requests.ts";
import { REGIONS, TRAITS } from "./generated/vocabulary.ts";
import { applyRules } from "./oracle/rules.ts";

const CASES = 1_200;
const LOCALITIES = ["on_device", "local", "region", "cloud"] as const;

/** True where the pointer, or anything above it, is said to be assumed. */
function assumes({ assumed }: ServiceContract, pointer: string): boolean {
  return assumed.some((said) => said === "" || pointer === said || pointer.startsWith(`${said}/`));
}

/** All sets of permissions that suffice, one of which somebody must have. */
function sufficient(expression: PermissionExpression): string[][] {
  if ("has" in expression) return [[expression.has]];
  if ("any" in expression) return expression.any.flatMap(sufficient);
  return expression.all
    .map(sufficient)
    .reduce<string[][]>((sets, next) => sets.flatMap((set) => next.map((more) => [...set, ...more])), [[]]);
}

function mayAsk(candidate: Candidate, permissions: readonly string[], trust: number): boolean {
  const { permission, trustRequired } = candidate.entry.contract.security;
  const allowed =
    permission === null || sufficient(permission).some((set) => set.every((name) => permissions.includes(name)));
  return allowed && trust >= trustRequired;
}

test("authentication: nobody who presents no token gets a service that asks for anything", () => {
  const counts = pose(
    (_, __, question) => ({ ...question, identity: null, authorization: null }),
    ({ passed }) => {
      for (const { entry } of passed) {
        expect(entry.contract.security).toMatchObject({ permission: null, trustRequired: 0 });
      }
      return passed.length > 0;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
});

test("authorisation: whoever passes asks for no permission and no trust that the asker lacks", () => {
  let refused = 0;
  const counts = pose(
    (_, draw, question) => ({
      ...question,
      identity: { ...TRUSTED, permissions: draw.some(TRUSTED.permissions, 50), trust: draw.int(0, 3) },
      authorization: null,
    }),
    ({ passed, candidates, question: { identity } }) => {
      const [permissions, trust] = [identity?.permissions ?? [], identity?.trust ?? 0];
      for (const candidate of passed) expect(mayAsk(candidate, permissions, trust)).toBe(true);
      refused += candidates.filter((candidate) => !mayAsk(candidate, permissions, trust)).length;
      return passed.length > 0;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(300);
  expect(refused).toBeGreaterThan(1_000);
});

test("access control: what the policies refused never passes, and they change no other verdict", () => {
  const counts = pose(
    (request, _, question) => ({ ...question, request, authorization: null }),
    ({ opened, question, world, decided, draw, candidates }) => {
      const authorization = drawTable(draw, question.identity, question.request, world.snapshot);
      const governed = decide(opened, { ...question, authorization });
      const refused = new Set(authorization.refused.map(({ service, version }) => `${service} ${version}`));
      for (const { entry, place } of candidates) {
        const isRefused = refused.has(`${entry.contract.service} ${entry.contract.version}`);
        expect(governed.passed(place)).toBe(decided.passed(place) && !isRefused);
        const letters = [...governed.verdict(place).states];
        letters.splice(
          governed.clauses.findIndex(({ clause }) => clause === "policy"),
          1,
        );
        expect(letters.join("")).toBe(decided.verdict(place).states);
      }
      return decided.outcome.kind === "chosen" && refused.size > 0;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
});

test("security: no service below the trust that the request wants of it passes", () => {
  const counts = pose(
    (_, draw) => ({ serviceTrustMin: draw.int(0, 3) as 0 }),
    ({ passed, candidates, question: { request } }) => {
      for (const { entry } of passed) {
        expect(entry.contract.security.trust).toBeGreaterThanOrEqual(request.serviceTrustMin);
      }
      return candidates.some(({ entry }) => entry.contract.security.trust < request.serviceTrustMin);
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(500);
});

test("privacy: whoever passes has said, of itself, everything that the data's class and the request ask", () => {
  const counts = pose(
    (_, draw) => ({
      dataClass: draw.pick(["internal", "confidential", "restricted"] as const),
      localityMax: draw.maybe(40, () => draw.pick(LOCALITIES)),
      retentionDaysMax: draw.maybe(40, () => draw.pick([0, 7, 30])),
      regions: draw.some(REGIONS, 40),
    }),
    ({ passed, world, question: { request } }) => {
      const demand = world.privacyProfile.demands.find(({ dataClass }) => dataClass === request.dataClass);
      for (const { entry } of passed) {
        const { privacy } = entry.contract;
        const stated = (field: string) => expect(assumes(entry.contract, `/privacy/${field}`)).toBe(false);
        for (const locality of [demand?.localityMax, request.localityMax]) {
          if (locality === null || locality === undefined) continue;
          stated("locality");
          expect(LOCALITIES.slice(0, LOCALITIES.indexOf(locality) + 1)).toContain(privacy.locality);
        }
        for (const days of [demand?.retentionDaysMax, request.retentionDaysMax]) {
          if (days === null || days === undefined) continue;
          stated("retentionDays");
          expect(privacy.retentionDays ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(days);
        }
        if (demand?.encryptedInTransit) expect(privacy.encryptedInTransit).toBe(true);
        if (demand?.encryptedAtRest) expect(privacy.encryptedAtRest).toBe(true);
        if (!demand?.mayTrain) expect(privacy.trainsOnData).toBe(false);
        if (request.regions.length === 0) continue;
        stated("regions");
        expect(privacy.regions.length).toBeGreaterThan(0);
        expect(privacy.regions.filter((region) => !request.regions.includes(region))).toEqual([]);
      }
      return passed.length > 0;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(60);
});

test("policy: whoever passes fulfils every rule that refuses, each evaluated by itself, and none that passes erred", () => {
  let rules = 0;
  const counts = pose(
    () => ({}),
    ({ passed, world, question: { request, identity }, decided }) => {
      const { clauses, warnings } = applyRules(world.rules, world.snapshot, request, identity);
      for (const { states } of clauses) {
        for (const { place } of passed) expect(states[place]).toBe("s");
      }
      expect(decided.warnings).toEqual(warnings);
      rules += clauses.length;
      return passed.length > 0 && clauses.length > 0;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(60);
  expect(rules).toBeGreaterThan(500);
});

test("traits: whoever passes has each demanded trait, of the demanded type and value, and did not assume it", () => {
  const counts = pose(
    (_, draw) => ({
      traits: [
        { trait: draw.pick(TRAITS), bound: "equality", value: draw.pick(["gold", 2, true]) },
        ...(draw.chance(50) ? [{ trait: draw.pick(TRAITS), bound: "min" as const, value: draw.int(1, 3) }] : []),
      ],
    }),
    ({ passed, question: { request } }) => {
      for (const { entry } of passed) {
        for (const demand of request.traits) {
          expect(Object.keys(entry.contract.traits)).toContain(demand.trait);
          expect(assumes(entry.contract, `/traits/${demand.trait}`)).toBe(false);
          const value = entry.contract.traits[demand.trait];
          if (demand.bound === "equality") expect(value).toBe(demand.value);
          else expect(value).toBeGreaterThanOrEqual(demand.value as number);
        }
      }
      return passed.length > 0;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(60);
});

test("safety: nobody who is not active, is known to be sick, lacks a capability or room for the tokens is chosen", () => {
  let unfit = 0;
  const counts = pose(
    (_, draw) => ({
      quantities: { "input-token": draw.pick([0, 4_000, 8_001, 128_001]), "output-token": draw.pick([1, 8_000]) },
      capabilities: [draw.pick(["chat", "embed", "tool.search"])],
    }),
    (posed) => {
      const { request } = posed.question;
      const [input, output] = [request.quantities["input-token"] ?? 0, request.quantities["output-token"] ?? 0];
      const isFit = ({ entry: { contract, state, health } }: Candidate) =>
        (state === "active" || (state === "probation" && request.probation === "allow")) &&
        !(health?.status === "unhealthy" && Date.parse(health.expiresAt) > posed.question.at) &&
        request.capabilities.every((name) => contract.capabilities.includes(name)) &&
        (contract.constraints.inputTokensMax ?? -1) >= input &&
        (contract.constraints.outputTokensMax ?? -1) >= output &&
        !assumes(contract, "/constraints");
      for (const candidate of posed.passed) expect(isFit(candidate)).toBe(true);
      unfit += posed.candidates.filter((candidate) => !isFit(candidate)).length;
      return chosenIn(posed) !== undefined;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(60);
  expect(unfit).toBeGreaterThan(1_000);
});
