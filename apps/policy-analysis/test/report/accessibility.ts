/**
 * What a page does wrong by WCAG 2.2, level AA, as far as a machine can tell.
 *
 * Invariants:
 *   A1. Every issue begins with the name of its check. A page without text, heading, link or control has issues: to look
 *       at nothing is not to find nothing.
 *   A2. What cannot be judged (a text on an image or on no background) is an issue, never passed over.
 *
 * @see WCAG 2.2: 1.3.1, 1.4.1, 1.4.3, 1.4.11, 2.4.1, 2.4.7, 2.5.8, 3.1.1, 4.1.2.
 * @module
 */
import type { Page } from "playwright-core";
import { contrast, paint, parseColour } from "./contrast.ts";
import { type Focusable, lookAt, type PageFacts } from "./page-facts.ts";
import { readTree, type TreeNode } from "./page-tree.ts";

const TEXT_CONTRAST = 4.5;
const LARGE_TEXT_CONTRAST = 3;
const OUTLINE_CONTRAST = 3;
const TARGET_PIXELS = 24;
const OUTLINE_PIXELS = 2;

const landmarks = ["banner", "complementary", "contentinfo", "form", "main", "navigation", "region", "search"];
const controls = [
  "button",
  "checkbox",
  "combobox",
  "DisclosureTriangle",
  "image",
  "link",
  "listbox",
  "radio",
  "searchbox",
  "slider",
  "spinbutton",
  "tab",
  "textbox",
];

/** Everything found wrong, each thing once, in the order of the checks. */
export async function accessibilityIssues(page: Page): Promise<string[]> {
  const facts = await lookAt(page);
  const tree = await readTree(page);
  const issues = [
    ...languageIssues(facts),
    ...contrastIssues(facts),
    ...tableIssues(facts),
    ...headingIssues(facts),
    ...facts.repeatedIds.map((id) => `repeated-id: ${id}`),
    ...facts.coloured.filter((text) => !/\d+\/\d+/.test(text)).map((text) => `colour-alone: \`${text}\` has no score`),
    ...(facts.focusable.length === 0 ? ["focus-visible: nothing takes the focus"] : []),
    ...facts.focusable.flatMap(focusIssues),
    ...landmarkIssues(tree),
    ...nameIssues(tree),
  ];
  return [...new Set(issues)];
}

function languageIssues({ lang }: PageFacts): string[] {
  return /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(lang) ? [] : [`language: \`${lang}\``];
}

function contrastIssues({ texts }: PageFacts): string[] {
  if (texts.length === 0) return ["contrast: the page shows no text"];
  return texts.flatMap(({ text, where, colour, sizePixels, weight, image, layers }) => {
    const place = `${where} \`${text.slice(0, 40)}\``;
    const ground = paint(layers, null);
    if (image || ground[3] < 1) return [`contrast: ${place} stands on a ground that cannot be told`];
    const large = sizePixels >= 24 || (sizePixels >= 18.66 && weight >= 700);
    const ratio = contrast(paint(layers, colour), ground);
    return ratio >= (large ? LARGE_TEXT_CONTRAST : TEXT_CONTRAST) ? [] : [`contrast: ${place} ${ratio.toFixed(2)}`];
  });
}

function tableIssues({ tables }: PageFacts): string[] {
  return tables.flatMap(({ where, name, heads, headless }) => [
    ...(name === "" ? [`table-name: ${where}`] : []),
    ...(heads.length === 0 || headless > 0 ? [`table-head: ${where}`] : []),
    ...(heads.every((scope) => ["col", "row", "colgroup", "rowgroup"].includes(scope))
      ? []
      : [`table-scope: ${where}`]),
  ]);
}

function headingIssues({ headings }: PageFacts): string[] {
  const skips = headings.flatMap((level, index) => {
    const before = headings[index - 1] ?? 0;
    return level > before + 1 ? [`heading-skip: h${level} after ${index === 0 ? "nothing" : `h${before}`}`] : [];
  });
  const firsts = headings.filter((level) => level === 1).length;
  return firsts === 1 ? skips : [...skips, `heading-first: ${firsts} of level 1`];
}

function focusIssues({ where, tabIndex, inline, width, height, outline, ground }: Focusable): string[] {
  const small = !inline && (width < TARGET_PIXELS || height < TARGET_PIXELS);
  const drawn = outline.style !== "none" && outline.width >= OUTLINE_PIXELS && parseColour(outline.colour)[3] === 1;
  const seen = drawn && contrast(parseColour(outline.colour), paint(ground, null)) >= OUTLINE_CONTRAST;
  return [
    ...(tabIndex > 0 ? [`tab-order: ${where}`] : []),
    ...(small ? [`target-size: ${where} ${Math.round(width)} x ${Math.round(height)}`] : []),
    ...(seen ? [] : [`focus-visible: ${where}`]),
  ];
}

function landmarkIssues(tree: readonly TreeNode[]): string[] {
  const found = tree.filter(({ role }) => landmarks.includes(role));
  const missing = ["banner", "main", "navigation"].filter((role) => !found.some((one) => one.role === role));
  const names = found.map(({ role, name }) => `${role} \`${name}\``);
  return [
    ...missing.map((role) => `landmark-missing: ${role}`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `landmark-repeated: ${name}`),
    ...(found.filter(({ role }) => role === "main").length > 1 ? ["landmark-repeated: main"] : []),
  ];
}

function nameIssues(tree: readonly TreeNode[]): string[] {
  const found = tree.filter(({ role }) => controls.includes(role));
  if (found.length === 0) return ["name: the page has no link and no control"];
  return found.filter(({ name }) => name.trim() === "").map(({ role, markup }) => `name: ${role} ${markup}`);
}
