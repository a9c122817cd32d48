/**
 * Whether a policy text in Cedar is small enough to be given to the policy engine.
 *
 * The engine walks what it parsed by recursion. A text that is nested too deeply, or joins too much, exhausts its stack, and then the
 * engine of the whole process answers nobody any more: so this is looked at first, on the text alone. Both packages that open policies
 * ask here; the engine itself is not needed for it.
 *
 * @module
 */

/** UTF-16 units of one text. */
const LENGTH_MAX = 1_048_576;
/** Brackets within each other; the engine takes about a hundred and fails at three hundred. */
const NESTING_MAX = 32;
/** Operators, accesses and negations of one policy; the engine takes about a thousand. A condition counts for eight. */
const WEIGHT_MAX = 256;
const CONDITION_WEIGHT = 8;

const SHALLOW = `nested at most ${NESTING_MAX} deep, with at most ${WEIGHT_MAX} operators in a policy`;

/** Texts and comments are taken whole, so that nothing in them counts. */
const TOKEN = /"(?:[^"\\]|\\[\s\S])*"|\/\/[^\n\r]*|&&|\|\||[-+*!.;()[\]{}]|\bif\b/g;

/** Where a text is more than the engine takes, in UTF-16 units; `expected` completes "is not …". */
export interface PolicyTextFault {
  readonly at: number;
  readonly expected: string;
}

/** The first place at which a text in Cedar is more than the policy engine takes; null where it is not. */
export function policyTextFault(text: string): PolicyTextFault | null {
  if (text.length > LENGTH_MAX) return { at: LENGTH_MAX, expected: `at most ${LENGTH_MAX} characters long` };
  let depth = 0;
  let weight = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith('"') || token.startsWith("//")) continue;
    if (token === ";") {
      if (depth === 0) weight = 0;
      continue;
    }
    if (token === ")" || token === "]" || token === "}") {
      depth = Math.max(0, depth - 1);
      continue;
    }
    if (token === "(" || token === "[" || token === "{") depth += 1;
    weight += token === "if" ? CONDITION_WEIGHT : token === "(" || token === "{" ? 0 : 1;
    if (depth > NESTING_MAX || weight > WEIGHT_MAX) return { at: index, expected: SHALLOW };
  }
  return null;
}
