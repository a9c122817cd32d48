import { Chunk, digestBytes, digestJson, integrityRootOf, PolicyPackage } from "@canonic/contracts";
import { CHUNK_IDS } from "@canonic/planner";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkDocument, PASSAGES_MAX, rankParagraphs, THRESHOLD } from "../../src/rank/index.ts";
import { madeDocument } from "./made-document.ts";

const SENTENCES = [
  "The health budget is 20 million euros for hospitals and nurses.",
  "Farmers will receive irrigation because drought lowers the harvest.",
  "The schools programme will train 300 teachers by 2030.",
  "Poverty fell among families, and social protection made the difference.",
  "It was a fine day, and the band played on.",
  "Roads and housing: the ministry will build 400 homes.",
  "Police and courts share the responsibility for justice.",
  "Research and technology raise the sustainability of the economy.",
] as const;
const paragraphs = fc.array(
  fc.record({ text: fc.constantFrom(...SENTENCES), kind: fc.constantFrom("heading" as const, "paragraph" as const) }),
  { minLength: 1, maxLength: 25 },
);

test("every document gives 60 chunks in id order whose passages are its bytes (K1, K2)", () => {
  fc.assert(
    fc.property(paragraphs, (made) => {
      const document = madeDocument("en", made);

      const { chunks } = chunkDocument(document);

      expect(chunks.map(({ id }) => id)).toEqual(CHUNK_IDS);
      for (const chunk of chunks) {
        expect(Chunk.safeParse(chunk).success).toBe(true);
        for (const { span, digest, text, score } of chunk.kind === "found" ? chunk.passages : []) {
          const bytes = document.bytes.subarray(span.start, span.end);
          expect(digest).toBe(digestBytes(bytes));
          expect(text).toBe(new TextDecoder().decode(bytes));
          expect(score).toBeGreaterThanOrEqual(THRESHOLD);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("a cell is empty exactly when nothing reaches the threshold, and says what was searched (R2, K1)", () => {
  fc.assert(
    fc.property(paragraphs, (made) => {
      for (const { kind, search } of chunkDocument(madeDocument("en", made)).chunks) {
        expect(kind === "empty").toBe(search.bestScore < search.threshold);
        expect(search.candidates === 0).toBe(kind === "empty");
        expect(search.paragraphs).toBe(made.length);
        expect(search.terms.length).toBeGreaterThan(20);
      }
    }),
    { numRuns: 40 },
  );
});

test("the package's figures are counts over the chunks, and its root commits to them (K3)", () => {
  const document = madeDocument(
    "en",
    SENTENCES.map((text) => ({ text })),
  );

  const { chunks, policyPackage } = chunkDocument(document);

  const found = chunks.flatMap((chunk) => (chunk.kind === "found" ? [chunk] : []));
  const passages = found.flatMap((chunk) => chunk.passages);
  expect(PolicyPackage.parse(policyPackage).metrics).toEqual({
    chunksFound: found.length,
    chunksEmpty: 60 - found.length,
    passages: passages.length,
    passageBytes: passages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    documentBytes: document.bytes.length,
  });
  expect(found.length).toBeGreaterThan(4);
  expect(policyPackage.integrityRoot).toBe(
    integrityRootOf(chunks.map((chunk) => ({ id: chunk.id, digest: digestJson(chunk) }))),
  );
});

test("paragraphs of equal score stand in document order, in whatever order equal ones came (R3)", () => {
  const text = SENTENCES[0];
  const document = madeDocument(
    "en",
    Array.from({ length: 15 }, () => ({ text })),
  );

  const chunk = chunkDocument(document).chunks.find(({ id }) => id === "PA02-DIM01");

  expect(chunk?.kind === "found" && chunk.passages.map(({ span }) => span.start)).toEqual(
    document.paragraphs.slice(0, PASSAGES_MAX).map(({ start }) => start),
  );
  expect(chunk?.search.candidates).toBe(15);
});

test("turning the paragraphs round changes no score, only places (R1)", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...SENTENCES], { minLength: 4 }), (texts) => {
      const scores = (order: readonly string[]) =>
        rankParagraphs(
          order.map((text) => ({ text, heading: null, isHeading: false })),
          "en",
        ).map(({ candidates }) => candidates.map(({ paragraph, score }) => `${order[paragraph]} ${score}`).sort());

      expect(scores(texts.toReversed())).toEqual(scores(texts));
    }),
    { numRuns: 30 },
  );
});

test("an area that is only touched upon yields to the one that a paragraph is about (R4)", () => {
  const text =
    "The school programme trains teachers, opens libraries and brings students to university; a nurse visits the clinic for care and treatment.";

  const { chunks } = chunkDocument(madeDocument("en", [{ text }]));

  expect(chunks.find(({ id }) => id === "PA03-DIM02")?.kind).toBe("found");
  expect(chunks.find(({ id }) => id === "PA10-DIM02")?.kind).toBe("empty");
});

test("a heading lends its area to the paragraphs under it, and is itself no passage", () => {
  const text = "The ministry spends its funds on care for the young.";
  const under = chunkDocument(madeDocument("en", [{ text: "Health", kind: "heading" }, { text }])).chunks;
  const alone = chunkDocument(madeDocument("en", [{ text }])).chunks;

  const cell = under.find(({ id }) => id === "PA02-DIM01");
  expect(cell?.kind === "found" && cell.passages.map((passage) => passage.text)).toEqual([text]);
  expect(alone.find(({ id }) => id === "PA02-DIM01")?.kind).toBe("empty");
});
