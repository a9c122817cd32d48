/**
 * What a verifier prints for programs: of a bundle, or of an archive of several.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "./digest.ts";
import { RunStatus } from "./event.ts";
import { RunId } from "./ids.ts";
import { boundedText } from "./text.ts";
import { ContractVerdict, Reason } from "./verdict.ts";

const count = z.int().min(0);

/** `status` is null while the run is not sealed; `replay` is there when operations were executed again. */
export const VerifiedRun = z.strictObject({
  run: RunId,
  plan: Digest,
  origin: boundedText(128),
  sealed: z.boolean(),
  status: RunStatus.nullable(),
  tasks: count,
  events: count,
  outputs: count,
  outputsDigest: Digest.nullable(),
  contracts: z.array(ContractVerdict),
  stamp: z.strictObject({ at: z.string(), authority: z.string(), isTrusted: z.boolean() }).exactOptional(),
  replay: z.strictObject({ same: count, different: count, unavailable: count, excluded: count }).exactOptional(),
});
export type VerifiedRun = z.infer<typeof VerifiedRun>;

const judged = {
  verdict: z.enum(["VALID", "INVALID", "INDETERMINATE"]),
  reasons: z.array(Reason).max(200),
  findings: count,
};

/**
 * All reasons, the gravest first, of which at most 200 are kept; `findings` counts all. `run` is null when the manifest is not
 * to be trusted or the plan not to be read; an archive has `runs` instead, by number.
 */
export const Verification = z.union([
  z.strictObject({ ...judged, run: VerifiedRun.nullable() }),
  z.strictObject({ ...judged, runs: z.array(VerifiedRun.nullable()) }),
]);
export type Verification = z.infer<typeof Verification>;
