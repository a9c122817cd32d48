/**
 * What an event says beside what is so, as findings.
 *
 * @module
 */
import type { Reason } from "@canonic/contracts";
import type { Findings } from "./findings.ts";

export class EventTruth {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  agree(place: string, what: string, said: unknown, is: unknown): void {
    if (said !== is) this.untrue(place, `the event says ${what} \`${said}\`, it is \`${is}\``);
  }

  untrue(place: string, message: string): void {
    this.#findings.invalid("event-untrue", place, message);
  }

  /** What is allowed gives no reason, what is refused at least one. */
  reasons(
    place: string,
    { decision, reasons }: { readonly decision: "allow" | "refuse"; readonly reasons: readonly Reason[] },
  ): void {
    if ((decision === "allow") !== (reasons.length === 0))
      this.untrue(place, `the event says \`${decision}\` with ${reasons.length} reasons`);
  }
}
