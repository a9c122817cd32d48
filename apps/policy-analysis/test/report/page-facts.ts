/**
 * What a page in a browser shows, as plain values: the script only looks and reports, `accessibility.ts` judges.
 *
 * @module
 */
import type { Page } from "playwright-core";
import type { Layer } from "./contrast.ts";

export type Focusable = {
  readonly where: string;
  readonly tabIndex: number;
  readonly inline: boolean;
  readonly width: number;
  readonly height: number;
  /** Computed while the element has the focus by keyboard. */
  readonly outline: { readonly style: string; readonly width: number; readonly colour: string };
  /** What the outline is drawn on: the element itself when the outline lies within it. */
  readonly ground: readonly Layer[];
};

export type PageFacts = {
  readonly lang: string;
  /** Every text that shows, controls' values included. */
  readonly texts: readonly {
    readonly text: string;
    readonly where: string;
    readonly colour: string;
    readonly sizePixels: number;
    readonly weight: number;
    readonly image: boolean;
    readonly layers: readonly Layer[];
  }[];
  readonly tables: readonly {
    readonly where: string;
    readonly name: string;
    readonly heads: readonly string[];
    /** Rows of the body that no header cell begins. */
    readonly headless: number;
  }[];
  readonly headings: readonly number[];
  readonly repeatedIds: readonly string[];
  /** What stands in every element that the colour scale fills. */
  readonly coloured: readonly string[];
  readonly focusable: readonly Focusable[];
};

const script = String.raw`(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const where = (element) => element.tagName.toLowerCase() + (element.id === "" ? "" : "#" + element.id) +
    [...element.classList].map((name) => "." + name).join("");
  const shows = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const chain = (element) => {
    const path = [];
    for (let at = element; at !== null; at = at.parentElement) path.unshift(at);
    return path;
  };
  const clipped = (element) => chain(element).some((one) => getComputedStyle(one).clipPath === "inset(50%)");
  const layers = (element) => chain(element).map((one) => {
    const style = getComputedStyle(one);
    return { background: style.backgroundColor, opacity: Number(style.opacity) };
  });
  const textOf = (element, text) => {
    const style = getComputedStyle(element);
    return {
      text, where: where(element), colour: style.color, sizePixels: parseFloat(style.fontSize),
      weight: Number(style.fontWeight), layers: layers(element),
      image: chain(element).some((one) => getComputedStyle(one).backgroundImage !== "none" && one.tagName !== "SELECT"),
    };
  };

  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    const text = walk.currentNode.data.trim();
    if (text === "" || !shows(parent) || clipped(parent) || parseFloat(getComputedStyle(parent).fontSize) === 0) continue;
    const range = document.createRange();
    range.selectNodeContents(walk.currentNode);
    if ([...range.getClientRects()].some(({ width, height }) => width > 0 && height > 0)) texts.push(textOf(parent, text));
  }
  for (const control of all("input,select,textarea").filter(shows)) texts.push(textOf(control, control.value));

  const tables = all("table").map((table) => ({
    where: where(table),
    name: (table.caption?.textContent ?? table.getAttribute("aria-label") ?? "").trim(),
    heads: [...table.querySelectorAll("th")].map((head) => head.getAttribute("scope") ?? ""),
    headless: [...table.rows].filter((row) => row.closest("thead") === null && row.cells[0]?.tagName !== "TH").length,
  }));
  const ids = all("[id]").map(({ id }) => id);

  const focusable = [];
  for (const element of all("a[href],button,input,select,textarea,summary,[tabindex]")) {
    if (element.tabIndex < 0 || !shows(element)) continue;
    element.focus({ preventScroll: true });
    const style = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    focusable.push({
      where: where(element), tabIndex: element.tabIndex, inline: style.display === "inline", width, height,
      outline: { style: style.outlineStyle, width: parseFloat(style.outlineWidth), colour: style.outlineColor },
      ground: layers(parseFloat(style.outlineOffset) < 0 ? element : element.parentElement),
    });
  }
  document.activeElement?.blur();

  return {
    lang: document.documentElement.lang, texts, tables, focusable,
    headings: all("h1,h2,h3,h4,h5,h6").map(({ tagName }) => Number(tagName[1])),
    repeatedIds: [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))],
    coloured: all(".cell,.chip").filter(shows).map((element) => element.innerText.replace(/\s+/g, " ").trim()),
  };
})()`;

/** Looks at the page as it stands; the Tab key first, so that focus shows as it does for a keyboard. */
export async function lookAt(page: Page): Promise<PageFacts> {
  await page.keyboard.press("Tab");
  return page.evaluate<PageFacts>(script);
}
