import type { RouteRequest, ServiceContract } from "@canonic/contracts";
import { expect, test } from "vitest";
import { decide, openWorld, type RouteWorld } from "../../src/index.ts";
import { contract, entry, guarantee, identity, NO_RULES, observations, question, world } from "./worlds.ts";

type Asked = { readonly [Key in keyof RouteRequest]?: unknown };
type Stated = { readonly [Key in keyof ServiceContract]?: unknown };

/** The letter that a service gives to a clause. */
function letter(
  clause: string,
  asked: Asked,
  stated: Stated,
  rest: { entry?: object; who?: object; world?: object } = {},
) {
  const opened = openWorld(
    world([{ ...entry(stated), ...rest.entry }], (rest.world ?? {}) as Partial<RouteWorld>),
    NO_RULES,
  );
  const who = rest.who === undefined ? null : identity(rest.who);
  const decided = decide(opened, question(asked, { identity: who }));
  const place = decided.clauses.findIndex((one) => one.clause === clause);
  return place < 0 ? "not asked" : decided.stateOf(place, 0);
}

const base = contract();
const limits = (given: object) => ({ constraints: { ...(base["constraints"] as object), ...given } });
const privacy = (given: object) => ({ privacy: { ...(base["privacy"] as object), ...given } });
const security = (given: object) => ({ security: { permission: null, trustRequired: 0, trust: 1, ...given } });
const price = (picos: number) => ({ cost: { currency: "USD", prices: [{ unit: "input-token", picos }] } });

test("state: active always, probation where it is allowed, nothing else", () => {
  const answers = (probation: string) =>
    ["active", "probation", "draining", "retired"].map((state) =>
      letter("state", { probation }, {}, { entry: { state } }),
    );
  expect(answers("allow").join("")).toBe("ssvv");
  expect(answers("exclude").join("")).toBe("svvv");
});

test("health is believed until the moment at which it expires, and no longer", () => {
  const at = "2023-11-14T22:13:20.000Z";
  const answers = (health: string) =>
    [
      null,
      { status: "healthy", expiresAt: "2023-11-14T22:13:20.001Z" },
      { status: "unhealthy", expiresAt: "2023-11-14T22:13:20.001Z" },
      { status: "healthy", expiresAt: at },
      { status: "unhealthy", expiresAt: at },
    ].map((seen) => letter("health", { health }, {}, { entry: { health: seen } }));
  expect(answers("any").join("")).toBe("ssvss");
  expect(answers("required").join("")).toBe("usvuu");
});

test("capability: all of them", () => {
  const asked = { capabilities: ["chat", "tools"] };
  expect(letter("capability", asked, { capabilities: ["chat", "tools", "vision"] })).toBe("s");
  expect(letter("capability", asked, { capabilities: ["tools"] })).toBe("v");
});

test("limits of tokens: held, not held, not stated or assumed; two stated ones bound their sum", () => {
  const input = { quantities: { "input-token": 10 } };
  expect(letter("input-tokens", input, limits({ inputTokensMax: 10 }))).toBe("s");
  expect(letter("input-tokens", input, limits({ inputTokensMax: 9 }))).toBe("v");
  expect(letter("input-tokens", input, limits({ inputTokensMax: null }))).toBe("u");
  expect(letter("input-tokens", input, { ...limits({}), assumed: ["/constraints"] })).toBe("u");
  expect(letter("output-tokens", input, {})).toBe("not asked");
  const both = { quantities: { "input-token": 10, "output-token": 5 } };
  expect(letter("total-tokens", both, limits({ totalTokensMax: 15 }))).toBe("s");
  expect(letter("total-tokens", both, limits({ totalTokensMax: 14 }))).toBe("v");
  expect(letter("total-tokens", both, limits({ totalTokensMax: null }))).toBe("s");
  expect(letter("total-tokens", both, limits({ totalTokensMax: null, outputTokensMax: null }))).toBe("u");
  expect(
    letter("total-tokens", both, { ...limits({ totalTokensMax: null }), assumed: ["/constraints/inputTokensMax"] }),
  ).toBe("u");
});

