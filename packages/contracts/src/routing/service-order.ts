/**
 * The one order of what stands in lists: a list that is ascending, each item once, has one spelling and one digest.
 *
 * @module
 */
import { byCodeUnit } from "../order.ts";
import type { SchemaIssue } from "../schema-check.ts";
import type { ServiceContract } from "./service-contract.ts";

/** Where a list is not strictly ascending, as pointers below `pointer`. */
export function ascendingIssues<Item>(
  pointer: string,
  items: readonly Item[],
  order: (a: Item, b: Item) => number,
): SchemaIssue[] {
  return items.flatMap((item, index) =>
    index > 0 && order(items[index - 1] as Item, item) >= 0
      ? [{ pointer: `${pointer}/${index}`, expected: "after the one before it, each once" }]
      : [],
  );
}

/** Where the lists of a service contract are out of order: capabilities, prices by unit, guarantees, assumptions. */
export function serviceOrderIssues(
  { capabilities, cost, guarantees, assumed }: ServiceContract,
  at = "",
): SchemaIssue[] {
  return [
    ...ascendingIssues(`${at}/capabilities`, capabilities, byCodeUnit),
    ...ascendingIssues(`${at}/cost/prices`, cost?.prices ?? [], (a, b) => byCodeUnit(a.unit, b.unit)),
    ...ascendingIssues(
      `${at}/guarantees`,
      guarantees,
      (a, b) => byCodeUnit(a.property, b.property) || byCodeUnit(a.bound, b.bound),
    ),
    ...ascendingIssues(`${at}/assumed`, assumed, byCodeUnit),
  ];
}
