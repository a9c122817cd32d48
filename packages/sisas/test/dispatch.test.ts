import { type ChunkId, type Digest, digestBytes, digestJson, type Signal } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  annotateChunks,
  ConsumptionContract,
  checkIrrigation,
  dispatchSignals,
  IrrigationContract,
  isSisasError,
  PUBLISHER,
  PublicationContract,
  replayDeadLetters,
  type SignalHandler,
} from "../src/index.ts";
import { CURRENT, emptyChunk, foundChunk, VOCABULARY } from "./support.ts";

const chunks = [foundChunk("PA01-DIM01", ["The budget is $5 million by 2030."]), emptyChunk("PA01-DIM02")];
const { signals } = annotateChunks({ chunks, vocabulary: VOCABULARY });
const scope = new Map<ChunkId, Digest>(chunks.map((chunk) => [chunk.id, digestJson(chunk)]));
const pick = (chunk: string, kind: string) =>
  signals.find(({ signal }) => signal.chunk === chunk && signal.kind === kind)?.signal as Signal;
const money = pick("PA01-DIM01", "financial-chain");
const noMoney = pick("PA01-DIM02", "financial-chain");

const publication = PublicationContract.parse({
  schema: "canonic/publication-contract/v1",
  publisher: PUBLISHER,
  kinds: ["financial-chain", "temporal-consistency"],
  vocabulary: CURRENT,
  signalsPerChunkMax: 1,
});
const consumption = (consumer: string, change: object = {}) =>
  ConsumptionContract.parse({
    schema: "canonic/consumption-contract/v1",
    consumer,
    needs: [{ kind: "financial-chain", strengthMin: 30, acceptsAbsence: true }],
    languages: ["en"],
    vocabulary: CURRENT,
    withinMs: null,
    acknowledge: true,
    ...change,
  });

function dispatch(candidates: readonly unknown[], change: Partial<Parameters<typeof dispatchSignals>[0]> = {}) {
  const received: Signal[] = [];
  const handler: SignalHandler = (signal) => {
    received.push(signal);
    return "acknowledged";
  };
  const consumptions = change.consumptions ?? [consumption("policy")];
  const handlers = new Map(consumptions.map(({ consumer }) => [consumer, handler]));
  const input = { candidates, publications: [publication], consumptions, scope, handlers, ...change };
  return { ...dispatchSignals(input), received, input };
}
const letters = ({ deadLetters }: ReturnType<typeof dispatchSignals>) =>
  deadLetters.map(({ reason, detail }) => `${reason}: ${detail}`);

