import { DEFAULT_PRIVACY_PROFILE, digestJson, serviceSnapshotDigestOf } from "@canonic/contracts";
import { expect, test } from "vitest";
import { decide, isCaioError, openWorld, type RouteQuestion, type RouteWorld } from "../../src/index.ts";
import { DIGEST, entry, guarantee, identity, NO_RULES, observations, question, world } from "./worlds.ts";

function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (isCaioError(error) && (error.code === "caio.world-invalid" || error.code === "caio.request-invalid")) {
      return {
        code: error.code,
        part: "part" in error.details ? error.details.part : null,
        at: error.details.issues[0]?.pointer,
      };
    }
    throw error;
  }
  return null;
}

test("a world that is not in its one order, or not of its schema, is refused with the place (W1, W2)", () => {
  const opened = (given: RouteWorld) => refusal(() => openWorld(given, NO_RULES));
  const of = (stated: object) => world([entry(stated)]);
  const good = world([entry(), entry({ service: "b/two" })]);
  const turned = { ...good, snapshot: { ...good.snapshot, services: good.snapshot.services.toReversed() } };
  const twice = world([entry(), entry()]);
  const cases: readonly (readonly [RouteWorld, string, string])[] = [
    [turned, "snapshot", "/services/1"],
    [twice, "snapshot", "/services/1"],
    [of({ capabilities: ["tools", "chat"] }), "snapshot", "/services/0/contract/capabilities/1"],
    [of({ guarantees: [guarantee(), guarantee()] }), "snapshot", "/services/0/contract/guarantees/1"],
    [of({ assumed: ["/b", "/a"] }), "snapshot", "/services/0/contract/assumed/1"],
    [
      of({
        cost: {
          currency: "USD",
          prices: [
            { unit: "b", picos: 1 },
            { unit: "a", picos: 1 },
          ],
        },
      }),
      "snapshot",
      "/services/0/contract/cost/prices/1",
    ],
    [of({ description: "\ud800" }), "snapshot", ""],
    [of({ version: 1 }), "snapshot", "/services/0/contract/version"],
    [
      { ...good, observations: observations([{ service: "b/two" }, { service: "a/one" }]) },
      "observations",
      "/services/1",
    ],
    [
      {
        ...good,
        privacyProfile: { ...DEFAULT_PRIVACY_PROFILE, demands: DEFAULT_PRIVACY_PROFILE.demands.toReversed() },
      },
      "privacyProfile",
      "/demands/0/dataClass",
    ],
    [
      {
        ...good,
        privacyProfile: {
          ...DEFAULT_PRIVACY_PROFILE,
          demands: DEFAULT_PRIVACY_PROFILE.demands.map((one) => ({ ...one, mayTrain: one.dataClass !== "public" })),
        },
      },
      "privacyProfile",
      "/demands/1",
    ],
  ];
  expect(opened(good)).toBeNull();
  for (const [given, part, at] of cases) expect(opened(given)).toEqual({ code: "caio.world-invalid", part, at });
});

test("a question that is not valid is refused with the place, and nothing is decided", () => {
  const opened = openWorld(world([entry()]), NO_RULES);
  const asked = (given: Partial<RouteQuestion>) => refusal(() => decide(opened, { ...question(), ...given }));
  const invalid = (at: string) => ({ code: "caio.request-invalid", part: null, at });
  expect(asked({})).toBeNull();
  expect(asked({ request: { ...question().request, capabilities: ["b", "a"] } })).toEqual(
    invalid("/request/capabilities/1"),
  );
  expect(asked({ request: { ...question().request, serviceTrustMin: 4 } })).toEqual(
    invalid("/request/serviceTrustMin"),
  );
  expect(asked({ request: { ...question().request, intent: "\udfff" } })).toEqual(invalid("/request"));
  expect(asked({ identity: identity({ permissions: ["b", "b"] }) })).toEqual(invalid("/identity/permissions/1"));
  for (const at of [-1, 0.5, Number.NaN, 253_402_300_800_000]) expect(asked({ at })).toEqual(invalid("/at"));
});

test("an authorization table decides nothing but what it was made for, frozen or not", () => {
  const given = world([entry(), entry({ service: "b/two" })]);
  const opened = openWorld(given, NO_RULES);
  const who = identity();
  const table = {
    schema: "canonic/authorization-table/v1",
    policies: DIGEST,
    identity: digestJson(who),
    dataClass: "public",
    snapshot: serviceSnapshotDigestOf(given.snapshot),
    profiles: 1,
    refused: [{ service: "a/one", version: "1.0.0", policies: ["p"] }],
  };
  const asked = (change: object, request: object = {}) => {
    const authorization = { ...table, ...change } as unknown as RouteQuestion["authorization"];
    return () => decide(opened, question(request, { identity: who, authorization }));
  };
  const invalid = (at: string) => ({ code: "caio.world-invalid", part: "authorization", at });
  expect(asked({})().outcome).toMatchObject({ service: "b/two" });
  expect(refusal(asked({ identity: null }))).toEqual(invalid("/identity"));
  expect(refusal(asked({ snapshot: DIGEST }))).toEqual(invalid("/snapshot"));
  expect(refusal(asked({}, { dataClass: "internal" }))).toEqual(invalid("/dataClass"));
  expect(refusal(asked({ refused: [...table.refused, ...table.refused] }))).toEqual(invalid("/refused/1"));
  const mutable = structuredClone(table);
  const ask = () => decide(opened, question({}, { identity: who, authorization: mutable as never })).outcome;
  expect(ask()).toMatchObject({ service: "b/two" });
  (mutable.refused[0] as { service: string }).service = "b/two";
  expect(ask()).toMatchObject({ service: "a/one" });
});

test("what is done to the values of a world after it was opened does not reach it (P1)", () => {
  const given = world([entry(), entry({ service: "b/two" })]);
  const opened = openWorld(given, NO_RULES);
  const before = decide(opened, question()).record();
  (given.snapshot.services[0] as { state: string }).state = "retired";
  expect(decide(opened, question()).record()).toEqual(before);
});

test("a matcher of other rules is refused", () => {
  const rule = {
    id: "r",
    description: "",
    when: "true",
    effect: { kind: "require", expression: "true" },
    severity: "refuse",
  } as const;
  const rules = { schema: "canonic/rule-set/v1" as const, rules: [rule] };
  const opened = (answers: Uint8Array | null, id = "r") =>
    openWorld(world([entry()], { rules }), { match: () => [{ rule: { ...rule, id }, answers }] });
  expect(decide(opened(null), question()).outcome.kind).toBe("chosen");
  for (const wrong of [
    opened(new Uint8Array(2)),
    opened(null, "q"),
    openWorld(world([entry()], { rules }), NO_RULES),
  ]) {
    expect(refusal(() => decide(wrong, question()))).toEqual({ code: "caio.world-invalid", part: "rules", at: "" });
  }
});
