/**
 * BM25 in integers: equal scores on every machine.
 *
 * `Math.log` may differ between engines in its last digit, so the logarithm here is taken bit by bit over exact
 * integers, and every quotient is floored.
 *
 * Invariants:
 *   B1. Only integers below 2^53 occur; no operation rounds but by `Math.floor` of an exact quotient.
 *   B2. More occurrences never score less, a rarer term never weighs less.
 *
 * @see Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009. k1 = 1.2, b = 0.75.
 * @module
 */

/** Scores and weights count 1/1024ths. */
export const SCALE = 1024;

/** log2(numerator / denominator) in 1/1024ths, floored, for positive integers below 2^31 with a quotient of at least 1. */
export function log2Fixed(numerator: number, denominator: number): number {
  let whole = 0;
  while (numerator >= denominator * 2 ** (whole + 1)) whole += 1;
  // mantissa in [1, 2) as 30-bit fixed point; squaring it shifts the logarithm's next bit out
  const one = 1n << 30n;
  let mantissa = (BigInt(numerator) * one) / (BigInt(denominator) << BigInt(whole));
  let bits = 0;
  for (let bit = 0; bit < 10; bit += 1) {
    mantissa = (mantissa * mantissa) >> 30n;
    bits *= 2;
    if (mantissa >= 2n * one) {
      mantissa >>= 1n;
      bits += 1;
    }
  }
  return whole * SCALE + bits;
}

/** The weight of a term that occurs in `frequency` of `total` texts: log2(1 + (N - n + 1/2) / (n + 1/2)). */
export function rarity(total: number, frequency: number): number {
  return log2Fixed(2 * total + 2, 2 * frequency + 1);
}

/** What `occurrences` of a term of weight `weight` add to the score of a text of `words`, where all texts sum to `wordsTotal`. */
export function termScore(
  weight: number,
  occurrences: number,
  text: { readonly words: number; readonly wordsTotal: number; readonly texts: number },
): number {
  // tf (k1 + 1) / (tf + k1 (1 - b + b len/avg)) with k1 = 12/10, b = 3/4: times 40 * wordsTotal, above and below
  const above = 88 * occurrences * text.wordsTotal;
  const below = 40 * occurrences * text.wordsTotal + 12 * text.wordsTotal + 36 * text.words * text.texts;
  return Math.floor((weight * above) / below);
}