test("guarantees: the least upper and the greatest lower bound that is stated, never an assumed one", () => {
  const max = { guarantees: [guarantee({ property: "p", bound: "max", value: 5, unit: "us" })] };
  const says = (...statements: Parameters<typeof guarantee>[0][]) => ({
    guarantees: statements.map((one) => guarantee({ property: "p", unit: "us", ...one })),
  });
  expect(letter("guarantee/p/max", max, says({ bound: "max", value: 5 }))).toBe("s");
  expect(letter("guarantee/p/max", max, says({ bound: "max", value: 6 }))).toBe("v");
  expect(letter("guarantee/p/max", max, says({ bound: "min", value: 1 }))).toBe("u");
  expect(letter("guarantee/p/max", max, says({ bound: "equality", value: 4 }, { bound: "max", value: 9 }))).toBe("s");
  expect(letter("guarantee/p/max", max, says({ bound: "max", value: 5, basis: "assumed" }))).toBe("u");
  expect(letter("guarantee/p/max", max, says({ bound: "max", value: 5, unit: "ms" }))).toBe("u");
  const relative = { ...max, quantities: { "input-token": 3 } };
  const twice = { bound: "relative_max", value: 2_000_000, of: "input-token" };
  expect(letter("guarantee/p/max", relative, says(twice))).toBe("v");
  expect(letter("guarantee/p/max", max, says(twice))).toBe("u");
  const min = (value: unknown, bound = "min", of: string | null = null) => ({
    guarantees: [guarantee({ property: "p", bound, value, unit: "us", of })],
    quantities: { "input-token": 3 },
  });
  expect(letter("guarantee/p/min", min(5), says({ bound: "min", value: 5 }))).toBe("s");
  expect(letter("guarantee/p/min", min(6), says({ bound: "min", value: 5 }))).toBe("v");
  expect(letter("guarantee/p/min", min("5"), says({ bound: "min", value: 5 }))).toBe("u");
  const half = min(500_000, "min_multiple", "input-token");
  expect(letter("guarantee/p/min_multiple", half, says({ bound: "min", value: 2 }))).toBe("s");
  expect(letter("guarantee/p/min_multiple", half, says({ bound: "min", value: 1 }))).toBe("v");
  const same = (value: unknown) => min(value, "equality");
  expect(letter("guarantee/p/equality", same("a"), says({ bound: "equality", value: "a" }))).toBe("s");
  expect(letter("guarantee/p/equality", same(1), says({ bound: "equality", value: true }))).toBe("v");
  expect(letter("guarantee/p/equality", same(1), says({ bound: "max", value: 1 }))).toBe("u");
});

test("observations count from five receipts on; with a declared basis both sources must satisfy", () => {
  const asked = (basis: string) => ({
    guarantees: [guarantee({ property: "latency-p95", bound: "max", value: 10, unit: "us", basis })],
  });
  const says = (value: number) => ({
    guarantees: [guarantee({ property: "latency-p95", bound: "max", value, unit: "us" })],
  });
  const seen = (p95: number, receipts = 5) => ({
    world: { observations: observations([{ service: "a/one", receipts, latencyUs: [1, p95, p95, p95] }]) },
  });
  const clause = "guarantee/latency-p95/max";
  expect(letter(clause, asked("measured"), says(5))).toBe("u");
  expect(letter(clause, asked("measured"), says(50), seen(10))).toBe("s");
  expect(letter(clause, asked("measured"), says(5), seen(11))).toBe("v");
  expect(letter(clause, asked("measured"), says(5), seen(10, 4))).toBe("u");
  expect(letter(clause, asked("declared"), says(5), seen(11))).toBe("v");
  expect(letter(clause, asked("declared"), says(11), seen(10))).toBe("v");
  expect(letter(clause, asked("declared"), says(10), seen(10))).toBe("s");
  expect(letter(clause, asked("declared"), {}, seen(10))).toBe("s");
  expect(letter("latency", { latency: { percentile: "p95", maxUs: 10 } }, says(10))).toBe("s");
  expect(letter("latency", { latency: { percentile: "p95", maxUs: 10 } }, says(11))).toBe("v");
  expect(letter("latency", { latency: { percentile: "p99", maxUs: 10 } }, says(1))).toBe("u");
});

test("budget: exact at its edge, saturated beyond the greatest number, unknown without a price that is known", () => {
  const asked = (budgetPicos: number, input = 1000) => ({ budgetPicos, quantities: { "input-token": input } });
  expect(letter("budget", asked(3000), price(3))).toBe("s");
  expect(letter("budget", asked(2999), price(3))).toBe("v");
  expect(letter("budget", asked(0), { cost: { currency: "USD", prices: [] } })).toBe("s");
  expect(letter("budget", asked(9), { cost: null })).toBe("u");
  expect(letter("budget", asked(3000), { ...price(3), assumed: ["/cost"] })).toBe("u");
  expect(letter("budget", asked(Number.MAX_SAFE_INTEGER, 1e12), price(Number.MAX_SAFE_INTEGER))).toBe("s");
  expect(letter("budget", asked(Number.MAX_SAFE_INTEGER - 1, 1e12), price(Number.MAX_SAFE_INTEGER))).toBe("v");
});

