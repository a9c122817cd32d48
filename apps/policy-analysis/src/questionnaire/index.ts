import type { AreaOverlay, BaseQuestion } from "@canonic/planner";
import { POLICY_AREAS } from "../areas/index.ts";
import { CAUSALITY_QUESTIONS, IMPACT_QUESTIONS } from "./base-impacts-causality.ts";
import { ACTIVITY_QUESTIONS, INPUT_QUESTIONS } from "./base-inputs-activities.ts";
import { OUTCOME_QUESTIONS, OUTPUT_QUESTIONS } from "./base-outputs-outcomes.ts";

/** The 30 base questions, slot by slot. */
export const BASE_QUESTIONS: readonly BaseQuestion[] = [
  ...INPUT_QUESTIONS,
  ...ACTIVITY_QUESTIONS,
  ...OUTPUT_QUESTIONS,
  ...OUTCOME_QUESTIONS,
  ...IMPACT_QUESTIONS,
  ...CAUSALITY_QUESTIONS,
];

/** The ten areas as overlays: their names, and their core terms as terms of every question. */
export const AREA_OVERLAYS: readonly AreaOverlay[] = POLICY_AREAS.map(({ id, name, lexicon }) => ({
  id,
  name,
  terms: { en: lexicon.en.core, es: lexicon.es.core },
}));
