/**
 * Whether a policy text is small enough to be given to the policy engine.
 *
 * The engine walks what it parsed by recursion. A text that is nested too deeply, or joins too much, exhausts its stack, and then the
 * engine of the whole process answers nobody any more: so this is looked at first, on the text alone.
 *
 * @module
 */

/** Brackets within each other; the engine takes about a hundred and fails at three hundred. */
const NESTING_MAX = 32;
/** Operators, accesses and negations of one policy; the engine takes about a thousand. A condition counts for eight. */
const WEIGHT_MAX = 256;
const CONDITION_WEIGHT = 8;

/** Texts and comments are taken whole, so that nothing in them counts. */
const TOKEN = /"(?:[^"\\]|\\[\s\S])*"|\/\/[^\n\r]*|&&|\|\||[-+*!.;()[\]{}]|\bif\b/g;

/** Where the text is more than the engine takes, in UTF-16 units; null where it is not. */
export function tooLargeAt(text: string): number | null {
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
    if (depth > NESTING_MAX || weight > WEIGHT_MAX) return index;
  }
  return null;
}
