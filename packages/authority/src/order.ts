/**
 * Orders of people: who, why, when.
 *
 * @module
 */
import { Principal, shapeIssues, Timestamp } from "@canonic/contracts";
import { z } from "zod";
import { AuthorityError } from "./errors.ts";
import { isAutomaton } from "./recursion.ts";

const Order = z.object({
  by: Principal.refine((name) => !isAutomaton(name), { error: "a person" }),
  reason: z.string().min(1).max(2048),
  now: Timestamp,
});
export type Order = z.infer<typeof Order>;

/**
 * An order with a person, a reason and a moment.
 *
 * @throws {AuthorityError} `authority.input-invalid`.
 */
export function parseOrder(order: Order): Order {
  const parsed = Order.safeParse(order);
  if (parsed.success) return parsed.data;
  const issues = shapeIssues(parsed.error);
  const [first] = issues;
  const message = `an order names a person, a reason and a moment: ${first?.pointer}: ${first?.expected}`;
  throw new AuthorityError("authority.input-invalid", message, { issues });
}
