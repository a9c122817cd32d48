/**
 * Reads a Markdown document into units: CommonMark with GitHub's extensions and front matter.
 *
 * Invariants:
 *   R1. Equal bytes give equal units, on every machine.
 *   R2. Nothing is written anew: every body is a slice of the source (U1), marks of Markdown included.
 *   R3. Every block at the top of the document is in exactly one unit, and every item of a top list is one; a thematic
 *       break is none.
 *
 * @see CommonMark 0.31; GitHub Flavored Markdown 0.29.
 * @module
 */
import { digestBytes, digestJson } from "@canonic/contracts";
import type { Heading, Nodes, RootContent, Yaml } from "mdast";
import { CutterStop, demand } from "../stop.ts";
import { byteOffsets } from "./byte-offsets.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import { SectionTracker } from "./sections.ts";
import { type SourceDocument, UNIT_KINDS, type Unit, type UnitKind, type UnitRow } from "./unit.ts";

export const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;
const TITLE_LENGTH_MAX = 200;
const BYTE_ORDER_MARK = "\ufeff";

/**
 * Cuts a document.
 *
 * @param bytes - UTF-8, at most {@link DOCUMENT_BYTES_MAX}, without NUL (a database keeps no text with it).
 * @throws {CutterStop} `cutter.unknown-document` for bytes that are no such text.
 */
export function readUnits(bytes: Uint8Array): SourceDocument {
  const whole = decode(bytes);
  const markBytes = whole.startsWith(BYTE_ORDER_MARK) ? 3 : 0;
  const text = markBytes === 0 ? whole : whole.slice(1);
  const { children } = parseMarkdown(text);
  const digest = digestBytes(bytes);
  const units = toUnits(children, text, markBytes);
  return {
    digest,
    sizeBytes: bytes.length,
    version: statedVersion(children) ?? `sha256-${digest.slice(7, 23)}`,
    units,
  };
}

/** What a plan holds of a unit. */
export function toRow({ body: _body, ...row }: Unit): UnitRow {
  return row;
}

/** Names the rows of a region: address, content and order of each. */
export function regionDigestOf(rows: readonly UnitRow[]) {
  return digestJson(rows.map(({ address, contentDigest, order }) => [address, contentDigest, order]));
}

function decode(bytes: Uint8Array): string {
  demand(bytes.length <= DOCUMENT_BYTES_MAX, "cutter.unknown-document", "the document is too large");
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    demand(!text.includes("\0"), "cutter.unknown-document", "the document is binary");
    return text;
  } catch (error) {
    if (error instanceof CutterStop) throw error;
    throw new CutterStop("cutter.unknown-document", ["the document is not UTF-8"]);
  }
}

function toUnits(children: readonly RootContent[], text: string, markBytes: number): Unit[] {
  const offsets = byteOffsets(text);
  const sections = new SectionTracker();
  const titles = children.filter((node) => node.type === "heading" && node.depth === 1).length;
  const counts = new Map<string, number>();
  const units: Unit[] = [];
  const push = (node: Nodes, kind: UnitKind): void => {
    const [from, to] = extentOf(node);
    const body = text.slice(from, to);
    const { number, type, titlePath } = sections.current;
    const prefix = `${number}/${UNIT_KINDS[kind]}`;
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    units.push({
      address: `${prefix}${count}`,
      order: units.length,
      kind,
      sectionType: type,
      titlePath,
      contentDigest: digestBytes(body),
      anchor: { start: markBytes + (offsets[from] as number), end: markBytes + (offsets[to] as number) },
      body,
    });
  };
  for (const node of children) {
    if (node.type === "heading") sections.enter(node.depth, titleOf(node, text), node.depth === 1 && titles === 1);
    if (node.type === "list") for (const item of node.children) push(item, "item");
    else {
      const kind = kindOf(node);
      if (kind !== null) push(node, kind);
    }
  }
  return units;
}

function kindOf(node: RootContent): UnitKind | null {
  switch (node.type as string) {
    case "heading":
    case "paragraph":
    case "table":
    case "code":
    case "html":
    case "definition":
      return node.type as UnitKind;
    case "blockquote":
      return "quote";
    case "footnoteDefinition":
      return "footnote";
    case "yaml":
    case "toml":
      return "matter";
    default:
      return null;
  }
}

/** A heading's words as they are written, without the marks around them. */
function titleOf(heading: Heading, text: string): string {
  const [first, last] = [heading.children[0], heading.children.at(-1)];
  if (first === undefined || last === undefined) return "";
  const written = text.slice(extentOf(first)[0], extentOf(last)[1]).replace(/\s+/gu, " ");
  return [...written].slice(0, TITLE_LENGTH_MAX).join("");
}

/** `version:` of the front matter, when it is one plain word. */
function statedVersion(children: readonly RootContent[]): string | undefined {
  const matter = children.find((node): node is Yaml => node.type === "yaml")?.value ?? "";
  return /^version:[ \t]*["']?([A-Za-z0-9][A-Za-z0-9._-]{0,63})["']?[ \t]*$/mu.exec(matter)?.[1];
}

function extentOf(node: Nodes): readonly [from: number, to: number] {
  const [from, to] = [node.position?.start.offset, node.position?.end.offset];
  if (from === undefined || to === undefined) throw new Error("assertion failed: a parsed node has a position");
  return [from, to];
}
