import { assert } from "vitest";
import { isPolicyAnalysisError, type PolicyAnalysisError } from "../../src/errors.ts";

/** The coded error that a call throws; anything else fails the test. */
export function codeOf(call: () => unknown): PolicyAnalysisError {
  try {
    call();
  } catch (error) {
    return checked(error);
  }
  assert.fail("expected a PolicyAnalysisError, and nothing was thrown");
}

/** The same of a promise. */
export async function refusalOf(call: Promise<unknown>): Promise<PolicyAnalysisError> {
  try {
    await call;
  } catch (error) {
    return checked(error);
  }
  assert.fail("expected a PolicyAnalysisError, and nothing was thrown");
}

function checked(error: unknown): PolicyAnalysisError {
  assert(isPolicyAnalysisError(error), `expected a PolicyAnalysisError, got ${String(error)}`);
  assert.match(error.message, /^[a-z][^\n]*[^.\n]$/u);
  return error;
}
