/**
 * Who may answer in the place of the chosen service, and what is guaranteed whoever does.
 *
 * @see docs/routing-composition.md, fallback.
 * @module
 */
import type { RankedService, ServiceVerdict } from "@canonic/contracts";
import { composeGuarantees } from "../compose/compose.ts";
import type { Composed } from "../compose/composition.ts";
import { compositionFactsOf } from "../compose/facts.ts";
import { CaioError } from "../errors.ts";
import type { Decided } from "../kernel/decided.ts";
import type { ServiceProof } from "../kernel/service-proof.ts";

/** A service that answered `s` to every clause, with the proof of it under the decision's root. */
export interface ChainMember {
  readonly ranked: RankedService;
  readonly verdict: ServiceVerdict;
  readonly proof: ServiceProof;
}

/** The chosen service first; `composed` is the meet over all of them, where failed attempts may be billed. */
export interface FallbackChain {
  readonly members: readonly ChainMember[];
  readonly composed: Composed;
}

/**
 * The chain of a decision, in its order.
 *
 * @param membersMax - How many at most, the chosen one with them; a decision ranks 8.
 * @throws {CaioError} `caio.decision-refused` when nobody was chosen.
 */
export function fallbacksOf(decided: Decided, membersMax = 8): FallbackChain {
  if (decided.outcome.kind === "refused") {
    const { code } = decided.outcome;
    throw new CaioError("caio.decision-refused", `the decision chose nobody: ${code}`, { code });
  }
  const members = decided.ranking
    .slice(0, Math.max(1, membersMax))
    .filter(({ service, version }) => decided.passed({ service, version }))
    .map((ranked) => {
      const reference = { service: ranked.service, version: ranked.version };
      return { ranked, verdict: decided.verdict(reference), proof: decided.proof(reference) };
    });
  const parts = members.map(({ ranked }) => {
    const { contract } = decided.world.entry(decided.indexOf({ service: ranked.service, version: ranked.version }));
    const facts = compositionFactsOf(contract, ranked.costPicos);
    return { kind: "service" as const, guarantees: contract.guarantees, facts };
  });
  return { members, composed: composeGuarantees({ kind: "fallback", parts, failedAttempts: "billed" }) };
}
