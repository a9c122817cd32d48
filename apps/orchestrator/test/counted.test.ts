import { expect, test } from "vitest";
import { counted } from "../src/counted.ts";

test("one of a thing is one, and none are many", () => {
  expect([0, 1, 2].map((count) => counted(count, "finding"))).toEqual(["0 findings", "1 finding", "2 findings"]);
});
