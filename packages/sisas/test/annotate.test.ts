import { canonicalJson, digestBytes, digestJson, Signal, SignalKind } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ANNOTATIONS_MAX,
  ANNOTATORS,
  annotateChunk,
  annotateChunks,
  findAnnotations,
  GAP_OWNERS,
  GapReason,
  isFresh,
  judgeText,
  strengthOf,
  vocabularyDigestOf,
  vocabularyOf,
} from "../src/index.ts";
import { CURRENT, emptyChunk, foundChunk, VOCABULARY } from "./support.ts";

const MONEY = "El presupuesto — según la Ley 715 de 2001 — es de $2.500 millones en 2027. 🎯 Meta: 80% de niñas.";

describe("a measurement", () => {
  test("is a signal whose spans and digests are those of the document's bytes (B1)", () => {
    const pieces = [
      "€ 20 millones ",
      "niñas ",
      "Ley 1448 de 2011 ",
      "🎯",
      "80% ",
      "año ",
      "«meta» ",
      "\n",
      "en 2027. ",
      "debido a ",
      "Ministerio de Salud ",
    ];
    const texts = fc.array(
      fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 }).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 4 },
    );
    let compared = 0;
    fc.assert(
      fc.property(texts, fc.nat(5000), fc.constantFrom(...SignalKind.options), (passages, at, kind) => {
        const chunk = foundChunk("PA01-DIM01", passages, "es", at);
        const bytes = Buffer.concat([Buffer.alloc(at, "x"), Buffer.from(passages.join("\n"))]);
        const measured = annotateChunk(chunk, kind, VOCABULARY);
        if (measured.kind === "gap") throw new Error(`gap: ${measured.gap.reason}`);
        expect(Signal.parse(measured.signal)).toEqual(measured.signal);
        expect(measured.digest).toBe(digestJson(measured.signal));
        for (const { span, digest } of measured.signal.annotations) {
          const slice = bytes.subarray(span.start, span.end);
          expect(digestBytes(slice)).toBe(digest);
          expect(Buffer.from(slice.toString("utf8"))).toEqual(Buffer.from(slice));
          expect(
            chunk.kind === "found" &&
              chunk.passages.some((passage) => passage.span.start <= span.start && span.end <= passage.span.end),
          ).toBe(true);
          compared += 1;
        }
      }),
    );
    expect(compared).toBeGreaterThan(50);
  });

  test("gives an equal signal for equal input, alone or with all others (M3)", () => {
    const chunks = [foundChunk("PA01-DIM01", [MONEY, "Otra cosa."], "es"), emptyChunk("PA01-DIM02", "es")];

    const all = annotateChunks({ chunks, vocabulary: VOCABULARY });
    const alone = chunks.flatMap((chunk) =>
      SignalKind.options.map((kind) => annotateChunk(chunk, kind, vocabularyOf())),
    );

    expect(all.gaps).toEqual([]);
    expect(all.signals).toHaveLength(20);
    expect(alone.map((one) => canonicalJson(one.kind === "signal" ? one.signal : null))).toEqual(
      all.signals.map(({ signal }) => canonicalJson(signal)),
    );
  });

  test("measures a silent chunk as absence over its passages, and an empty one over its search (M2)", () => {
    const silent = annotateChunk(
      foundChunk("PA01-DIM01", ["The road is long.", "So is the river."]),
      "financial-chain",
      VOCABULARY,
    );
    const empty = annotateChunk(emptyChunk("PA01-DIM02"), "financial-chain", VOCABULARY);

    expect(silent).toMatchObject({
      kind: "signal",
      signal: { strength: 0, annotations: [], scope: { passages: 2, bytes: 33 } },
    });
    expect(empty).toMatchObject({
      kind: "signal",
      signal: { strength: 0, annotations: [], scope: { passages: 12, bytes: 0 } },
    });
  });

  test("keeps at most 200 annotations, the heaviest first, and stays a valid signal", () => {
    const chunk = foundChunk("PA01-DIM01", [`${"We spent funds. ".repeat(300)}The grant is $5 million.`]);

    const measured = annotateChunk(chunk, "financial-chain", VOCABULARY);

    if (measured.kind === "gap") throw new Error("gap");
    expect(measured.signal.annotations).toHaveLength(ANNOTATIONS_MAX);
    expect(measured.signal.annotations.filter(({ pattern }) => pattern === "amount")).toHaveLength(1);
  });

  test("answers to a reference of an expected element by pattern, attribute name or value", () => {
    const measured = annotateChunk(
      foundChunk("PA01-DIM01", ["Cut deaths from 12% to 8% by 2030."]),
      "quantitative-triplet",
      VOCABULARY,
    );
    if (measured.kind === "gap") throw new Error("gap");
    const count = (reference: string) => findAnnotations(measured.signal, reference).length;

    expect(
      [
        "quantitative-triplet",
        "quantitative-triplet:triplet",
        "quantitative-triplet:year",
        "quantitative-triplet:percent",
      ].map(count),
    ).toEqual([1, 1, 1, 1]);
    expect(["financial-chain", "quantitative-triplet:money"].map(count)).toEqual([0, 0]);
  });
});

