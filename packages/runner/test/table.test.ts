/** The persistent array against plain arrays. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyTable, valueAt, withValue } from "../src/table.ts";

test("holds what a copied array would hold, and earlier tables never change (T1)", () => {
  const change = fc.tuple(fc.nat(), fc.integer());
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.array(change, { maxLength: 60 }), (size, changes) => {
      let array: (number | undefined)[] = new Array(size).fill(undefined);
      let table = emptyTable<number>(size);
      const history: [typeof table, typeof array][] = [[table, array]];
      for (const [at, value] of changes) {
        table = withValue(table, at % size, value);
        array = array.with(at % size, value);
        history.push([table, array]);
      }

      for (const [then, expected] of history) {
        expect(Array.from({ length: size }, (_, index) => valueAt(then, index))).toEqual(expected);
      }
    }),
    { numRuns: 40 },
  );
});

test.each([31, 32, 33, 1023, 1024, 1025, 32_768, 32_769])("keeps the first and last slot apart at size %i", (size) => {
  const table = withValue(withValue(emptyTable<string>(size), 0, "first"), size - 1, "last");

  expect([valueAt(table, 0), valueAt(table, 1), valueAt(table, size - 1)]).toEqual([
    "first",
    size === 2 ? "last" : undefined,
    "last",
  ]);
  expect([valueAt(table, -1), valueAt(table, size)]).toEqual([undefined, undefined]);
});
