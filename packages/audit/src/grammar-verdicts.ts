/**
 * The verdicts of a run in the grammar: those that the plan expects, once each, in its order, after the last task.
 *
 * @module
 */
import type { Plan, RunEvent } from "@canonic/contracts";
import type { GrammarFaults } from "./grammar-faults.ts";

export class VerdictGrammar {
  readonly #expected: Plan["expect"]["contracts"];
  readonly #faults: GrammarFaults;
  #seen = 0;
  #violated = false;

  constructor({ expect }: Plan, faults: GrammarFaults) {
    this.#expected = expect.contracts;
    this.#faults = faults;
  }

  get isViolated(): boolean {
    return this.#violated;
  }

  next(place: string, event: Extract<RunEvent, { type: "CONTRACT_VERDICT" }>, isAllCompleted: boolean): void {
    const at = this.#expected.indexOf(event.data.contract);
    if (at < 0 || event.subject !== event.data.contract) {
      this.#faults.extra(place, event, `of \`${event.data.contract}\`, which the plan does not expect`);
      return;
    }
    if (event.data.verdict === "violated") this.#violated = true;
    if (at < this.#seen) {
      this.#faults.duplicated(place, event);
      return;
    }
    for (const missing of this.#expected.slice(this.#seen, at))
      this.#faults.missing(place, `CONTRACT_VERDICT of ${missing}`);
    if (!isAllCompleted) this.#faults.reordered(place, event, "before every task is completed");
    this.#seen = at + 1;
  }

  reportMissing(place: string): void {
    for (const contract of this.#expected.slice(this.#seen))
      this.#faults.missing(place, `CONTRACT_VERDICT of ${contract}`);
  }
}
