import { expect, expectTypeOf, test } from "vitest";
import { type Fault, isPlannerError, PlannerError, type PlannerErrorDetails } from "../src/index.ts";

test("is recognised by name and code, so that a second installed copy is recognised too", () => {
  const other = Object.assign(new Error("an order does not exist"), {
    name: "PlannerError",
    code: "planner.cycle",
    details: { blocked: ["a"] },
  });

  expect(isPlannerError(new PlannerError("planner.empty-plan", "x", {}))).toBe(true);
  expect(isPlannerError(other) && other.code === "planner.cycle" && other.details.blocked).toEqual(["a"]);
  expect(isPlannerError(new Error("planner.cycle"))).toBe(false);
  expect(isPlannerError({ name: "PlannerError", code: "planner.cycle" })).toBe(false);
});

test("types the details by the code", () => {
  expectTypeOf<PlannerErrorDetails["planner.cycle"]["blocked"]>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<PlannerErrorDetails["planner.groups-invalid"]["faults"]>().toEqualTypeOf<readonly Fault[]>();
});
