/**
 * Rules that users write over requests and services.
 *
 * @see Common Expression Language, https://github.com/google/cel-spec.
 * @module
 */
import { z } from "zod";
import { boundedText } from "../text.ts";
import { PropertyName } from "./names.ts";

const Expression = boundedText(4096);

/**
 * When `when` is true of request and identity, `require` must be true of the service too, and `forbid` must not be. `refuse`
 * removes the service; `warn` is only reported. A rule that errs refuses, whatever its severity.
 */
export const Rule = z.strictObject({
  id: PropertyName,
  description: boundedText(1024, 0),
  when: Expression,
  effect: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("require"), expression: Expression }),
    z.strictObject({ kind: z.literal("forbid"), expression: Expression }),
  ]),
  severity: z.enum(["refuse", "warn"]),
});
export type Rule = z.infer<typeof Rule>;

/** Sorted by id, each id once. */
export const RuleSet = z.strictObject({
  schema: z.literal("canonic/rule-set/v1"),
  rules: z.array(Rule).max(10_000),
});
export type RuleSet = z.infer<typeof RuleSet>;
