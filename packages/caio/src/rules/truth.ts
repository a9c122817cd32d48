/**
 * True, false or unknown, and how CEL joins them: an error counts only where the other side does not decide.
 *
 * @see Common Expression Language, language definition, "Logical Operators"; Kleene, On notation for ordinal numbers, 1938.
 * @module
 */

export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;

export function not(a: Truth): Truth {
  return a === UNKNOWN ? UNKNOWN : a === TRUE ? FALSE : TRUE;
}

export function and(a: Truth, b: Truth): Truth {
  if (a === FALSE || b === FALSE) return FALSE;
  return a === TRUE && b === TRUE ? TRUE : UNKNOWN;
}

export function or(a: Truth, b: Truth): Truth {
  if (a === TRUE || b === TRUE) return TRUE;
  return a === FALSE && b === FALSE ? FALSE : UNKNOWN;
}

export function isTrue(value: boolean): Truth {
  return value ? TRUE : FALSE;
}
