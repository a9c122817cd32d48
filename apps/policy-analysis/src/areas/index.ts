export type { Dimension } from "./dimensions.ts";
export { DIMENSIONS } from "./dimensions.ts";
export type { Bilingual, Lexicon } from "./lexicon.ts";
export { CORE_POINTS, NEAR_POINTS } from "./lexicon.ts";
export type { PolicyArea } from "./policy-areas.ts";
export { POLICY_AREAS } from "./policy-areas.ts";
