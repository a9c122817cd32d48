/**
 * What a verification found: reasons, each with the weight that it has for the verdict.
 *
 * Invariants:
 *   F1. One `invalid` finding makes the verdict INVALID; without one, a single `open` finding makes it INDETERMINATE.
 *   F2. At most {@link REASONS_MAX} reasons of each weight are kept; all are counted, so a flood of small ones hides nothing,
 *       and no number of open ones takes the place of what made the verdict INVALID.
 *   F3. Of what was left open, a cause stands before what follows from it.
 *
 * @module
 */
import type { Reason } from "@canonic/contracts";

export const REASONS_MAX = 200;

/** `invalid`: something is false. `open`: something could not be shown, and nothing says that it is false. */
export type Weight = "invalid" | "open";

/** `cause`: open, and others are open because of it. */
type Kind = Weight | "cause";

export class Findings {
  readonly #reasons: Readonly<Record<Kind, Reason[]>> = { invalid: [], cause: [], open: [] };
  #invalid = 0;
  #open = 0;

  invalid(code: string, place: string, message: string): void {
    this.#invalid += 1;
    this.#keep("invalid", code, place, message);
  }

  open(code: string, place: string, message: string): void {
    this.#open += 1;
    this.#keep("open", code, place, message);
  }

  /** Left open, and told before what else is (F3). */
  cause(code: string, place: string, message: string): void {
    this.#open += 1;
    this.#keep("cause", code, place, message);
  }

  /** Takes over what another verification found, each place below `folder`. */
  take(folder: string, other: Findings): void {
    for (const kind of ["invalid", "cause", "open"] as const)
      for (const { code, place, message } of other.#reasons[kind]) this.#keep(kind, code, `${folder}${place}`, message);
    this.#invalid += other.#invalid;
    this.#open += other.#open;
  }

  /** All findings, also those of which the reason was not kept. */
  get count(): number {
    return this.#invalid + this.#open;
  }

  get verdict(): "VALID" | "INVALID" | "INDETERMINATE" {
    if (this.#invalid > 0) return "INVALID";
    return this.#open > 0 ? "INDETERMINATE" : "VALID";
  }

  /** The gravest first, causes before what follows from them; else in the order found. */
  get reasons(): readonly Reason[] {
    const { invalid, cause, open } = this.#reasons;
    return [...invalid, ...cause, ...open].slice(0, REASONS_MAX);
  }

  #keep(kind: Kind, code: string, place: string, message: string): void {
    const kept = this.#reasons[kind];
    if (kept.length < REASONS_MAX) kept.push({ code, place: clean(place, 512), message: clean(message, 2048) });
  }
}

/** Places and messages can repeat what a bundle says: no control characters, no lone surrogates, no walls of text. */
function clean(text: string, max: number): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}/gu, "?")
    .slice(0, max)
    .toWellFormed();
}
