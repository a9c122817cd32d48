/**
 * The four ways in which events can leave the grammar, as findings.
 *
 * @module
 */
import type { RunEvent } from "@canonic/contracts";
import type { Findings } from "./findings.ts";

export class GrammarFaults {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  missing(place: string, what: string): void {
    this.#findings.invalid("event-missing", place, `${what} is missing`);
  }

  extra(place: string, event: RunEvent, why: string): void {
    this.#findings.invalid("event-extra", place, `${event.type} of \`${event.subject}\` stands ${why}`);
  }

  duplicated(place: string, event: RunEvent): void {
    this.#findings.invalid("event-duplicated", place, `${event.type} of \`${event.subject}\` stands a second time`);
  }

  reordered(place: string, event: RunEvent, why: string): void {
    this.#findings.invalid("event-reordered", place, `${event.type} of \`${event.subject}\` stands ${why}`);
  }
}
