import type { GateRequest } from "@canonic/contracts";
import { expect, test } from "vitest";
import { approvalsOf } from "../src/approvals.ts";

test("each approval is presented once, in order; then nobody answers", () => {
  const ask = approvalsOf(["first", "second"]);
  const request = {} as GateRequest;

  expect([ask(request), ask(request), ask(request), ask(request)]).toEqual(["first", "second", null, null]);
});
