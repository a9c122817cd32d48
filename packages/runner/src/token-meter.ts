/**
 * What a response has cost so far, in tokens of a model.
 *
 * Invariants:
 *   T1. The sum never goes down, and once it is over the maximum it stays over: what is reported later changes nothing.
 *   T2. A report that is no count (negative, a fraction, no number) is taken for one that is over the maximum.
 *
 * @module
 */

export type TokenMeter = {
  /** Adds; throws once the maximum is exceeded, so that an operation that cooperates ends there. */
  report(tokens: number): void;
  spent(): number;
  isExceeded(): boolean;
};

/** `onExceeded` is called once, for an operation that does not cooperate. */
export function createTokenMeter(max: number, onExceeded: () => void): TokenMeter {
  let spent = 0;
  let exceeded = false;
  return {
    report(tokens) {
      const isCount = Number.isSafeInteger(tokens) && tokens >= 0;
      if (!exceeded && isCount && spent + tokens <= max) {
        spent += tokens;
        return;
      }
      if (!exceeded) {
        exceeded = true;
        onExceeded();
      }
      throw new Error("more tokens than the contract allows");
    },
    spent: () => spent,
    isExceeded: () => exceeded,
  };
}
