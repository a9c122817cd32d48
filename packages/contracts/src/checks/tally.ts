/**
 * How a check counts: what was compared, what was violated, and the first reasons.
 *
 * Invariants:
 *   T1. A check that compared nothing is violated.
 *   T2. At most {@link REASONS_MAX} reasons are kept; all violations are counted.
 *
 * @module
 */
import type { JsonValue } from "../canonical-json.ts";
import { digestJson } from "../digest.ts";
import type { CoreContractName } from "../plan.ts";
import type { ContractVerdict, Reason } from "../verdict.ts";

export const REASONS_MAX = 20;

/** A verdict and what it looked at; `verdict.evidence` is the digest of `evidence`. */
export type CoreContractResult = { readonly verdict: ContractVerdict; readonly evidence: JsonValue };

export class Tally {
  readonly #contract: CoreContractName;
  readonly #reasons: Reason[] = [];
  #checked = 0;
  #violations = 0;

  constructor(contract: CoreContractName) {
    this.#contract = contract;
  }

  /** Counts one comparison. */
  check(): void {
    this.#checked += 1;
  }

  /** Counts one violation, found at `place`. */
  violate(code: string, place: string, message: string): void {
    this.#violations += 1;
    if (this.#reasons.length < REASONS_MAX) this.#reasons.push({ code, place: place.slice(0, 512), message });
  }

  /** The verdict, with what the check looked at as its evidence. */
  result(evidence: JsonValue): CoreContractResult {
    if (this.#checked === 0) this.violate("nothing-checked", this.#contract, "nothing was checked");
    const verdict: ContractVerdict = {
      contract: this.#contract,
      verdict: this.#violations === 0 ? "satisfied" : "violated",
      checked: this.#checked,
      violations: this.#violations,
      reasons: [...this.#reasons],
      evidence: digestJson(evidence),
    };
    return { verdict, evidence };
  }
}
