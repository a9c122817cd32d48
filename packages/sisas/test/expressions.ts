/**
 * Every expression that annotators run, and how each is known to be linear.
 *
 * @module
 */
import { digestJson, SignalKind } from "@canonic/contracts";
import { ANNOTATORS } from "../src/index.ts";

export type Expression = { readonly where: string; readonly source: string; readonly digest: string };

/** Each distinct expression once. */
export function allExpressions(): readonly Expression[] {
  const found = new Map<string, Expression>();
  for (const kind of SignalKind.options) {
    for (const { id, language, expression, also } of ANNOTATORS[kind].patterns) {
      for (const { source } of [expression, ...also]) {
        const digest = digestJson(source);
        if (!found.has(digest)) found.set(digest, { where: `${kind} ${id} ${language}`, source, digest });
      }
    }
  }
  return [...found.values()];
}

/** A lexicon is an alternation of finite phrases: nothing in it repeats but the bounded white space between words. */
export function isFiniteLexicon(source: string): boolean {
  const phrases = source.replaceAll("\\s{1,3}", " ");
  return /^\\b\(\?:.*\)\\b$/.test(phrases) && !/[*+{\\]/.test(phrases.slice(2, -2));
}
