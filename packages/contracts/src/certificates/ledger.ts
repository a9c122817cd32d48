/**
 * How a certificate is computed: what was looked at, and all that is missing.
 *
 * Invariants:
 *   L1. Nothing compared is nothing certified.
 *   L2. At most {@link MISSING_MAX} reasons are kept, the first ones; one that is dropped still keeps the certificate pending.
 *
 * @module
 */
import type { CoreContractResult } from "../checks/tally.ts";
import type { Digest } from "../digest.ts";
import { digestJson } from "../digest.ts";
import type { CoreContractName } from "../plan.ts";
import { cutText } from "../text.ts";
import type { ContractVerdict, Reason } from "../verdict.ts";

const MISSING_MAX = 20;

export class CertificateLedger {
  readonly #evidence = new Map<string, Digest>();
  readonly #missing: Reason[] = [];
  #checked = 0;

  /** Names what was looked at. */
  saw(name: string, digest: Digest): void {
    this.#evidence.set(name, digest);
  }

  /** One comparison. */
  check(holds: boolean, code: string, place: string, message: string): void {
    this.#checked += 1;
    if (!holds) this.lack(code, place, message);
  }

  lack(code: string, place: string, message: string): void {
    if (this.#missing.length >= MISSING_MAX) return;
    this.#missing.push({ code, place: cutText(place, 512), message: cutText(message, 2048) });
  }

  /**
   * The verdict of a core contract: journaled, satisfied, and over what `recomputed` looks at when it is given.
   */
  satisfied(verdicts: readonly ContractVerdict[], name: CoreContractName, recomputed?: CoreContractResult): void {
    const verdict = verdicts.find(({ contract }) => contract === name);
    if (verdict === undefined) {
      this.lack("verdict-missing", name, `the run has no verdict of the ${name} contract`);
      return;
    }
    this.saw(`verdict/${name}`, digestJson(verdict));
    this.saw(`evidence/${name}`, verdict.evidence);
    this.check(
      verdict.verdict === "satisfied",
      "contract-violated",
      name,
      `the ${name} contract is ${verdict.verdict}: ${verdict.violations} violations in ${verdict.checked} checks`,
    );
    if (recomputed === undefined) return;
    const message = `the ${name} contract, decided again, is ${recomputed.verdict.verdict} over \`${recomputed.verdict.evidence}\``;
    this.check(digestJson(recomputed.verdict) === digestJson(verdict), "verdict-differs", name, message);
  }

  get evidence(): { readonly name: string; readonly digest: Digest }[] {
    return [...this.#evidence].map(([name, digest]) => ({ name, digest })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get missing(): Reason[] {
    if (this.#missing.length > 0) return [...this.#missing];
    const isShown = this.#checked > 0 && this.#evidence.size > 0;
    return isShown ? [] : [{ code: "nothing-checked", place: "", message: "nothing was compared" }];
  }
}
