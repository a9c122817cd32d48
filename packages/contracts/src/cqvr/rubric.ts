/**
 * The rubric: ten criteria in three tiers, 100 points, each a function of the contract alone.
 *
 * Points are integers. A criterion is made of parts; a part that is a share gives the floor of its points times the share,
 * and says what is missing of it. What scores nothing is never more than what is there: no part gives points for absence.
 *
 *     tier 1, 55   identity 20, methods 20, signals 10, output schema 5
 *     tier 2, 30   pattern coverage 10, method specificity 10, validation rules 10
 *     tier 3, 15   documentation 5, template 5, metadata 5
 *
 * @module
 */
import type { ExecutorContract } from "./executor-contract.ts";
import {
  documentationParts,
  identityParts,
  metadataParts,
  methodParts,
  outputParts,
  patternParts,
  signalParts,
  specificityParts,
  templateParts,
  validationParts,
} from "./rubric-parts.ts";

/** One part of a criterion: `of` things were asked for, `met` of them are there, for at most `points`. */
export type RubricPart = {
  readonly points: number;
  readonly met: number;
  readonly of: number;
  readonly code: string;
  readonly message: string;
};

export type Criterion = {
  readonly id: CriterionId;
  readonly tier: 1 | 2 | 3;
  readonly parts: (contract: ExecutorContract) => readonly RubricPart[];
};

export const CRITERION_IDS = [
  "identity",
  "methods",
  "signals",
  "output-schema",
  "pattern-coverage",
  "method-specificity",
  "validation-rules",
  "documentation",
  "template",
  "metadata",
] as const;
export type CriterionId = (typeof CRITERION_IDS)[number];

export const CRITERIA: readonly Criterion[] = [
  { id: "identity", tier: 1, parts: identityParts },
  { id: "methods", tier: 1, parts: methodParts },
  { id: "signals", tier: 1, parts: signalParts },
  { id: "output-schema", tier: 1, parts: outputParts },
  { id: "pattern-coverage", tier: 2, parts: patternParts },
  { id: "method-specificity", tier: 2, parts: specificityParts },
  { id: "validation-rules", tier: 2, parts: validationParts },
  { id: "documentation", tier: 3, parts: documentationParts },
  { id: "template", tier: 3, parts: templateParts },
  { id: "metadata", tier: 3, parts: metadataParts },
];

/** The points of a part: all when everything is met; nothing asked for is nothing given. */
export function pointsOf({ points, met, of }: RubricPart): number {
  return of === 0 ? 0 : Math.floor((points * Math.min(met, of)) / of);
}
