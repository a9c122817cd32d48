import fc from "fast-check";
import { expect, test } from "vitest";
import { digestJson, type JsonObject, type JsonValue } from "../src/index.ts";
import { digestLongJson } from "../src/long-digest.ts";

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
const rest = fc.dictionary(fc.string({ maxLength: 12 }), json, { maxKeys: 6 });

test("gives the digest of the whole, wherever the long array stands among the members (L1)", () => {
  fc.assert(
    fc.property(
      rest,
      fc.string({ maxLength: 12 }),
      fc.integer({ min: 0, max: 2100 }),
      fc.array(json, { minLength: 1, maxLength: 5 }),
      (others, member, length, some) => {
        const elements = Array.from({ length }, (_, at) => [at, some[at % some.length] as JsonValue]);
        const object = { ...others, [member]: elements } as JsonObject;
        expect(outcome(() => digestLongJson(object, member))).toEqual(outcome(() => digestJson(object)));
      },
    ),
    { numRuns: 40 },
  );
});

test("refuses with the place in the whole what has no canonical form, and what is nested too deeply (L1)", () => {
  const wrong = { a: 1, long: Array.from({ length: 1200 }, (_, at) => (at === 1100 ? Number.NaN : at)) };
  const deep = (depth: number): JsonValue => (depth === 0 ? 1 : [deep(depth - 1)]);
  const nested = (depth: number) => ({
    long: Array.from({ length: 1025 }, (_, at) => (at === 1024 ? deep(depth) : at)),
  });
  const named = {
    long: Object.assign(
      Array.from({ length: 1025 }, () => 1),
      { name: 1 },
    ),
  };

  expect(outcome(() => digestLongJson(wrong, "long"))).toMatchObject({ details: { pointer: "/long/1100" } });
  expect(outcome(() => digestLongJson(nested(254), "long"))).toEqual(digestJson(nested(254)));
  expect(outcome(() => digestLongJson(nested(255), "long"))).toMatchObject({ code: "contracts.not-json" });
  expect(outcome(() => digestLongJson(named, "long"))).toMatchObject({ details: { pointer: "/long" } });
});

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    const { code, details } = error as { readonly code: string; readonly details: unknown };
    return { code, details };
  }
}
