import { canonicalJson, type JsonValue } from "@canonic/contracts";
import { expect, test } from "vitest";
import { decide, openWorld, rederive, verifyServiceProof } from "../../src/index.ts";
import { entry, identity, NO_RULES, observations, question, world } from "./worlds.ts";

const price = (picos: number) => ({ currency: "USD", prices: [{ unit: "input-token", picos }] });
const made = world(
  [entry({ cost: price(1) }), entry({ service: "b/two", cost: price(2), capabilities: ["chat", "tools"] })],
  {
    observations: observations([{ service: "b/two", reliabilityPpm: 9 }]),
  },
);
const opened = openWorld(made, NO_RULES);
const asked = question(
  { intent: "one chat", quantities: { "input-token": 3 }, budgetPicos: 5, traits: [] },
  { identity: identity({ permissions: ["a"], trust: 1 }) },
);
const record = decide(opened, asked).record();
const again = (decision: unknown, request: unknown = asked.request, who: unknown = asked.identity, where = opened) =>
  rederive(decision, request, who, null, where);

/** Every scalar of a value changed, one at a time, and every list shortened. */
function mutations(value: JsonValue): JsonValue[] {
  if (Array.isArray(value)) {
    const shorter = value.length === 0 ? [] : [value.slice(1)];
    return [
      ...shorter,
      ...value.flatMap((item: JsonValue, index) => mutations(item).map((one) => value.with(index, one))),
    ];
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => mutations(item).map((one) => ({ ...value, [key]: one })));
  }
  if (typeof value === "number") return [value + 1];
  if (typeof value === "string") return [value.endsWith("0") ? `${value.slice(0, -1)}1` : `${value.slice(0, -1)}0`];
  return typeof value === "boolean" ? [!value] : [1];
}

test("a record that was made from its inputs has no reason against it", () => {
  expect(again(record)).toEqual([]);
  expect(again(JSON.parse(canonicalJson(record as unknown as JsonValue)))).toEqual([]);
});

test("every change of any field of a record is found", () => {
  const changed = mutations(record as unknown as JsonValue);
  expect(changed.length).toBeGreaterThan(60);
  for (const one of changed) expect(again(one).length, canonicalJson(one)).toBeGreaterThan(0);
});

test("every change of the request, the identity, the weights, the observations or a contract is found", () => {
  const requests = mutations(asked.request as unknown as JsonValue);
  const identities = mutations(asked.identity as unknown as JsonValue);
  expect(requests.length + identities.length).toBeGreaterThan(15);
  for (const one of requests) expect(again(record, one).length).toBeGreaterThan(0);
  for (const one of identities) expect(again(record, asked.request, one).length).toBeGreaterThan(0);
  const worlds = [
    { ...made, observations: observations([{ service: "b/two", reliabilityPpm: 10 }]) },
    { ...made, scoreProfile: { ...made.scoreProfile, weights: { ...made.scoreProfile.weights, intent: 1 } } },
    { ...made, privacyProfile: { ...made.privacyProfile, name: "other" } },
    { ...made, snapshot: { ...made.snapshot, revision: 1 } },
    { ...made, snapshot: world([entry({ cost: price(1) })]).snapshot },
    { ...made, snapshot: world([entry({ cost: price(9) }), entry({ service: "b/two" })]).snapshot },
  ];
  for (const one of worlds) {
    const reasons = again(record, asked.request, asked.identity, openWorld(one, NO_RULES));
    expect(reasons[0]).toMatchObject({ code: "caio.decision-differs" });
  }
});

test("content of any kind is judged and never thrown", () => {
  for (const junk of [
    undefined,
    null,
    1,
    "x",
    [],
    {},
    { ...record, at: "2023-13-01T00:00:00.000Z" },
    { ...record, root: "\ud800" },
  ]) {
    expect(again(junk)).toEqual([expect.objectContaining({ code: "caio.decision-malformed" })]);
    expect(rederive(record, junk, null, null, opened)[0]).toMatchObject({ code: "caio.decision-undecidable" });
    expect(verifyServiceProof(junk, junk, junk)).toBe(false);
  }
  expect(again(record, asked.request, {})[0]).toMatchObject({
    code: "caio.decision-undecidable",
    pointer: "/identity/subject",
  });
  expect(rederive(record, asked.request, asked.identity, {}, opened)[0]).toMatchObject({
    pointer: "/authorization/schema",
  });
});

test("a proof shows one verdict of one decision, and nothing of a rival but a hash", () => {
  const decided = decide(opened, asked);
  const [verdict, proof] = [decided.verdict("b/two"), decided.proof("b/two")];
  expect(verifyServiceProof(record, verdict, proof)).toBe(true);
  const changed = mutations(verdict as unknown as JsonValue);
  expect(changed.length).toBeGreaterThan(6);
  for (const one of changed) expect(verifyServiceProof(record, one, proof)).toBe(false);
  for (const one of mutations(proof as unknown as JsonValue))
    expect(verifyServiceProof(record, verdict, one)).toBe(false);
  expect(JSON.stringify(proof)).not.toContain("a/one");
});
