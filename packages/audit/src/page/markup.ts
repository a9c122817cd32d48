/**
 * Markup in which every value is text: what a bundle says can open no tag, close no attribute, start no entity.
 *
 * Invariants:
 *   M1. A value that is not {@link Markup} is escaped, for element content and double-quoted attributes alike; markup is
 *       made by {@link markup} alone.
 *   M2. What hides or turns text (controls, directions, tags, lone surrogates) stands as its code point, `[U+202E]`: a
 *       reader sees the characters that are there.
 *
 * @see Unicode Technical Report 36. WHATWG HTML, section 13.1.
 * @module
 */

const ESCAPES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
  ["`", "&#96;"],
]);

const HIDDEN =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u200b\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

export class Markup {
  readonly #text: string;
  private constructor(text: string) {
    this.#text = text;
  }

  /** Finished text of the page's own, from a literal of this package. */
  static literal(strings: TemplateStringsArray | readonly string[]): Markup {
    return new Markup(strings.join(""));
  }

  /** The characters of a value: those of markup as they are, those of anything else escaped (M1). */
  static print(value: MarkupValue): string {
    if (value instanceof Markup) return value.#text;
    return Array.isArray(value) ? value.map((item) => Markup.print(item)).join("") : escapeText(String(value));
  }
}

export type MarkupValue = string | number | Markup | readonly Markup[];

/** Markup from a literal; attributes with values in them are written in double quotes. */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return Markup.literal(
    strings.flatMap((text, index) => [text, index < values.length ? Markup.print(values[index] ?? "") : ""]),
  );
}

/** Text as it may stand between tags and in double quotes. */
export function escapeText(text: string): string {
  return text.replace(HIDDEN, codePointOf).replace(/[&<>"'`]/g, (character) => ESCAPES.get(character) ?? "");
}

function codePointOf(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `[U+${hex.padStart(4, "0")}]`;
}
