/**
 * Verdicts: a decision, what decided it, and why not.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "./digest.ts";
import { CoreContractName } from "./plan.ts";
import { boundedText } from "./text.ts";

/** A stable code, the place it speaks of, and a sentence for people. */
export const Reason = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?$/),
  place: boundedText(512, 0),
  message: boundedText(2048, 0),
});
export type Reason = z.infer<typeof Reason>;

/** Allow or refuse; a refusal always says why. */
export const Verdict = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("allow"), rules: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("refuse"), rules: z.array(z.string()), reasons: z.array(Reason).min(1) }),
]);
export type Verdict = z.infer<typeof Verdict>;

/**
 * The outcome of one core contract over one run. `checked` counts what was compared: nothing checked is a violation,
 * never a success. At most 20 reasons are kept; `violations` counts all.
 */
export const ContractVerdict = z.strictObject({
  contract: CoreContractName,
  verdict: z.enum(["satisfied", "violated"]),
  checked: z.int().min(0),
  violations: z.int().min(0),
  reasons: z.array(Reason).max(20),
  evidence: Digest,
});
export type ContractVerdict = z.infer<typeof ContractVerdict>;
