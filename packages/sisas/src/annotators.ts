/**
 * The ten annotators, one for each kind of signal.
 *
 * @module
 */
import type { SignalKind } from "@canonic/contracts";
import type { Annotator } from "./annotator.ts";
import { causalVerbs } from "./annotators/causal-verbs.ts";
import { financialChain } from "./annotators/financial-chain.ts";
import { institutionalNetwork } from "./annotators/institutional-network.ts";
import { normativeReference } from "./annotators/normative-reference.ts";
import { populationDisaggregation } from "./annotators/population-disaggregation.ts";
import { programmaticHierarchy } from "./annotators/programmatic-hierarchy.ts";
import { quantitativeTriplet } from "./annotators/quantitative-triplet.ts";
import { semanticRelationship } from "./annotators/semantic-relationship.ts";
import { structuralMarker } from "./annotators/structural-marker.ts";
import { temporalConsistency } from "./annotators/temporal-consistency.ts";

/** In the order of `SignalKind`; a kind without an annotator does not compile. */
export const ANNOTATORS: Readonly<Record<SignalKind, Annotator>> = {
  "structural-marker": structuralMarker,
  "quantitative-triplet": quantitativeTriplet,
  "normative-reference": normativeReference,
  "programmatic-hierarchy": programmaticHierarchy,
  "financial-chain": financialChain,
  "population-disaggregation": populationDisaggregation,
  "temporal-consistency": temporalConsistency,
  "causal-verbs": causalVerbs,
  "institutional-network": institutionalNetwork,
  "semantic-relationship": semanticRelationship,
};
