import { causalStatements } from "./causal-statements.ts";
import { legalReferences } from "./legal-references.ts";
import type { Method, MethodName } from "./method.ts";
import { money } from "./money.ts";
import { populations } from "./populations.ts";
import { quantities } from "./quantities.ts";
import { responsibleBodies } from "./responsible-bodies.ts";
import { retrieve } from "./retrieve.ts";
import { timeFrames } from "./time-frames.ts";

export type { Mention, Method, MethodName } from "./method.ts";
export { METHOD_NAMES } from "./method.ts";
export { isAbsence } from "./moods.ts";

/** The eight methods by name. */
export const METHODS: { readonly [Name in MethodName]: Method } = {
  "causal-statements": causalStatements,
  "legal-references": legalReferences,
  money,
  populations,
  quantities,
  "responsible-bodies": responsibleBodies,
  retrieve,
  "time-frames": timeFrames,
};
