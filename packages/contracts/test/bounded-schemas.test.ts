import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileSchema, isContractsError, type JsonObject, type JsonValue } from "../src/index.ts";

const COSTLY = [{ pointer: "", expected: "must be checked in fewer steps than its size allows" }];
const range = (length: number) => Array.from({ length }, (_, at) => at);
const here = (to: string): JsonObject => ({ $ref: `#/$defs/${to}` });
const under = (schema: JsonObject): JsonObject => ({ type: "object", properties: { a: schema } });
const nested = (levels: number): JsonValue => range(levels).reduce<JsonValue>((inner) => ({ a: inner }), 1);

test("uniqueItems says what ajv's own says, on every small array (U1)", () => {
  const own = new Ajv2020({ strict: true }).compile({ type: "array", uniqueItems: true });
  const check = compileSchema({ type: "array", uniqueItems: true });
  const item: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2, depthSize: "small" },
      fc.constantFrom<JsonValue>(0, 1, 1.0, "1", "", null, false, true, "[]", "{}", '{"a":1}', "__proto__"),
      fc.array(tie("value"), { maxLength: 2 }) as fc.Arbitrary<JsonValue>,
      fc.shuffledSubarray(["a", "b", "__proto__"]).chain((keys) =>
        fc.tuple(...keys.map(() => tie("value"))).map((values) => {
          const entries = keys.map((key, at) => [key, values[at] as JsonValue] as const);
          return JSON.parse(`{${entries.map(([key, one]) => `"${key}":${JSON.stringify(one)}`).join()}}`) as JsonValue;
        }),
      ),
    ),
  })).value;
  const seen = { unique: 0, double: 0 };
  fc.assert(
    fc.property(fc.array(item, { maxLength: 5 }), (items) => {
      const expected = own(items);
      seen[expected ? "unique" : "double"] += 1;
      expect(check(items).length === 0).toBe(expected);
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(seen.unique, seen.double)).toBeGreaterThan(80);
});

test("names the first pair that is not unique", () => {
  expect(compileSchema({ type: "array", uniqueItems: true })([{ a: 1, b: 2 }, 3, { b: 2, a: 1 }])).toEqual([
    { pointer: "", expected: "must NOT have duplicate items (items ## 0 and 2 are identical)" },
  ]);
});

const refused: readonly (readonly [name: string, schema: JsonObject, pointer: string])[] = [
  ["lookahead", { type: "string", pattern: "^(?!a)" }, "/pattern"],
  ["a backreference in a name", { type: "object", patternProperties: { "(a)\\1": true } }, "/patternProperties"],
  [
    "a pattern that a named property matches",
    { type: "object", properties: { ab: { type: "null" } }, patternProperties: { "^a": { type: "null" } } },
    "/patternProperties",
  ],
  ["itself for the same value", { $defs: { a: { anyOf: [here("a")] } }, $ref: "#/$defs/a" }, "/$defs/a/anyOf/0"],
  ["a reference into a value", { type: "null", default: { type: "null" }, $ref: "#/default" }, "/$ref"],
  [
    "references that double for the same value",
    Object.assign(here("d0"), {
      $defs: Object.fromEntries(
        range(20).map((at) => [
          `d${at}`,
          at === 19 ? { type: "null" } : { allOf: [here(`d${at + 1}`), here(`d${at + 1}`)] },
        ]),
      ),
    }),
    "/$defs/d7",
  ],
  [
    "one property that leads back twice",
    { type: "object", properties: { a: { $ref: "#" } }, allOf: [{ type: "object", properties: { a: { $ref: "#" } } }] },
    "",
  ],
  ["items that lead back twice", { type: "array", items: { $ref: "#" }, contains: { $ref: "#" } }, ""],
  [
    "a detour that leads back twice",
    { $defs: { x: under({ anyOf: [here("y"), here("z")] }), y: under(here("x")), z: under(here("x")) }, ...here("x") },
    "/$defs/x/properties/a",
  ],
  ["too many alternatives", { oneOf: range(251).map((at) => ({ const: at })) }, "/oneOf"],
  ["too many schemas", { allOf: range(2001).map(() => ({ type: "null" })) }, "/allOf/1999"],
  ["a keyword of a former draft that ajv obeys", { type: "array", items: { $recursiveRef: "#" } }, "/items"],
  ["our own keyword", { type: "null", canonicSteps: -1 }, ""],
];
test.each(refused)("refuses %s, and names the place (V5)", (_name, schema, pointer) => {
  let error: unknown;
  try {
    compileSchema(schema);
  } catch (thrown) {
    error = thrown;
  }

  expect(isContractsError(error) && [error.code, "pointer" in error.details && error.details.pointer]).toEqual([
    "contracts.bad-schema",
    pointer,
  ]);
});

