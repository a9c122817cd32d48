/**
 * What was asked for, as a value: the plan names it by digest, and everything that it names travels with the plan.
 *
 * @module
 */
import { Digest, Language } from "@canonic/contracts";
import { SignalGap } from "@canonic/sisas";
import { z } from "zod";

/** Digests of artifacts of the same plan, but `text`, which names the normalised text's bytes. */
export const AnalysisRequest = z.strictObject({
  schema: z.literal("canonic/policy-analysis-request/v1"),
  document: Digest,
  text: Digest,
  package: Digest,
  synchronisation: Digest,
  vocabulary: Digest,
  unmeasured: z.array(SignalGap),
  language: Language,
  seed: z.int().min(0),
});
export type AnalysisRequest = z.infer<typeof AnalysisRequest>;
