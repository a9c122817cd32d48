import { digestBytes } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteOffsets } from "../src/document/byte-offsets.ts";
import { readUnits } from "../src/document/read-units.ts";
import { SECTION_TYPES, UNIT_KINDS } from "../src/document/unit.ts";
import { stopOf } from "./cut-run.ts";
import { TEXT } from "./databases.ts";

const read = (text: string) => readUnits(Buffer.from(text));

test("a statute is cut into addressed units with kinds, section types and title paths", () => {
  const { units, version } = read(TEXT);

  expect(version).toBe("2");
  expect(units.map(({ address, kind, sectionType }) => `${address} ${kind} ${sectionType}`)).toEqual([
    "0/m1 matter preamble",
    "0/p1 paragraph preamble",
    "1/h1 heading document",
    "1.1/h1 heading chapter",
    "1.1.1/h1 heading article",
    "1.1.1/p1 paragraph article",
    "1.1.1/i1 item article",
    "1.1.1/i2 item article",
    "1.1.1/q1 quote article",
    "1.1.2/h1 heading article",
    "1.1.2/t1 table article",
    "1.2/h1 heading annex",
    "1.2/c1 code annex",
  ]);
  expect(units[5]).toMatchObject({
    body: "Every book has *one* place.",
    order: 5,
    titlePath: ["Statute of the Library", "Chapter I — Books", "Article 1"],
  });
});

const block = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.replaceAll("\0", "")),
  fc.constantFrom(
    "# A",
    "### Ünïcode 🌿",
    "- one\n- two 🌿\n\n  more",
    "> q",
    "```\ncode\n```",
    "| a |\n| - |\n| ß |",
    "***",
  ),
  fc.constantFrom("1. eins\n2. zwei", "[a]: /b", "[^1]: note", "<div>\nx\n</div>", "Setext\n===", "a\r\nb", "\tcode"),
);
const source = fc.tuple(fc.constantFrom("", "\ufeff", "---\nversion: 1\n---\n"), fc.array(block, { maxLength: 12 }));

describe("of any text", () => {
  test("an anchor spans exactly the bytes of the body, units follow one another, and addresses are unique (U1-U3)", () => {
    let seen = 0;
    fc.assert(
      fc.property(source, ([head, blocks]) => {
        const bytes = Buffer.from((head + blocks.join("\n\n")).toWellFormed());
        const { units } = readUnits(bytes);
        let before = 0;
        for (const [index, { anchor, body, contentDigest, kind, order, sectionType }] of units.entries()) {
          expect(bytes.subarray(anchor.start, anchor.end).equals(Buffer.from(body))).toBe(true);
          expect(digestBytes(body)).toBe(contentDigest);
          expect(anchor.start).toBeGreaterThanOrEqual(before);
          expect(order).toBe(index);
          expect(Object.keys(UNIT_KINDS)).toContain(kind);
          expect(SECTION_TYPES).toContain(sectionType);
          before = anchor.end;
          seen += 1;
        }
        expect(new Set(units.map(({ address }) => address)).size).toBe(units.length);
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(300);
  });

  test("offsets in bytes are those of an encoder", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const offsets = byteOffsets(text);
        let index = 0;
        for (const character of text) {
          expect(offsets[index]).toBe(Buffer.byteLength(text.slice(0, index)));
          index += character.length;
        }
        expect(offsets[text.length]).toBe(Buffer.byteLength(text));
      }),
    );
  });
});

test("bytes that are no text are refused", async () => {
  const refused = (bytes: Uint8Array) => stopOf(Promise.resolve().then(() => readUnits(bytes)));

  expect(await refused(Uint8Array.of(0xc3, 0x28))).toBe("cutter.unknown-document");
  expect(await refused(Uint8Array.of(0x61, 0x00))).toBe("cutter.unknown-document");
  expect(await refused(new Uint8Array(16 * 1024 * 1024 + 1))).toBe("cutter.unknown-document");
});
