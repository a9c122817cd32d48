/**
 * HTML with escaping by construction: what is put into a template is text until this file says otherwise.
 *
 * Invariants:
 *   H1. Every value that is not {@link Html} is escaped for element content and for double-quoted attributes alike,
 *       so no value can open a tag, close an attribute or start an entity.
 *   H2. Html is made here alone: data that merely looks like it is data.
 *   H3. Characters that hide or turn text stand as their code point, `[U+202E]`.
 *
 * @module
 */
import { showHidden } from "./hidden-characters.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Markup that is finished: it goes into other markup as it is. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The markup of a value; `undefined` when it is not of this class, whatever it looks like. */
  static textOf(value: object): string | undefined {
    return #text in value ? value.#text : undefined;
  }
}

type Value = string | number | Html | readonly Html[];

/** Markup with every value escaped that is not markup itself; attributes must be written in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    text += print(value) + (strings[index + 1] ?? "");
  });
  return new Html(text);
}

/** The characters of finished markup. */
export function markupOf(value: Html): string {
  return print(value);
}

/** Text as it may stand between tags and in double-quoted attributes. */
export function escapeHtml(text: string): string {
  return showHidden(text).replace(/[&<>"'`]/g, (character) => entities[character] ?? "");
}

/** Nothing at all, for the branch that has nothing to say. */
export const nothing: Html = new Html("");

function print(value: Value): string {
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  if (isList(value)) return value.map((item) => print(item)).join("");
  return Html.textOf(value) ?? escapeHtml(String(value));
}

function isList(value: Value): value is readonly Html[] {
  return Array.isArray(value);
}
