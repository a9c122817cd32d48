import { expect, test } from "vitest";
import { readDocument } from "../../src/document/index.ts";
import { expectLaidOut, paragraphTexts } from "./laid-out.ts";
import { makePdf, type Pen } from "./made-pdf.ts";

const read = async (pages: readonly ((pen: Pen) => void)[], title?: string) => {
  const bytes = await makePdf({ pages, ...(title === undefined ? {} : { title }) });
  const document = await readDocument(bytes, { name: "plan.pdf", language: "en" });
  expectLaidOut(document);
  return document;
};

/** Lines at a distance of 12 points. */
const lines = (pen: Pen, top: number, texts: readonly string[], x = 72): void => {
  for (const [at, text] of texts.entries()) pen.line(text, x, top + at * 12);
};

test("joins lines of a paragraph, parts paragraphs by distance, indent and short last lines (K1)", async () => {
  const document = await read([
    (pen) => {
      lines(pen, 100, [
        "The national plan sets out how the country will bring water to",
        "every village, in the north and in the south.",
        "The second paragraph begins after a short line and has the same",
        "distance; it ends here with a full line of words and a full stop.",
      ]);
      lines(pen, 148, ["An indented one follows it, as in a printed book, and so begins"], 90);
      lines(pen, 160, ["a paragraph of its own, which is then continued."]);
      lines(pen, 200, ["A last one stands further down the page."]);
    },
  ]);

  expect(paragraphTexts(document)).toEqual([
    "The national plan sets out how the country will bring water to every village, in the north and in the south.",
    "The second paragraph begins after a short line and has the same distance; it ends here with a full line of words and a full stop.",
    "An indented one follows it, as in a printed book, and so begins a paragraph of its own, which is then continued.",
    "A last one stands further down the page.",
  ]);
});

test("knows headings by size, list items by their marks, and the title from the file", async () => {
  const document = await read(
    [
      (pen) => {
        pen.line("Water for all", 72, 80, 20);
        lines(pen, 120, ["This is the body of the text, and it is what most letters are in."]);
        lines(pen, 150, ["• pipes and pumps for the towns", "• wells for the villages"]);
        pen.line("2.1 Budget", 72, 200);
        lines(pen, 230, ["It is paid for by the ministry."]);
      },
    ],
    "Plan Nacional del Agua",
  );

  expect(document.title).toBe("Plan Nacional del Agua");
  expect(document.paragraphs.map(({ kind, heading }) => [kind, heading])).toEqual([
    ["heading", null],
    ["paragraph", "Water for all"],
    ["list-item", "Water for all"],
    ["list-item", "Water for all"],
    ["heading", "Water for all"],
    ["paragraph", "2.1 Budget"],
  ]);
});

test("maps bytes to pages, an empty page among them", async () => {
  const document = await read([
    (pen) => lines(pen, 100, ["Página uno: año 2027."]),
    () => undefined,
    (pen) => lines(pen, 100, ["Página tres."]),
    () => undefined,
  ]);

  expect(document.text).toBe("Página uno: año 2027.\n\nPágina tres.\n");
  expect(document.pages).toEqual([
    { page: 1, start: 0, end: 25 },
    { page: 2, start: 25, end: 25 },
    { page: 3, start: 25, end: 39 },
    { page: 4, start: 39, end: 39 },
  ]);
  expect(document.paragraphs.map(({ page }) => page)).toEqual([1, 3]);
});

test("leaves out running headers, footers and page numbers, and says so (R1, R3)", async () => {
  const body = ["one and its text", "two and its text", "three and its text", "four and its text"];
  const document = await read(
    body.map((text, at) => (pen: Pen) => {
      pen.line("Ministry of Water", 72, 40);
      pen.line(`Page ${at + 7} of 40`, 400, 40);
      lines(pen, 100, [`This is the body of page ${text}.`]);
      pen.line(String(at + 7), 300, 760);
    }),
  );

  expect(paragraphTexts(document)).toEqual(body.map((text) => `This is the body of page ${text}.`));
  expect(document.omitted.length).toBeGreaterThanOrEqual(8);
  expect(document.omitted.slice(-1)).toEqual([{ page: 4, text: "10" }]);
});

test("keeps what only looks like a footer: a table over pages, a line on two pages, a large title (R1, R2)", async () => {
  const table = [12, 40, 31, 77, 5];
  const document = await read(
    table.map((value, at) => (pen: Pen) => {
      pen.line("Annex of the plan", 72, 40, 18);
      lines(pen, 100, [`The figures of the year are in this table, part ${"abcde"[at]}.`]);
      if (at < 2) pen.line("Draft for comment", 72, 740);
      pen.line(`Schools built ${value} of 100`, 72, 760);
    }),
  );

  const texts = paragraphTexts(document);
  for (const value of table) expect(texts.join("\n")).toContain(`Schools built ${value} of 100`);
  expect(texts.filter((text) => text.includes("Draft for comment"))).toHaveLength(2);
  expect(texts.filter((text) => text === "Annex of the plan")).toHaveLength(5);
  expect(document.omitted).toEqual([]);
});

test("sets a note's number off from the number before it (N2)", async () => {
  const document = await read([
    (pen) => {
      pen.line("The budget is 2,500", 72, 100, 12);
      pen.line("3", 181, 97, 7);
    },
  ]);

  expect(document.text).not.toContain("2,5003");
});

test("gives the same result each time (A1)", async () => {
  const bytes = await makePdf({ pages: [(pen) => pen.flow("The plan of the country. ".repeat(200))] });

  const [first, second] = [await readDocument(bytes, { name: "a.pdf" }), await readDocument(bytes, { name: "a.pdf" })];

  expect(second).toEqual(first);
});
