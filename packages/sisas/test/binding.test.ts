import { Coverage, digestBytes, digestJson, fraction } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Binding,
  bindSignals,
  type EmittedSignal,
  isSisasError,
  manifestOf,
  measureCoverage,
  SynchronisationManifest,
  signalInputsOf,
} from "../src/index.ts";
import { bindGrid, CURRENT, gridQuestions } from "./support.ts";

const NEEDS = {
  required: [
    ["quantitative-triplet", 0],
    ["financial-chain", 0],
  ],
  optional: [["causal-verbs", 0]],
} as const;
const grid = bindGrid(NEEDS);

/** One question bound against a changed signal of its chunk. */
function bindOne(change: (signal: EmittedSignal["signal"]) => object, strengthMin = 0) {
  const [question] = gridQuestions({ required: [["quantitative-triplet", strengthMin]] });
  const own = grid.signals.filter(
    ({ signal }) => signal.chunk === "PA01-DIM01" && signal.kind === "quantitative-triplet",
  );
  const signals = own.map(({ signal }) => {
    const changed = { ...signal, ...change(signal) } as EmittedSignal["signal"];
    return { signal: changed, digest: digestJson(changed) };
  });
  if (question === undefined) throw new Error("no question");
  const [binding] = bindSignals({ questions: [question], chunks: grid.named, signals, vocabulary: CURRENT }).bindings;
  return { need: binding?.required[0], digest: signals[0]?.digest };
}

describe("binding", () => {
  test("gives every question the fresh signals of its own chunk (B2)", () => {
    const byDigest = new Map(grid.signals.map(({ digest, signal }) => [digest, signal]));

    expect(grid.gaps).toEqual([]);
    for (const { chunk, chunkDigest, required, optional } of grid.bindings) {
      for (const need of [...required, ...optional]) {
        expect(byDigest.get(need.signal as never)).toMatchObject({
          chunk,
          chunkDigest,
          kind: need.kind,
          vocabulary: CURRENT,
        });
        expect(need).toMatchObject({ stage: "fresh", lost: null });
      }
    }
    expect(Object.keys(signalInputsOf(grid.bindings[0] as Binding))).toEqual([
      "signal-causal-verbs",
      "signal-financial-chain",
      "signal-quantitative-triplet",
    ]);
  });

  test("does not depend on the order of signals or chunks (B3)", () => {
    const shuffled = fc.tuple(
      fc.shuffledSubarray([...grid.signals], { minLength: grid.signals.length }),
      fc.shuffledSubarray(grid.named, { minLength: 60 }),
    );
    fc.assert(
      fc.property(shuffled, ([signals, chunks]) => {
        expect(bindSignals({ questions: grid.questions, chunks, signals, vocabulary: CURRENT }).bindings).toEqual(
          grid.bindings,
        );
      }),
      { numRuns: 5 },
    );
  });

  test.each([
    [
      "a signal of another chunk version",
      { chunkDigest: digestBytes("old") },
      "emitted",
      "valid",
      "other-chunk-version",
    ],
    ["a signal in another language", { language: "es" }, "emitted", "valid", "other-language"],
    ["a malformed signal", { strength: 101 }, "emitted", "valid", "malformed"],
    ["a stale signal", { vocabulary: digestBytes("old") }, "valid", "fresh", "stale-vocabulary"],
    ["a signal of another kind", { kind: "causal-verbs" }, "wired", "emitted", "not-emitted"],
  ])("does not hand over %s, and says where it was lost (B1, B2)", (_, change, stage, at, reason) => {
    const { need } = bindOne(() => change);

    expect(need).toMatchObject({ signal: null, stage, lost: { at, reason } });
  });

  test("hands over a weak signal, but its need is not met; strength 0 meets a need of 0", () => {
    const weak = bindOne((signal) => ({ strength: signal.strength }), 100);
    const absent = bindOne(() => ({ strength: 0, annotations: [] }));

    expect(weak.need).toMatchObject({
      signal: weak.digest,
      stage: "emitted",
      lost: { at: "valid", reason: "too-weak", owner: "document" },
    });
    expect(absent.need).toMatchObject({ signal: absent.digest, stage: "fresh", lost: null });
  });

  test("refuses two different signals of one kind, a missing chunk and two versions of a chunk", () => {
    const [question] = grid.questions;
    const own = grid.signals.filter(({ signal }) => signal.chunk === "PA01-DIM01");
    const other = own
      .map(({ signal }) => ({ ...signal, publisher: "somebody" }))
      .map((signal) => ({ signal, digest: digestJson(signal) }));
    const reasons = (input: Partial<Parameters<typeof bindSignals>[0]>) =>
      new Set(
        bindSignals({
          questions: question === undefined ? [] : [question],
          chunks: grid.named,
          signals: own,
          vocabulary: CURRENT,
          ...input,
        }).gaps.map(({ stage, reason }) => `${stage} ${reason}`),
      );

    expect(reasons({})).toEqual(new Set());
    expect(reasons({ signals: [...own, ...own] })).toEqual(new Set());
    expect(reasons({ signals: [...own, ...other] })).toEqual(new Set(["emitted signal-ambiguous"]));
    expect(reasons({ chunks: [] })).toEqual(new Set(["wired chunk-missing"]));
    expect(reasons({ chunks: [...grid.named, ...grid.named] })).toEqual(new Set(["wired chunk-ambiguous"]));
  });
});

