import { Consumption, digestBytes, digestJson, isProofOf, type Signal } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ABSENCE_PATTERN, annotateChunk, proveConsumption, verifyConsumption } from "../src/index.ts";
import { emptyChunk, foundChunk, VOCABULARY } from "./support.ts";

const TEXT =
  "The budget of $5 million is financed by federal funds; spending reached $4 million, and loans of $1 million followed.";

function signalOf(...args: Parameters<typeof annotateChunk>): Signal {
  const measured = annotateChunk(...args);
  if (measured.kind === "gap") throw new Error(measured.gap.reason);
  return measured.signal;
}

const signal = signalOf(foundChunk("PA01-DIM01", [TEXT]), "financial-chain", VOCABULARY);
const absent = signalOf(emptyChunk("PA01-DIM02"), "financial-chain", VOCABULARY);
const digest = digestJson(signal);
const codes = (consumption: Consumption, of = signal) => {
  const verdict = verifyConsumption(consumption, of);
  return verdict.kind === "allow" ? "allow" : verdict.reasons.map(({ code }) => code);
};

describe("a consumption proof", () => {
  test("chains a link for every annotation used, in the order of the signal, whatever the caller's order (P1)", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...signal.annotations], { minLength: 1 }), (used) => {
        const proof = proveConsumption(signal, digest, used);
        const inOrder = signal.annotations.filter((annotation) => used.includes(annotation));
        expect(Consumption.parse(proof)).toEqual(proof);
        expect(proof.links.map(({ pattern, span }) => ({ pattern, span }))).toEqual(
          inOrder.map(({ pattern, span }) => ({ pattern, span })),
        );
        expect(proof.links.map(({ previous }) => previous)).toEqual([
          digest,
          ...proof.links.slice(0, -1).map((link) => digestJson(link)),
        ]);
        expect(codes(proof)).toBe("allow");
        expect(isProofOf(proof, signal)).toBe(true);
      }),
    );
    expect(signal.annotations.length).toBeGreaterThan(5);
  });

  test("of an absence is one link without span (P2)", () => {
    const proof = proveConsumption(absent, digestJson(absent), []);

    expect(proof.links).toEqual([
      { pattern: ABSENCE_PATTERN, span: null, chunkDigest: absent.chunkDigest, previous: digestJson(absent) },
    ]);
    expect(codes(proof, absent)).toBe("allow");
    expect(isProofOf(proof, absent)).toBe(true);
  });

  test("cannot be made from an annotation of another signal, or from none", () => {
    const [first] = signal.annotations;
    if (first === undefined) throw new Error("no annotation");
    const foreign = { ...first, span: { start: first.span.start, end: first.span.end + 1 } };

    expect(() => proveConsumption(signal, digest, [foreign])).toThrow(
      expect.objectContaining({ name: "SisasError", code: "sisas.foreign-annotation" }),
    );
    expect(() => proveConsumption(absent, digestJson(absent), [first])).toThrow(
      expect.objectContaining({ code: "sisas.foreign-annotation" }),
    );
    expect(() => proveConsumption(signal, digest, [])).toThrow(
      expect.objectContaining({ code: "sisas.nothing-consumed", details: { annotations: signal.annotations.length } }),
    );
  });

  test("never verifies with a link dropped from its front or middle, swapped, repeated, moved or renamed (P1, P3)", () => {
    const proof = proveConsumption(signal, digest, signal.annotations);
    const [one, two, ...rest] = proof.links;
    if (one === undefined || two === undefined) throw new Error("too few links");
    const mutations: Readonly<Record<string, Consumption>> = {
      "first dropped": { ...proof, links: [two, ...rest] },
      "second dropped": { ...proof, links: [one, ...rest] },
      swapped: { ...proof, links: [two, one, ...rest] },
      repeated: { ...proof, links: [one, one, two, ...rest] },
      "all dropped": { ...proof, links: [] },
      "span moved": { ...proof, links: [{ ...one, span: { start: 0, end: 1 } }, two, ...rest] },
      "pattern renamed": { ...proof, links: [{ ...one, pattern: "other" }, two, ...rest] },
      "other chunk": { ...proof, links: [{ ...one, chunkDigest: digestBytes("x") }, two, ...rest] },
      "other signal": { ...proof, signal: digestBytes("x") },
      "other kind": { ...proof, kind: "causal-verbs" },
      "false absence": {
        ...proof,
        links: [{ pattern: ABSENCE_PATTERN, span: null, chunkDigest: signal.chunkDigest, previous: digest }],
      },
    };

    for (const [name, mutated] of Object.entries(mutations))
      expect([name, codes(mutated)]).not.toEqual([name, "allow"]);
    expect(codes(mutations["all dropped"] as Consumption)).toEqual(["sisas.no-link"]);
    expect(codes(mutations["false absence"] as Consumption)).toEqual(["sisas.false-absence"]);
    expect(codes(mutations["other kind"] as Consumption)).toEqual(["sisas.other-kind"]);
  });

  test("a signal forged after the fact does not carry its old proofs", () => {
    const proof = proveConsumption(signal, digest, signal.annotations);

    expect(codes(proof, { ...signal, strength: 1 })).toEqual(["sisas.other-signal"]);
  });

  test("what is accepted here, the core contract accepts too", () => {
    const proof = proveConsumption(signal, digest, signal.annotations);
    const mutation = fc.record({
      drop: fc.nat(proof.links.length),
      pattern: fc.constantFrom("amount", "budget", undefined),
      at: fc.nat(proof.links.length - 1),
    });
    fc.assert(
      fc.property(mutation, ({ drop, pattern, at }) => {
        const links = proof.links
          .filter((_, index) => index !== drop)
          .map((link, index) => (index === at && pattern !== undefined ? { ...link, pattern } : link));
        const mutated = { ...proof, links };
        if (codes(mutated) === "allow") expect(isProofOf(mutated, signal)).toBe(true);
      }),
    );
  });
});