test("authentication and authorization: an identity where one is asked for, its permissions and its trust", () => {
  const needs = security({ permission: { all: [{ has: "a" }, { any: [{ has: "b" }, { has: "c" }] }] } });
  expect(letter("authentication", {}, security({}))).toBe("s");
  expect(letter("authentication", {}, needs)).toBe("v");
  expect(letter("authentication", {}, security({ trustRequired: 1 }))).toBe("v");
  expect(letter("authentication", {}, needs, { who: {} })).toBe("s");
  expect(letter("authorization", {}, needs, { who: { permissions: ["a", "c"] } })).toBe("s");
  expect(letter("authorization", {}, needs, { who: { permissions: ["b", "c"] } })).toBe("v");
  expect(letter("authorization", {}, security({ permission: { any: [] } }), { who: {} })).toBe("v");
  expect(letter("authorization", {}, security({ permission: { all: [] } }))).toBe("s");
  expect(letter("authorization", {}, security({ trustRequired: 2 }), { who: { trust: 1 } })).toBe("v");
  expect(letter("authorization", {}, security({ trustRequired: 2 }), { who: { trust: 2 } })).toBe("s");
  expect(letter("trust", { serviceTrustMin: 2 }, security({ trust: 1 }))).toBe("v");
});

test("privacy: what the data class asks, made stricter by the request; what is not stated is never private enough", () => {
  const asked = { dataClass: "confidential", localityMax: "local", retentionDaysMax: 40 };
  expect(letter("privacy/locality", asked, privacy({ locality: "local" }))).toBe("s");
  expect(letter("privacy/locality", asked, privacy({ locality: "region" }))).toBe("v");
  expect(letter("privacy/locality", asked, privacy({ locality: null }))).toBe("u");
  expect(letter("privacy/locality", {}, privacy({ locality: null }))).toBe("not asked");
  expect(letter("privacy/retention", asked, privacy({ retentionDays: 30 }))).toBe("s");
  expect(letter("privacy/retention", asked, privacy({ retentionDays: 31 }))).toBe("v");
  expect(letter("privacy/retention", asked, { ...privacy({}), assumed: ["/privacy/retentionDays"] })).toBe("u");
  for (const [clause, field, good] of [
    ["transit", "encryptedInTransit", true],
    ["rest", "encryptedAtRest", true],
    ["training", "trainsOnData", false],
  ] as const) {
    expect(letter(`privacy/${clause}`, asked, privacy({ [field]: good }))).toBe("s");
    expect(letter(`privacy/${clause}`, asked, privacy({ [field]: !good }))).toBe("v");
    expect(letter(`privacy/${clause}`, asked, privacy({ [field]: null }))).toBe("u");
    expect(letter(`privacy/${clause}`, {}, {})).toBe("not asked");
  }
  expect(letter("privacy/regions", { regions: ["eu", "us"] }, privacy({ regions: ["eu"] }))).toBe("s");
  expect(letter("privacy/regions", { regions: ["us"] }, privacy({ regions: ["eu", "us"] }))).toBe("v");
  expect(letter("privacy/regions", { regions: ["us"] }, privacy({ regions: [] }))).toBe("u");
});

test("traits: there and met, there and not, not there or assumed", () => {
  const asked = (demand: object) => ({ traits: [{ trait: "constructor", ...demand }] });
  const clause = "trait/0/constructor";
  const has = (value: unknown) => ({ traits: { constructor: value } });
  expect(letter(clause, asked({ bound: "equality", value: 1 }), has(1))).toBe("s");
  expect(letter(clause, asked({ bound: "equality", value: 1 }), has("1"))).toBe("v");
  expect(letter(clause, asked({ bound: "equality", value: 1 }), {})).toBe("u");
  expect(letter(clause, asked({ bound: "min", value: 1 }), has(2))).toBe("s");
  expect(letter(clause, asked({ bound: "max", value: 1 }), has(2))).toBe("v");
  expect(letter(clause, asked({ bound: "min", value: 1 }), has("z"))).toBe("v");
  expect(letter(clause, asked({ bound: "one_of", value: [1, "a"] }), has("a"))).toBe("s");
  expect(letter(clause, asked({ bound: "one_of", value: [1, "a"] }), has(true))).toBe("v");
  expect(letter(clause, asked({ bound: "one_of", value: [1] }), { ...has(1), assumed: [""] })).toBe("u");
});
