/**
 * Makes visible what a hostile or damaged text hides from its reader.
 *
 * Shown as `[U+XXXX]`: control characters but tab, line feed and carriage return; the marks, embeddings, overrides and
 * isolates that turn the direction of text; line and paragraph separators; interlinear and tag characters; the
 * byte order mark; noncharacters and lone surrogates. Joiners stay: Persian, Hindi and emoji need them.
 *
 * @see Unicode Technical Report 36, Unicode Security Considerations. CVE-2021-42574 (Trojan Source).
 * @module
 */

const hidden =
  /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}\p{Noncharacter_Code_Point}]/gu;

/** The same text with every hidden character as its code point; tab and line ends stay. */
export function showHidden(text: string): string {
  return text.replace(hidden, (character) => {
    if (character === "\t" || character === "\n" || character === "\r") return character;
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `[U+${hex}]`;
  });
}
