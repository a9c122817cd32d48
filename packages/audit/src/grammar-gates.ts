/**
 * The gates of a run in the grammar: asked once each, in order, and nothing behind one before its approval.
 *
 * @module
 */
import type { GateName, Plan, RunEvent } from "@canonic/contracts";
import type { GrammarFaults } from "./grammar-faults.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

export class GateGrammar {
  readonly #gates: Plan["gates"];
  readonly #faults: GrammarFaults;
  /** Gates that were approved, from the first on. */
  #approved = 0;
  #asked = 0;
  #isRejected = false;

  constructor({ gates }: Plan, faults: GrammarFaults) {
    this.#gates = gates;
    this.#faults = faults;
  }

  /** The gate that was asked for and not answered. */
  get waitingAt(): GateName | null {
    return this.#asked > this.#approved && !this.#isRejected ? (this.#gates[this.#approved]?.name ?? null) : null;
  }

  /** The first gate in front of a group that is not approved. */
  shut(group: number): GateName | null {
    const next = this.#gates[this.#approved];
    return next !== undefined && next.before <= group ? next.name : null;
  }

  /** @param ended - Why nothing is asked any more, in a few words; null while the run goes on. */
  requested(place: string, event: EventOf<"APPROVAL_REQUESTED">, groupsCompleted: number, ended: string | null): void {
    const at = this.#gates.findIndex(({ name }) => name === event.data.gate);
    if (at < 0) this.#faults.extra(place, event, "of a gate that is not in the plan");
    else if (at < this.#asked) this.#faults.duplicated(place, event);
    else if (ended !== null) this.#faults.extra(place, event, ended);
    else {
      const isDue = at === this.#approved && (this.#gates[at]?.before ?? 0) <= groupsCompleted;
      if (!isDue) this.#faults.reordered(place, event, "before all that stands in front of the gate");
      this.#asked = at + 1;
    }
  }

  /** True when the run was rejected. */
  recorded(place: string, event: EventOf<"APPROVAL_RECORDED">): boolean {
    const { gate, decision } = event.data;
    if (this.waitingAt !== gate) {
      const isKnown = this.#gates.slice(0, this.#asked).some(({ name }) => name === gate);
      if (isKnown) this.#faults.duplicated(place, event);
      else if (this.#gates.some(({ name }) => name === gate)) {
        this.#faults.missing(place, `APPROVAL_REQUESTED of ${gate}`);
        this.#asked = Math.max(this.#asked, this.#gates.findIndex(({ name }) => name === gate) + 1);
      } else this.#faults.extra(place, event, "of a gate that is not in the plan");
      if (isKnown || this.waitingAt !== gate) return false;
    }
    if (decision === "approve") this.#approved += 1;
    else this.#isRejected = true;
    return decision === "reject";
  }
}
