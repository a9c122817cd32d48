/**
 * What each method can say of a mention, so that a question that waits for something else is found before it is asked.
 *
 * A test runs every method over the labelled cases: it says nothing that is not declared here, and everything that is.
 *
 * @module
 */
import type { MethodName } from "./method.ts";

/** Tags without their `@`, in code-unit order; retrieval has none, the question's own patterns decide. */
export const METHOD_TAGS: { readonly [Name in MethodName]: readonly string[] } = {
  "causal-statements": ["causal", "cause", "effect", "mechanism"],
  "legal-references": ["basis", "numbered", "reference", "treaty"],
  money: ["allocation", "cost", "money", "period", "year"],
  populations: ["counted", "disaggregated", "population", "targeted", "vulnerable"],
  quantities: ["baseline", "change", "output", "percent", "quantity", "rate", "target", "year"],
  "responsible-bodies": ["body", "responsible", "several"],
  retrieve: [],
  "time-frames": ["deadline", "horizon", "milestone", "periodic", "span", "start", "timeframe"],
};
