/**
 * Reads Markdown (CommonMark with GitHub's extensions) into blocks.
 *
 * Invariants:
 *   M1. Marks of Markdown are not text; what they mark is. Front matter, definitions and image addresses are not text.
 *   M2. A list item, a table row and a heading are blocks of their own; raw HTML is read as HTML.
 *
 * @see CommonMark 0.31; GitHub Flavored Markdown 0.29.
 * @module
 */
import type { Nodes, PhrasingContent, Root, RootContent, Table } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { frontmatterFromMarkdown } from "mdast-util-frontmatter";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { frontmatter } from "micromark-extension-frontmatter";
import { gfm } from "micromark-extension-gfm";
import { type Block, type BlockKind, CELL_SEPARATOR, type Draft } from "./block.ts";
import { readHtmlFragment } from "./html.ts";

/** The blocks of a Markdown text; its title is its first heading of the first level. */
export function readMarkdown(source: string): Draft {
  const root: Root = fromMarkdown(source, {
    extensions: [gfm(), frontmatter()],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown()],
  });
  const blocks: Block[] = [];
  for (const node of root.children) collect(node, "paragraph", blocks);
  const title = root.children.find((node) => node.type === "heading" && node.depth === 1);
  return { title: title?.type === "heading" ? textOf(title.children) : null, pages: 1, blocks, omitted: [] };
}

function collect(node: RootContent, kind: BlockKind, blocks: Block[]): void {
  switch (node.type) {
    case "heading":
      blocks.push({ kind: "heading", text: textOf(node.children), page: 1 });
      break;
    case "paragraph":
      blocks.push({ kind, text: textOf(node.children), page: 1 });
      break;
    case "code":
      blocks.push({ kind, text: node.value, page: 1 });
      break;
    case "html":
      blocks.push(...readHtmlFragment(node.value));
      break;
    case "list":
      for (const item of node.children) for (const child of item.children) collect(child, "list-item", blocks);
      break;
    case "blockquote":
    case "footnoteDefinition":
      for (const child of node.children) collect(child, kind, blocks);
      break;
    case "table":
      collectRows(node, blocks);
      break;
  }
}

function collectRows(table: Table, blocks: Block[]): void {
  for (const row of table.children) {
    const cells = row.children.map((cell) => textOf(cell.children).trim());
    blocks.push({ kind: "table-row", text: cells.join(CELL_SEPARATOR), page: 1 });
  }
}

/** The visible text of inline nodes: a line break is a space, an image or a tag nothing. */
function textOf(nodes: readonly PhrasingContent[]): string {
  return nodes.map(inlineText).join("");
}

function inlineText(node: Nodes): string {
  if (node.type === "text" || node.type === "inlineCode") return node.value;
  if (node.type === "break" || (node.type === "html" && /^<br\b/iu.test(node.value))) return "\n";
  return "children" in node ? node.children.map(inlineText).join("") : "";
}
