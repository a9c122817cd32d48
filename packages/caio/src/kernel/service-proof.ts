/**
 * That a verdict belongs to a decision, shown with hashes of the other verdicts alone.
 *
 * @see RFC 6962, section 2.1.1.
 * @module
 */
import { canonicalBytes, Digest, digestToBytes, RouteDecision, ServiceVerdict } from "@canonic/contracts";
import { z } from "zod";
import { isLeafOf } from "./tree.ts";

/** The place of a verdict among `size`, and the hashes from its sibling up to the root. */
export const ServiceProof = z.strictObject({
  index: z.int().min(0),
  size: z.int().min(1),
  path: z.array(Digest).max(64),
});
export type ServiceProof = z.infer<typeof ServiceProof>;

/** True when exactly this verdict is under the root of this decision. Takes values from anywhere, and throws for none. */
export function verifyServiceProof(decision: unknown, verdict: unknown, proof: unknown): boolean {
  const [said, leaf, shown] = [
    RouteDecision.safeParse(decision).data,
    ServiceVerdict.safeParse(verdict).data,
    ServiceProof.safeParse(proof).data,
  ];
  if (said === undefined || leaf === undefined || shown === undefined) return false;
  if (shown.size !== said.counts.services || leaf.states.length !== said.clauses.length) return false;
  const path = shown.path.map(digestToBytes);
  return isLeafOf(canonicalBytes(leaf), shown.index, shown.size, path, digestToBytes(said.root));
}
