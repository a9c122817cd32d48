/**
 * Demands on guarantees, made absolute by the quantities of the request.
 *
 * @see docs/routing.md, section 2.
 * @module
 */
import type { RequiredGuarantee, Scalar } from "@canonic/contracts";
import { type Answers, answersOf, SATISFIED, UNKNOWN, uniform, VIOLATED } from "./bits.ts";
import { atLeast, atMost } from "./bounds.ts";
import { partOf } from "./exact.ts";
import { type GuaranteeColumns, type Quantities, quantityOf } from "./guarantee-columns.ts";
import type { Memo } from "./memo.ts";

/** What a demand comes to: at most or at least a number, exactly a value, or nothing that anybody could meet. */
export type AbsoluteDemand =
  | { readonly kind: "upper" | "lower"; readonly value: number }
  | { readonly kind: "equality"; readonly value: Scalar }
  | { readonly kind: "unanswerable" };

const UNANSWERABLE: AbsoluteDemand = { kind: "unanswerable" };

export function absoluteDemandOf({ bound, value, of }: RequiredGuarantee, quantities: Quantities): AbsoluteDemand {
  if (bound === "equality") return { kind: "equality", value };
  if (typeof value !== "number") return UNANSWERABLE;
  if (bound === "max") return { kind: "upper", value };
  if (bound === "min") return { kind: "lower", value };
  const quantity = of === null ? undefined : quantityOf(quantities, of);
  if (quantity === undefined) return UNANSWERABLE;
  return bound === "relative_max"
    ? { kind: "upper", value: partOf(value, quantity, "floor") }
    : { kind: "lower", value: partOf(value, quantity, "ceil") };
}

/** The answers of all `size` services to a demand. */
export function guaranteeAnswers(
  columns: GuaranteeColumns,
  memo: Memo<Answers>,
  size: number,
  demand: RequiredGuarantee,
  quantities: Quantities,
): Answers {
  const { property, unit, basis } = demand;
  const absolute = absoluteDemandOf(demand, quantities);
  if (absolute.kind === "unanswerable") return memo.get("unanswerable", () => uniform(size, UNKNOWN));
  if (absolute.kind !== "equality") {
    const bounds = columns.bounds(property, unit, absolute.kind, basis, quantities);
    return absolute.kind === "upper" ? atMost(memo, bounds, absolute.value) : atLeast(memo, bounds, absolute.value);
  }
  const said = basis === "declared" ? columns.statements(property, unit)?.equalities : undefined;
  return memo.get(`${property} ${unit} ${basis} = ${JSON.stringify(absolute.value)}`, () =>
    answersOf(size, (index) => {
      const value = said?.get(index);
      return value === undefined ? UNKNOWN : value === absolute.value ? SATISFIED : VIOLATED;
    }),
  );
}
