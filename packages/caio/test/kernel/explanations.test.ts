import { expect, test } from "vitest";
import { decide, diffDecisions, explain, explainWhyNot, openWorld, whatIf, whyNot } from "../../src/index.ts";
import { entry, guarantee, identity, NO_RULES, question, world } from "./worlds.ts";

const price = (picos: number) => ({ currency: "USD", prices: [{ unit: "input-token", picos }] });
const opened = openWorld(
  world([
    entry({ service: "a/cheap", cost: price(1) }),
    entry({
      service: "b/dear",
      cost: price(5),
      capabilities: ["audio", "chat"],
      guarantees: [guarantee({ property: "latency-p95", bound: "max", value: 900, unit: "us" })],
      constraints: { inputTokensMax: 8, outputTokensMax: 4, totalTokensMax: 10 },
      traits: { tier: "free" },
      privacy: {
        locality: "cloud",
        regions: ["us"],
        retentionDays: 30,
        encryptedInTransit: true,
        encryptedAtRest: null,
        trainsOnData: false,
      },
    }),
    entry({ service: "c/draining", cost: price(2) }, { state: "draining" }),
  ]),
  NO_RULES,
);
const asked = question({
  capabilities: ["chat"],
  quantities: { "input-token": 10, "output-token": 3 },
  budgetPicos: 40,
  traits: [{ trait: "tier", bound: "one_of", value: ["paid"] }],
  latency: { percentile: "p95", maxUs: 500 },
  regions: ["eu"],
  dataClass: "confidential",
});

test("why-not names the first and all failed clauses with what was asked for and what is there", () => {
  const decided = decide(opened, asked);
  const { kind, first, failed } = whyNot(decided, "b/dear");
  expect(kind).toBe("rejected");
  expect(first).toMatchObject({ clause: "input-tokens", required: 10, actual: 8, state: "violated" });
  expect(failed.map(({ clause, state, required, actual }) => [clause, state, required, actual])).toEqual([
    ["input-tokens", "violated", 10, 8],
    ["total-tokens", "violated", 13, 10],
    ["latency", "violated", { percentile: "p95", maxUs: 500 }, 900],
    ["budget", "violated", 40, 50],
    ["privacy/locality", "violated", "region", "cloud"],
    ["privacy/rest", "unknown", true, null],
    ["privacy/regions", "violated", ["eu"], ["us"]],
    ["trait/0/tier", "violated", { trait: "tier", bound: "one_of", value: ["paid"] }, "free"],
  ]);
  expect(explainWhyNot(whyNot(decided, "b/dear"))).toContain("match: `budget` is violated: asked for `40`, has `50`");
});

test("what-if changes the fewest fields by the least, and the service passes then", () => {
  const decided = decide(opened, asked);
  const answer = whatIf(decided, "b/dear");
  expect(answer).toMatchObject({
    kind: "relaxed",
    changes: [
      { pointer: "/dataClass", from: "confidential", to: "internal" },
      { pointer: "/latency", from: { percentile: "p95", maxUs: 500 }, to: { percentile: "p95", maxUs: 900 } },
      { pointer: "/regions", from: ["eu"], to: ["eu", "us"] },
      { pointer: "/quantities/input-token", from: 10, to: 7 },
      { pointer: "/traits/0/value", from: ["paid"], to: ["paid", "free"] },
    ],
  });
  if (answer.kind !== "relaxed") throw new Error("not relaxed");
  expect(decide(opened, { ...asked, request: answer.request }).passed("b/dear")).toBe(true);
});

test("what no request can change is named, and nothing is proposed (I2)", () => {
  const answer = whatIf(decide(opened, question()), "c/draining");
  expect(answer).toMatchObject({ kind: "impossible", obstacles: [{ clause: "state", actual: "draining" }] });
  const locked = openWorld(
    world([entry({ security: { permission: { has: "x" }, trustRequired: 0, trust: 0 } })]),
    NO_RULES,
  );
  expect(whatIf(decide(locked, question({ budgetPicos: 1 }, { identity: identity() })), 0)).toMatchObject({
    kind: "impossible",
    obstacles: [{ clause: "authorization", actual: { permission: { has: "x" }, trustRequired: 0 } }],
  });
  expect(whatIf(decide(opened, question()), "a/cheap")).toEqual({ kind: "admitted" });
});

test("who passed and was not chosen is told by what it lost", () => {
  const decided = decide(opened, question({ quantities: { "input-token": 2 } }));
  expect(whyNot(decided, "b/dear")).toMatchObject({ kind: "outranked", lostBy: "score", failed: [] });
  expect(whyNot(decided, "a/cheap")).toMatchObject({ kind: "chosen", lostBy: null });
  expect(() => whyNot(decided, "no/such")).toThrow(expect.objectContaining({ code: "caio.service-unknown" }));
  expect(() => decided.verdict(3)).toThrow(expect.objectContaining({ code: "caio.service-unknown" }));
});

test("an explanation says what was chosen, who was left and what rejected most", () => {
  const lines = explain(decide(opened, question({ quantities: { "input-token": 2 } })));
  expect(lines[0]).toContain("chose `a/cheap` 1.0.0 with score");
  expect(lines).toContain(
    "of 3 services 2 match, 2 of them keep the rules, 2 of them are secure, 2 of them have the traits",
  );
  expect(lines).toContain("`state` is not satisfied by 1");
  expect(explain(decide(opened, question({ capabilities: ["none"] })))[0]).toBe("refused: `caio.no-match`");
});

test("a diff names the inputs that changed and the fields that differ", () => {
  const [before, after] = [2, 3].map((input) =>
    decide(opened, question({ quantities: { "input-token": input } })).record(),
  );
  if (before === undefined || after === undefined) throw new Error("no records");
  const diff = diffDecisions(before, after);
  expect(diff.causes).toEqual(["/request"]);
  expect(diff.isSameOutcome).toBe(true);
  expect(diff.differences.map(({ pointer }) => pointer)).toContain("/ranking/0/costPicos");
  expect(diffDecisions(before, before)).toEqual({ causes: [], isSameOutcome: true, differences: [] });
});
