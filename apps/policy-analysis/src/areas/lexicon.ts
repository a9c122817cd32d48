/**
 * What a lexicon is: terms in two weights, read by stems.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";

/** `core` terms settle the matter alone ({@link CORE_POINTS}); `near` terms do so together ({@link NEAR_POINTS} each). */
export type Lexicon = { readonly core: readonly string[]; readonly near: readonly string[] };

export type Bilingual<Value> = { readonly [L in Language]: Value };

export const CORE_POINTS = 3;
export const NEAR_POINTS = 1;

/** Reads terms written with commas between them. */
export function terms(text: string): readonly string[] {
  return text
    .split(",")
    .map((term) => term.trim().replace(/\s+/gu, " "))
    .filter((term) => term !== "");
}
