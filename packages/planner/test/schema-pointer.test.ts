import { compileSchema, type JsonObject, type JsonValue, valueAtPointer } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { declaredProperties, isPointerPossible } from "../src/schema-pointer.ts";

const names = fc.constantFrom("a", "b", "a/b", "~", "0");
const { schema } = fc.letrec<{ schema: JsonObject | boolean }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonObject | boolean>(true, false, {}, { type: "integer" }, { type: "string" }),
    fc.record({ type: fc.constant("object"), properties: fc.dictionary(names, tie("schema"), { maxKeys: 3 }) }),
    fc.record({
      type: fc.constant("object"),
      properties: fc.dictionary(names, tie("schema"), { maxKeys: 2 }),
      additionalProperties: tie("schema"),
    }),
    fc.record({
      type: fc.constant("object"),
      patternProperties: fc.dictionary(fc.constantFrom("^a", "b$"), tie("schema"), { maxKeys: 2 }),
    }),
    fc.record({ type: fc.constant("array"), items: tie("schema"), maxItems: fc.nat(2) }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ oneOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ enum: fc.constantFrom<JsonValue[]>([{ a: 1 }, 2], [[1, 2]], ["a"]) }),
  ),
}));
const values = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(1, 2, "a", null),
    fc.dictionary(names, tie("value"), { maxKeys: 3 }) as fc.Arbitrary<JsonValue>,
    fc.array(tie("value"), { maxLength: 3 }) as fc.Arbitrary<JsonValue>,
  ),
})).value;

/** Every pointer into a value. */
function pointersOf(value: JsonValue, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [at];
  const entries: [string, JsonValue][] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item])
    : Object.entries(value);
  return [
    at,
    ...entries.flatMap(([key, child]) => pointersOf(child, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)),
  ];
}

test("never refuses a pointer that finds something in a valid value (S1)", () => {
  let checked = 0;
  fc.assert(
    fc.property(schema, values, (one, value) => {
      let check: ReturnType<typeof compileSchema>;
      try {
        check = compileSchema(one);
      } catch {
        return;
      }
      if (check(value).length > 0) return;
      for (const pointer of pointersOf(value)) {
        expect(valueAtPointer(value, pointer)).toBeDefined();
        expect(isPointerPossible(one, pointer), pointer).toBe(true);
        checked += 1;
      }
    }),
    { numRuns: 3000 },
  );
  expect(checked).toBeGreaterThan(1000);
});

const object = {
  type: "object",
  properties: { a: { type: "array", items: { type: "integer" } } },
  additionalProperties: false,
};

test.each<[JsonValue, string]>([
  [false, ""],
  [object, "/b"],
  [object, "/a/x"],
  [object, "/a/01"],
  [object, "/a/-"],
  [object, "/a/0/b"],
  [{ type: "string" }, "/a"],
  [{ type: ["object", "null"], properties: { a: false } }, "/a"],
  [{ const: { a: 1 } }, "/b"],
  [{ enum: [{ a: 1 }, 2] }, "/b"],
  [{ type: "array", prefixItems: [{ type: "integer" }], items: false }, "/1"],
  [{ type: "array", maxItems: 1 }, "/1"],
  [{ anyOf: [object, { type: "string" }] }, "/b"],
  [{ allOf: [{ type: "object" }, object] }, "/b"],
  [{ oneOf: [object] }, "/b"],
  [{ $ref: "#/$defs/row", $defs: { row: object } }, "/b"],
  [{ type: "object", patternProperties: { "^x": true }, additionalProperties: false }, "/y"],
])("in a value of %j there is nothing at `%s`", (one, pointer) => {
  expect(isPointerPossible(one, pointer)).toBe(false);
});

test.each<[JsonValue, string]>([
  [true, "/a/b"],
  [{ not: object }, "/b"],
  [{ $ref: "https://example.com/other" }, "/b"],
  [{ $ref: "#/%zz" }, "/b"],
  [{ $ref: "#" }, "/b"],
  [{ allOf: [{ $ref: "#" }, { $ref: "#" }] }, "/b"],
])("what %j leaves open stays open at `%s`", (one, pointer) => {
  expect(isPointerPossible(one, pointer)).toBe(true);
});

test("finds declared properties at any depth, and none that is declared away", () => {
  const one = {
    properties: { a: { items: { properties: { b: true } } }, gone: false },
    anyOf: [{ properties: { c: true } }],
    $defs: { row: { patternProperties: { "^d": { properties: { "e/f": true } } } } },
    enum: [{ properties: { no: true } }],
  };

  expect(declaredProperties(one).map(({ place }) => place)).toEqual([
    "/properties/a",
    "/properties/a/items/properties/b",
    "/anyOf/0/properties/c",
    "/$defs/row/patternProperties/^d/properties/e~1f",
  ]);
});