describe("what was not measured is a gap with reason and owner, never a signal (M1)", () => {
  const chunk = foundChunk("PA01-DIM01", [MONEY], "es");
  const gapOf = (...args: Parameters<typeof annotateChunk>) => {
    const measured = annotateChunk(...args);
    return measured.kind === "gap" ? measured.gap.reason : `signal of strength ${measured.signal.strength}`;
  };
  const cyrillic = "Министерство здравоохранения публикует отчёт о бюджете на следующий год.";
  const french =
    "Le ministère de la santé publie chaque année un rapport détaillé sur les dépenses et les recettes du système, avec une attention particulière pour les régions rurales et les familles modestes; ce rapport est ensuite débattu au parlement, puis transmis aux collectivités locales qui doivent répondre dans un délai de trois mois, avant que le gouvernement ne décide des mesures à prendre pour améliorer la situation.";
  const failing = {
    ...ANNOTATORS["financial-chain"],
    refine: () => {
      throw new Error("secret of the annotator");
    },
  };

  test("an unsupported language: by script, by words, and by what the annotator speaks", () => {
    const spanishOnly = {
      ...ANNOTATORS,
      "financial-chain": { ...ANNOTATORS["financial-chain"], languages: ["es" as const] },
    };

    expect(gapOf(foundChunk("PA01-DIM01", [cyrillic]), "financial-chain", VOCABULARY)).toBe("unsupported-language");
    expect(gapOf(foundChunk("PA01-DIM01", [french]), "financial-chain", VOCABULARY)).toBe("unsupported-language");
    expect(gapOf({ ...chunk, language: "fr" as never }, "financial-chain", VOCABULARY)).toBe("unsupported-language");
    expect(
      gapOf(foundChunk("PA01-DIM01", ["A budget."]), "financial-chain", vocabularyOf(spanishOnly), {
        annotators: spanishOnly,
      }),
    ).toBe("unsupported-language");
  });

  test("a failed annotator; what it said goes nowhere", () => {
    const annotators = { ...ANNOTATORS, "financial-chain": failing };

    const measured = annotateChunk(chunk, "financial-chain", vocabularyOf(annotators), { annotators });
    const { signals, gaps } = annotateChunks({ chunks: [chunk], vocabulary: vocabularyOf(annotators), annotators });

    expect(measured).toEqual({
      kind: "gap",
      gap: { chunk: "PA01-DIM01", kind: "financial-chain", reason: "annotator-failed", owner: "annotator" },
    });
    expect(JSON.stringify(measured)).not.toContain("secret");
    expect([signals.length, gaps.length]).toEqual([9, 1]);
  });

  test("garbled text: broken characters, lost encoding, symbol soup, and an empty chunk of a garbled document", () => {
    for (const text of [
      "\ufffd\ufffd\ufffd budget of the year",
      "La educaciÃ³n de las niÃ±as estÃ¡ aquÃ\u00ad",
      "\ue001\ue002\ue003\ue004",
      "## 4 $$ %% && (( )) 12 34 ++ == __ {{ }} [[ ]] ;; :: ,, !! ?? // \\\\ ~~ ^^ ''",
    ]) {
      expect(gapOf(foundChunk("PA01-DIM01", [text], "es"), "financial-chain", VOCABULARY)).toBe("garbled-text");
    }
    expect(gapOf(emptyChunk("PA01-DIM01"), "financial-chain", VOCABULARY, { documentQuality: "garbled" })).toBe(
      "garbled-text",
    );
    const { signals, gaps } = annotateChunks({
      chunks: [emptyChunk("PA01-DIM01")],
      vocabulary: VOCABULARY,
      documentText: "\ufffd".repeat(50),
    });
    expect([signals.length, gaps.length]).toEqual([0, 10]);
  });

  test("a stale vocabulary: another version, another weight, a missing kind", () => {
    const entries = VOCABULARY.entries.map((entry) =>
      entry.kind === "financial-chain" ? { ...entry, version: "0.9.0" } : entry,
    );
    const heavier = {
      ...ANNOTATORS,
      "financial-chain": {
        ...ANNOTATORS["financial-chain"],
        weights: { ...ANNOTATORS["financial-chain"].weights, budget: 31 },
      },
    };

    expect(gapOf(chunk, "financial-chain", { ...VOCABULARY, entries })).toBe("stale-vocabulary");
    expect(gapOf(chunk, "financial-chain", vocabularyOf(heavier))).toBe("stale-vocabulary");
    expect(
      gapOf(chunk, "financial-chain", {
        ...VOCABULARY,
        entries: VOCABULARY.entries.filter(({ kind }) => kind !== "financial-chain"),
      }),
    ).toBe("stale-vocabulary");
    expect(gapOf(chunk, "causal-verbs", { ...VOCABULARY, entries })).toBe("signal of strength 0");
  });

  test("passages that are not the document's bytes, and an empty chunk whose search saw nothing", () => {
    const moved =
      chunk.kind === "found"
        ? {
            ...chunk,
            passages: chunk.passages.map((passage) => ({ ...passage, text: `${passage.text.slice(0, -1)}!` })),
          }
        : chunk;

    expect(gapOf(moved, "financial-chain", VOCABULARY)).toBe("passage-mismatch");
    expect(gapOf(emptyChunk("PA01-DIM01", "en", 0), "financial-chain", VOCABULARY)).toBe("nothing-searched");
  });

  test("every reason has an owner", () => {
    expect(Object.keys(GAP_OWNERS).sort()).toEqual([...GapReason.options].sort());
  });

  test("but a silent, a short, and a tabular text are readable (Q2)", () => {
    expect([
      judgeText("", "en"),
      judgeText("Nada.", "es"),
      judgeText(`${"Medellín 2.500 45% ".repeat(15)}`, "es"),
    ]).toEqual(["readable", "readable", "readable"]);
  });
});

