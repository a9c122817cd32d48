/**
 * The runnable examples of the READMEs: the `ts` block, and the `text` block right
 * after it when the README shows what the example prints.
 *
 * @module
 */
export type Example = { readonly code: string; readonly line: number; readonly prints: string | undefined };

const block = /^```ts\n([\s\S]*?)^```$(?:\s*^```text\n([\s\S]*?)^```$)?/gm;

export function examplesOf(markdown: string): readonly Example[] {
  return [...markdown.matchAll(block)].map((match) => ({
    code: match[1] ?? "",
    line: markdown.slice(0, match.index).split("\n").length,
    prints: match[2],
  }));
}
