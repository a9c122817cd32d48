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
import { inBackticks, PolicyAnalysisError } from "../errors.ts";
import { type Block, type BlockKind, CELL_SEPARATOR, type Draft } from "./block.ts";
import { readHtmlFragment } from "./html.ts";

export const DEPTH_MAX = 200;

/**
 * The blocks of a Markdown text; its title is its first heading of the first level.
 *
 * @throws {PolicyAnalysisError} `policy-analysis.document-too-deep` when quotes, lists or marks are nested more than
 *   {@link DEPTH_MAX} deep.
 */
export function readMarkdown(source: string, name: string): Draft {
  const root: Root = fromMarkdown(source, {
    extensions: [gfm(), frontmatter()],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown()],
  });
  checkDepth(root, name);
  const blocks: Block[] = [];
  for (const node of root.children) collect(node, "paragraph", blocks);
  const title = root.children.find((node) => node.type === "heading" && node.depth === 1);
  return { title: title?.type === "heading" ? textOf(title.children) : null, pages: 1, blocks, omitted: [] };
}

/** Level by level, so that the check itself needs no deep stack; what it lets through, recursion can walk. */
function checkDepth(root: Root, name: string): void {
  let level: Nodes[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEPTH_MAX) {
      throw new PolicyAnalysisError(
        "policy-analysis.document-too-deep",
        `document ${inBackticks(name)} is nested more than ${DEPTH_MAX} deep, expected the structure of a text`,
        { name, depthMax: DEPTH_MAX },
      );
    }
    level = level.flatMap((node): Nodes[] => ("children" in node ? node.children : []));
  }
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