describe("vocabulary and strength", () => {
  test("the vocabulary's digest is what signals name, and moves with any pattern or weight (V1, V2)", () => {
    const { "causal-verbs": causal, ...others } = ANNOTATORS;
    const fewer = { ...others, "causal-verbs": { ...causal, patterns: causal.patterns.slice(1) } };
    const measured = annotateChunk(foundChunk("PA01-DIM01", ["A budget."]), "financial-chain", VOCABULARY);
    if (measured.kind === "gap") throw new Error("gap");

    expect(isFresh(measured.signal, CURRENT)).toBe(true);
    expect(isFresh(measured.signal, vocabularyDigestOf(vocabularyOf(fewer)))).toBe(false);
    expect(VOCABULARY.entries.map(({ kind }) => kind)).toEqual(SignalKind.options);
  });

  test("strength is 0 only for nothing, an integer to 100, and never falls with one more annotation (T1, T2)", () => {
    const weights = { light: 20, middle: 50, heavy: 90 };
    const ids = fc.array(fc.constantFrom("light", "middle", "heavy"), { maxLength: 220 });
    fc.assert(
      fc.property(ids, fc.constantFrom("light", "middle", "heavy"), (found, more) => {
        const [before, after] = [strengthOf(found, weights), strengthOf([...found, more], weights)];
        expect(before === 0).toBe(found.length === 0);
        expect(Number.isInteger(after) && after >= before && after <= 100).toBe(true);
      }),
    );
    expect(strengthOf(["light", "heavy", "heavy"], weights)).toBe(100);
    expect(strengthOf(["light", "middle"], weights)).toBe(58);
  });
});
