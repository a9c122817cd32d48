/**
 * One question to all services, with what it is about and all their answers.
 *
 * @module
 */
import type { RouteClause } from "@canonic/contracts";
import type { Answers } from "./bits.ts";

/** What a clause is about; `index` is the place of a demand in its list, or of a rule in the rule set. */
export type ClauseSubject =
  | { readonly kind: "state" | "health" | "capability" }
  | { readonly kind: "inputTokensMax" | "outputTokensMax" | "totalTokensMax" }
  | { readonly kind: "guarantee" | "rule" | "trait"; readonly index: number }
  | { readonly kind: "latency" | "budget" | "authentication" | "authorization" | "policy" | "trust" }
  | { readonly kind: "locality" | "retention" | "transit" | "rest" | "training" | "regions" };

/** `clause`, `stage` and `required` are what a decision records. */
export interface AskedClause extends RouteClause {
  readonly about: ClauseSubject;
  readonly answers: Answers;
}