const accepted: readonly (readonly [name: string, schema: JsonObject, valid: JsonValue, invalid: JsonValue])[] = [
  [
    "a binary tree",
    { type: "object", properties: { left: { $ref: "#" }, right: { $ref: "#" } }, additionalProperties: false },
    { left: { right: {} }, right: {} },
    { left: { right: { middle: {} } } },
  ],
  [
    "expressions that name their operands apart",
    {
      $defs: {
        e: { anyOf: [{ type: "null" }, here("all"), here("not")] },
        all: { type: "object", required: ["all"], properties: { all: { type: "array", items: here("e") } } },
        not: { type: "object", required: ["not"], properties: { not: here("e") } },
      },
      ...here("e"),
    },
    { all: [{ not: null }, { all: [] }] },
    { all: [{ not: 1 }] },
  ],
  [
    "additional properties and patterns that lead back",
    { type: "object", patternProperties: { "^x": { $ref: "#" } }, additionalProperties: { $ref: "#" } },
    { x: { y: {} } },
    { x: { y: 1 } },
  ],
];
test.each(accepted)("accepts %s", (_name, schema, valid, invalid) => {
  const check = compileSchema(schema);

  expect(check(valid)).toEqual([]);
  expect(check(invalid).length).toBeGreaterThan(0);
});

/** Each is valid or invalid after an amount of work that no verifier has the time for. */
const costly: readonly (readonly [name: string, schema: JsonObject, value: JsonValue])[] = [
  [
    "alternatives that double with each level",
    {
      ...here("d0"),
      $defs: Object.fromEntries(
        range(60).map((at) => {
          const next = at === 59 ? { type: "string" } : under(here(`d${at + 1}`));
          return [`d${at}`, { anyOf: [next, next] }];
        }),
      ),
    },
    nested(60),
  ],
  [
    "recursions within recursions",
    {
      ...here("s0"),
      $defs: Object.fromEntries(
        range(8).map((at) => [`s${at}`, under({ allOf: [here(`s${at}`), ...(at < 7 ? [here(`s${at + 1}`)] : [])] })]),
      ),
    },
    range(200).reduce<JsonValue>((inner) => ({ a: inner }), {}),
  ],
  [
    "a long enumeration for each of many items",
    { type: "array", contains: { enum: range(2000).map((at) => ({ at })) } },
    range(1000).map(() => ({ at: -1 })),
  ],
  ["an automaton that explodes", { type: "string", pattern: "(a|b)*a(a|b){400}c" }, "abaab".repeat(2000)],
];
test.each(costly)("ends a check of %s with a fault, the same each time (V5, M1)", (_name, schema, value) => {
  const check = compileSchema(schema);

  expect(check(value)).toEqual(COSTLY);
  expect(check(value)).toEqual(COSTLY);
});

test("a value with a hundred thousand faults is invalid, and one of them is told", () => {
  const faults = compileSchema({ type: "array", items: { type: "string" } })(range(100_000));

  expect(faults[0]).toEqual({ pointer: "/0", expected: "must be string" });
});

test("a large honest value is checked to its end", () => {
  const digest = { type: "string", pattern: "^sha256:[0-9a-f]{64}$" };
  const row = {
    type: "object",
    required: ["id", "at"],
    properties: { id: digest, at: { type: "integer" } },
    additionalProperties: false,
  };
  const check = compileSchema({ type: "array", uniqueItems: true, items: { anyOf: [{ type: "null" }, row] } });
  const rows = range(20_000).map((at) => ({ id: `sha256:${at.toString(16).padStart(64, "0")}`, at }));

  expect(check(rows)).toEqual([]);
  expect(check([...rows, { id: "sha256:0", at: 0 }]).length).toBeGreaterThan(0);
  expect(compileSchema({ type: "array", contains: { type: "string" } })([...range(10_000), "x"])).toEqual([]);
});