describe("dispatch", () => {
  test("delivers what is valid, in scope, new, worth it and readable, and remembers it", () => {
    const result = dispatch([money]);

    expect(result.deliveries).toEqual([{ digest: digestJson(money), consumer: "policy", acknowledged: true }]);
    expect(result.received).toEqual([money]);
    expect([...result.seen]).toEqual([digestJson(money)]);
    expect(result.deadLetters).toEqual([]);
  });

  test("lets a measured absence through the value gate where a contract accepts it, and only there (X3)", () => {
    const refusing = consumption("policy", {
      needs: [{ kind: "financial-chain", strengthMin: 0, acceptsAbsence: false }],
    });

    expect(dispatch([noMoney]).received).toEqual([noMoney]);
    expect(letters(dispatch([noMoney], { consumptions: [refusing] }))).toEqual([
      "low-value: strength 0 is under every need",
    ]);
  });

  test.each<[string, unknown, object, string]>([
    ["what is no signal", { kind: "financial-chain" }, {}, "invalid: not-a-signal"],
    ["strength without findings", { ...money, annotations: [] }, {}, "invalid: strength-without-finding"],
    ["an unknown publisher", { ...money, publisher: "stranger" }, {}, "invalid: unknown-publisher"],
    ["a kind its publisher may not emit", pick("PA01-DIM01", "causal-verbs"), {}, "invalid: kind-not-published"],
    ["another vocabulary", { ...money, vocabulary: digestBytes("old") }, {}, "invalid: other-vocabulary"],
    ["a chunk out of scope", { ...money, chunk: "PA09-DIM01" }, {}, "invalid-scope: chunk-out-of-scope"],
    [
      "another version of a chunk",
      { ...money, chunkDigest: digestBytes("old") },
      {},
      "invalid-scope: other-chunk-version",
    ],
    ["what was delivered before", money, { seen: new Set([digestJson(money)]) }, "duplicate: delivered-before"],
    ["what is too weak for everyone", { ...money, strength: 10 }, {}, "low-value: strength 10 is under every need"],
    [
      "what nobody needs",
      pick("PA01-DIM01", "temporal-consistency"),
      {},
      "no-consumer: nobody needs temporal-consistency",
    ],
    [
      "what no consumer can read",
      money,
      { consumptions: [consumption("policy", { languages: ["es"] })] },
      "capability-mismatch: no consumer reads this language and vocabulary",
    ],
  ])("buries %s with its reason (X2)", (_, candidate, change, letter) => {
    const result = dispatch([candidate], change);

    expect(letters(result)).toEqual([letter]);
    expect([result.deliveries, result.received]).toEqual([[], []]);
    expect(result.deadLetters[0]?.candidate).toBe(candidate);
  });

  test("holds publishers to their rate, and the second copy to being one", () => {
    const other = { ...money, strength: 99 };

    expect(letters(dispatch([money, money, other]))).toEqual(["duplicate: delivered-before", "invalid: rate-exceeded"]);
  });

  test("buries failing, late and silent handlers apart from the others, without their words (X1, X4)", () => {
    let now = 0;
    const consumptions = [
      consumption("good"),
      consumption("throws"),
      consumption("late", { withinMs: 5 }),
      consumption("silent"),
    ];
    const handlers = new Map<string, SignalHandler>([
      ["good", () => "acknowledged"],
      [
        "throws",
        () => {
          throw new Error("secret");
        },
      ],
      [
        "late",
        () => {
          now += 6;
          return "acknowledged";
        },
      ],
      ["silent", () => "received"],
    ]);

    const result = dispatch([money], { consumptions, handlers, now: () => now });

    expect(result.deliveries.map(({ consumer }) => consumer)).toEqual(["good"]);
    expect(result.deadLetters.map(({ consumer, reason, detail }) => [consumer, reason, detail])).toEqual([
      ["throws", "handler-error", "handler-threw"],
      ["late", "handler-error", "too-late"],
      ["silent", "handler-error", "not-acknowledged"],
    ]);
    expect(JSON.stringify(result.deadLetters)).not.toContain("secret");
  });

  test("replays dead letters once their cause is mended, to the failed consumer alone", () => {
    const consumptions = [consumption("good"), consumption("bad")];
    const calls: string[] = [];
    const handlers = (badWorks: boolean) =>
      new Map<string, SignalHandler>([
        [
          "good",
          () => {
            calls.push("good");
            return "acknowledged";
          },
        ],
        [
          "bad",
          () => {
            calls.push("bad");
            return badWorks ? "acknowledged" : "received";
          },
        ],
      ]);
    const first = dispatch([money, { ...noMoney, strength: 5 }], { consumptions, handlers: handlers(false) });

    const again = replayDeadLetters(first.deadLetters, { ...first.input, handlers: handlers(true), seen: first.seen });

    expect(calls).toEqual(["good", "bad", "bad"]);
    expect(again.deliveries.map(({ consumer }) => consumer)).toEqual(["bad"]);
    expect(letters(again)).toEqual(["invalid: strength-without-finding"]);
  });

  test("accounts for every candidate, whatever the mixture (X1)", () => {
    const candidates = fc.array(
      fc.constantFrom<unknown>(
        money,
        noMoney,
        null,
        { ...money, chunk: "PA09-DIM01" },
        { ...money, strength: 1 },
        pick("PA01-DIM01", "temporal-consistency"),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(candidates, (mixture) => {
        const { deliveries, deadLetters } = dispatch(mixture);
        expect(deliveries.length + deadLetters.length).toBe(mixture.length);
      }),
    );
  });

  test("dispatches nothing under contracts that contradict each other", () => {
    const codeOf = (change: object) => {
      try {
        return letters(dispatch([money], change));
      } catch (error) {
        return isSisasError(error) ? error.code : "another error";
      }
    };

    expect(codeOf({ publications: [publication, publication] })).toBe("sisas.contracts-conflict");
    expect(codeOf({ consumptions: [consumption("a"), consumption("a")] })).toBe("sisas.contracts-conflict");
    expect(codeOf({ handlers: new Map() })).toBe("sisas.contracts-conflict");
    expect(codeOf({ consumptions: [consumption("a", { withinMs: 5 })] })).toBe("sisas.contracts-conflict");
  });
});

describe("irrigation", () => {
  const irrigation = IrrigationContract.parse({
    schema: "canonic/irrigation-contract/v1",
    name: "policy",
    active: true,
    source: digestBytes("document"),
    vocabulary: CURRENT,
    publishers: [PUBLISHER],
    consumers: ["policy"],
  });
  const input = {
    irrigation,
    publications: [publication],
    consumptions: [consumption("policy")],
    gaps: [],
    vocabulary: CURRENT,
  };
  const gap = { chunk: "PA01-DIM01" as ChunkId, reason: "garbled-text" as const, owner: "document" };
  const old = digestBytes("old");
  const codes = (change: Partial<Parameters<typeof checkIrrigation>[0]>) => {
    const verdict = checkIrrigation({ ...input, ...change });
    return verdict.kind === "allow" ? [] : verdict.reasons.map(({ code }) => code);
  };

  test("flows when active, aligned and without gaps; gaps of kinds that nobody needs do not stop it (W2)", () => {
    expect(checkIrrigation(input)).toEqual({ kind: "allow", rules: ["active", "vocabulary-aligned", "no-gaps"] });
    expect(codes({ gaps: [{ ...gap, kind: "causal-verbs" }] })).toEqual([]);
  });

  test.each<[string, Partial<Parameters<typeof checkIrrigation>[0]>, readonly string[]]>([
    ["inactive", { irrigation: { ...irrigation, active: false } }, ["sisas.irrigation-inactive"]],
    ["a gap in a needed kind", { gaps: [{ ...gap, kind: "financial-chain" }] }, ["sisas.gap"]],
    ["an old publisher", { publications: [{ ...publication, vocabulary: old }] }, ["sisas.vocabulary-misaligned"]],
    [
      "an old consumer",
      { consumptions: [consumption("policy", { vocabulary: old })] },
      ["sisas.vocabulary-misaligned"],
    ],
    ["a vocabulary that moved on", { vocabulary: old }, ["sisas.vocabulary-misaligned"]],
    ["no publisher contract", { publications: [] }, ["sisas.publication-contract", "sisas.need-unpublished"]],
    [
      "two publisher contracts",
      { publications: [publication, publication] },
      ["sisas.publication-contract", "sisas.need-unpublished"],
    ],
    ["no consumer contract", { consumptions: [] }, ["sisas.consumption-contract"]],
    [
      "a need that nobody publishes",
      { publications: [{ ...publication, kinds: ["causal-verbs"] }] },
      ["sisas.need-unpublished"],
    ],
  ])("stops for %s, and reports every fault (W1)", (_, change, expected) => {
    expect(codes(change)).toEqual(expected);
  });
});
