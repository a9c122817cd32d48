/**
 * The Markdown parser: CommonMark with GitHub's extensions and front matter.
 *
 * Its 110 modules are loaded by the first document, not by every command of whoever lists the pack. They are
 * required, not imported, for `readUnits` has its answer at once.
 *
 * @see CommonMark 0.31; GitHub Flavored Markdown 0.29.
 * @module
 */
import { createRequire } from "node:module";
import type { Root } from "mdast";

const MATTERS: ("yaml" | "toml")[] = ["yaml", "toml"];

export function parseMarkdown(text: string): Root {
  const { fromMarkdown } = createRequire(import.meta.url)("mdast-util-from-markdown") as FromMarkdown;
  const { frontmatterFromMarkdown } = createRequire(import.meta.url)("mdast-util-frontmatter") as MdastFrontmatter;
  const { gfmFromMarkdown } = createRequire(import.meta.url)("mdast-util-gfm") as MdastGfm;
  const { frontmatter } = createRequire(import.meta.url)("micromark-extension-frontmatter") as Frontmatter;
  const { gfm } = createRequire(import.meta.url)("micromark-extension-gfm") as Gfm;
  return fromMarkdown(text, {
    extensions: [gfm(), frontmatter(MATTERS)],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(MATTERS)],
  });
}

type FromMarkdown = typeof import("mdast-util-from-markdown");
type MdastFrontmatter = typeof import("mdast-util-frontmatter");
type MdastGfm = typeof import("mdast-util-gfm");
type Frontmatter = typeof import("micromark-extension-frontmatter");
type Gfm = typeof import("micromark-extension-gfm");
