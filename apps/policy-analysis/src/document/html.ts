/**
 * Reads HTML into blocks, parsed as a browser parses it.
 *
 * Invariants:
 *   H1. What a browser does not show is not text: scripts, styles, templates, form controls, and all that is `hidden`.
 *   H2. Headings, list items and table rows are blocks of their own; the walk needs no stack of the language, so depth
 *       is bounded by memory alone.
 *
 * @see WHATWG HTML, 13.2 (parsing) and 15.3 (which elements start a block by default).
 * @module
 */
import { type DefaultTreeAdapterTypes, parse, parseFragment } from "parse5";
import { type Block, type BlockKind, CELL_SEPARATOR, type Draft } from "./block.ts";
import { normaliseLine } from "./normal-form.ts";

type Node = DefaultTreeAdapterTypes.ChildNode;
type Parent = DefaultTreeAdapterTypes.ParentNode;

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));
const UNSEEN = words(
  "audio button canvas datalist embed head iframe input math noembed noframes noscript object option script select style svg template textarea title video",
);
const BLOCK = words(
  "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre search section summary table tbody tfoot thead tr ul",
);
const KINDS: ReadonlyMap<string, BlockKind> = new Map([
  ...["h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => [tag, "heading"] as const),
  ["li", "list-item"],
  ["tr", "table-row"],
]);

/** The blocks of an HTML document; its title is its `title` element. */
export function readHtml(source: string): Draft {
  const document = parse(source);
  return { title: findTitle(document), pages: 1, blocks: collectBlocks(document), omitted: [] };
}

/** The blocks of a piece of HTML, as it stands inside Markdown. */
export function readHtmlFragment(source: string): readonly Block[] {
  return collectBlocks(parseFragment(source));
}

type Step = { readonly node: Node; readonly kind: BlockKind } | { readonly closes: BlockKind };

function collectBlocks(root: Parent): readonly Block[] {
  const blocks: Block[] = [];
  let text = "";
  const close = (kind: BlockKind): void => {
    if (normaliseLine(text) !== "") blocks.push({ kind, text, page: 1 });
    text = "";
  };
  const steps: Step[] = childrenOf(root, "paragraph");
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if ("closes" in step) {
      close(step.closes);
      continue;
    }
    const { node, kind } = step;
    if (node.nodeName === "#text" && "value" in node) text += node.value;
    if (!("tagName" in node) || UNSEEN.has(node.tagName) || node.attrs.some(({ name }) => name === "hidden")) continue;
    if (node.tagName === "br") text += "\n";
    // Inside a row the cells are one line, whatever blocks they hold.
    if (kind === "table-row") {
      if (node.tagName === "td" || node.tagName === "th") text += normaliseLine(text) === "" ? "" : CELL_SEPARATOR;
      else if (BLOCK.has(node.tagName)) text += "\n";
      steps.push(...childrenOf(node, kind));
    } else if (BLOCK.has(node.tagName)) {
      close(kind);
      const own = KINDS.get(node.tagName) ?? kind;
      steps.push({ closes: own }, ...childrenOf(node, own));
    } else steps.push(...childrenOf(node, kind));
  }
  close("paragraph");
  return blocks;
}

/** Last first, since steps leave from the end. */
function childrenOf(parent: Parent, kind: BlockKind): Step[] {
  return parent.childNodes.map((node): Step => ({ node, kind })).reverse();
}

function findTitle(document: DefaultTreeAdapterTypes.Document): string | null {
  const elements = (parent: Parent | undefined): readonly DefaultTreeAdapterTypes.Element[] =>
    parent?.childNodes.filter((node) => "tagName" in node) ?? [];
  const html = elements(document).find(({ tagName }) => tagName === "html");
  const head = elements(html).find(({ tagName }) => tagName === "head");
  const title = elements(head).find(({ tagName }) => tagName === "title");
  const text = title?.childNodes.map((node) => ("value" in node ? node.value : "")).join("") ?? "";
  return normaliseLine(text) === "" ? null : text;
}
