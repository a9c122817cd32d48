/**
 * Numbers as a reader sees them, by integer arithmetic.
 *
 * Invariants:
 *   N1. A percentage never says more than the fraction: it is cut, not rounded, so 254/300 is 84.6 % and only the
 *       whole is 100 %.
 *
 * @module
 */
import type { Fraction, Language } from "@canonic/contracts";

/** `97.3 %`, or `97,3 %` in Spanish: at most one decimal, cut. Nothing of nothing is 0 %. */
export function percentOf(fraction: Fraction | { numerator: number; denominator: number }, language: Language): string {
  const { numerator, denominator } = fraction;
  const thousandths = denominator === 0 ? 0n : (BigInt(numerator) * 1000n) / BigInt(denominator);
  const [whole, tenth] = [thousandths / 10n, thousandths % 10n];
  return `${whole}${tenth === 0n ? "" : `${decimalMark(language)}${tenth}`}\u00a0%`;
}

/** A confidence 0..1 with two decimals. */
export function confidenceText(confidence: number, language: Language): string {
  const hundredths = Math.round(confidence * 100);
  const [whole, rest] = [Math.trunc(hundredths / 100), hundredths % 100];
  return `${whole}${decimalMark(language)}${String(rest).padStart(2, "0")}`;
}

/** The step 0..15 of the colour scale for points reached of points possible; the highest step is for all of them. */
export function scaleStep(sum: number, most: number): number {
  return most === 0 ? 0 : Math.floor((sum * SCALE_STEPS) / most);
}

export const SCALE_STEPS = 15;

function decimalMark(language: Language): string {
  return language === "es" ? "," : ".";
}