describe("the synchronisation manifest", () => {
  const manifest = manifestOf(grid.bindings, CURRENT);
  const codeOf = (bindings: readonly Binding[]) => {
    try {
      manifestOf(bindings, CURRENT);
      return "accepted";
    } catch (error) {
      return isSisasError(error) ? error.code : "another error";
    }
  };

  test("holds exactly 300 bindings over 60 chunks with fibre 5, and counts its coverage (S1, S3)", () => {
    expect(manifest).toMatchObject({ chunks: 60, fibre: 5, planned: fraction(300, 300) });
    expect(SynchronisationManifest.parse(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
  });

  test("refuses 299 and 301 bindings, a repeated question, a foreign chunk, two digests of a chunk, a missing chunk (S1, S2)", () => {
    const [first, second] = grid.bindings as [Binding, Binding];
    const rest = grid.bindings.slice(1);
    const mutations: Readonly<Record<string, readonly Binding[]>> = {
      "299": rest,
      "301": [...grid.bindings, first],
      repeated: [second, ...rest],
      foreign: [{ ...first, chunk: "PA02-DIM01" as never }, ...rest],
      "two digests": [{ ...first, chunkDigest: digestBytes("other") }, ...rest],
      "no chunk": [{ ...first, chunkDigest: null }, ...rest],
      none: [],
    };

    for (const [name, bindings] of Object.entries(mutations))
      expect([name, codeOf(bindings)]).toEqual([name, "sisas.manifest-invalid"]);
    expect(codeOf(grid.bindings)).toBe("accepted");
  });

  test("refuses a planned count that its bindings do not show (S3)", () => {
    const told = { ...manifest, planned: fraction(299, 300) };

    expect(
      SynchronisationManifest.safeParse(told).error?.issues.map(({ path, message }) => `${path.join("/")}: ${message}`),
    ).toEqual(["planned: 300/300"]);
  });
});

test("bindings before a run give a coverage report that its schema accepts", () => {
  const coverage = measureCoverage({ tasks: grid.tasks, bindings: grid.bindings });

  expect(Coverage.parse(coverage)).toEqual(coverage);
  expect(coverage).toMatchObject({
    planned: fraction(300, 300),
    consumed: fraction(0, 300),
    gaps: [],
    funnel: { declared: 600, fresh: 600, consumed: 0, decisive: null },
  });
});
