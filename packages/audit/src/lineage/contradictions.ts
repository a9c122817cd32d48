/**
 * What of a policy run cannot hold together.
 *
 *     outputs-opposed       Two outputs cite the same bytes of the same document. One says that they support an element of
 *                           its question, the other that this element, defined in the same words, patterns and signals, is
 *                           not met.
 *     signals-incompatible  Two signals of one kind annotate the same bytes by the same pattern, and for one attribute each
 *                           has values of which the other has none.
 *
 * Equal bytes at two places are two things: what stands around them may be the reason for another answer.
 *
 * Invariants:
 *   C1. A contradiction names both ends and the bytes; it is found once, whichever end is looked at first.
 *   C2. An output or a signal never contradicts itself.
 *
 * @module
 */
import {
  byCodeUnit,
  type Digest,
  digestJson,
  type Plan,
  type Question,
  type Signal,
  type Span,
} from "@canonic/contracts";
import type { PolicyValues } from "./policy-values.ts";

export type ContradictionEnd =
  | { readonly kind: "output"; readonly position: number }
  | { readonly kind: "signal"; readonly digest: Digest };

export interface Contradiction {
  readonly code: "outputs-opposed" | "signals-incompatible";
  /** The two questions, or the two chunks and the kind, and the bytes. */
  readonly place: string;
  readonly message: string;
  readonly ends: readonly [ContradictionEnd, ContradictionEnd];
}

/** All contradictions, outputs first, in the order of positions and digests. */
export function findContradictions(plan: Plan, values: PolicyValues): readonly Contradiction[] {
  return [...opposedOutputs(plan, values), ...incompatibleSignals(values)];
}

/** What outputs say of one element at one place of the document. */
type Claim = { readonly element: string; readonly span: Span; readonly met: number[]; readonly unmet: number[] };

function opposedOutputs(plan: Plan, { outputs, questions, chunks }: PolicyValues): Contradiction[] {
  const claims = new Map<string, Claim>();
  outputs.forEach((output, position) => {
    const question = questions.get(plan.tasks[position]?.inputs["question"] as Digest);
    const document = output && chunks.get(output.chunkDigest)?.document;
    if (output === undefined || question === undefined || document === undefined) return;
    const unmet = output.elements.filter(({ met }) => !met).map(({ id }) => id);
    for (const { span, elements } of output.evidence) {
      const claim = (element: string) => claimOf(claims, question, document, span, element);
      for (const element of elements) claim(element)?.met.push(position);
      for (const element of unmet) if (!elements.includes(element)) claim(element)?.unmet.push(position);
    }
  });
  const found = new Map<string, Contradiction>();
  for (const { element, span, met, unmet } of claims.values())
    for (const first of met)
      for (const second of unmet) {
        if (first === second) continue;
        const [says, denies] = [questionOf(outputs[first]), questionOf(outputs[second])];
        const key = `${Math.min(first, second)} ${Math.max(first, second)} ${element} ${span.start} ${span.end}`;
        found.set(key, {
          code: "outputs-opposed",
          place: `${says}, ${denies}, bytes ${span.start}..${span.end}`,
          message: `${says} takes these bytes as support of \`${element}\`; ${denies} cites them and says that it is not met`,
          ends: [
            { kind: "output", position: first },
            { kind: "output", position: second },
          ],
        });
      }
  return [...found.values()].sort((a, b) => byEnds(a, b) || byCodeUnit(a.message, b.message));
}

/** Undefined for an element that the question does not define. */
function claimOf(
  claims: Map<string, Claim>,
  question: Question,
  document: Digest,
  span: Span,
  element: string,
): Claim | undefined {
  const definition = question.elements.find(({ id }) => id === element);
  if (definition === undefined) return undefined;
  const key = `${document} ${span.start} ${span.end} ${digestJson(definition)}`;
  const known = claims.get(key) ?? { element, span, met: [], unmet: [] };
  claims.set(key, known);
  return known;
}

/** Attribute name to the values that a signal gives it at one place. */
type Reading = Map<string, Set<string>>;

function incompatibleSignals({ signals, chunks }: PolicyValues): Contradiction[] {
  const places = new Map<string, Map<Digest, Reading>>();
  for (const [digest, signal] of signals) {
    const document = chunks.get(signal.chunkDigest)?.document;
    if (document === undefined) continue;
    for (const { pattern, span, attributes } of signal.annotations) {
      const key = JSON.stringify([document, signal.kind, pattern, span.start, span.end]);
      const readings = places.get(key) ?? new Map<Digest, Reading>();
      places.set(key, readings);
      const reading = readings.get(digest) ?? new Map<string, Set<string>>();
      readings.set(digest, reading);
      for (const [name, value] of Object.entries(attributes))
        reading.set(name, (reading.get(name) ?? new Set()).add(value));
    }
  }
  const found: Contradiction[] = [];
  for (const [key, readings] of places) {
    const [, , pattern, start, end] = JSON.parse(key) as [string, string, string, number, number];
    const nameOf = (digest: Digest) => `${placeOf(signals.get(digest))} ${digest}`;
    const ordered = [...readings].sort(([a], [b]) => byCodeUnit(nameOf(a), nameOf(b)));
    ordered.forEach(([first, reading], index) => {
      for (const [second, other] of ordered.slice(index + 1))
        for (const name of disjointNames(reading, other))
          found.push({
            code: "signals-incompatible",
            place: `${placeOf(signals.get(first))}, ${placeOf(signals.get(second))}, bytes ${start}..${end}`,
            message: `two signals read \`${name}\` differently in the same bytes, by the same pattern \`${pattern}\``,
            ends: [
              { kind: "signal", digest: first },
              { kind: "signal", digest: second },
            ],
          });
    });
  }
  return found.sort((a, b) => byCodeUnit(a.place, b.place) || byCodeUnit(a.message, b.message));
}

/** The attributes that both give, without a value in common. */
function disjointNames(a: Reading, b: Reading): string[] {
  return [...a]
    .filter(([name, values]) => {
      const others = b.get(name);
      return others !== undefined && [...values].every((value) => !others.has(value));
    })
    .map(([name]) => name)
    .sort(byCodeUnit);
}

function placeOf(signal: Signal | undefined): string {
  return signal === undefined ? "" : `${signal.chunk}/${signal.kind}`;
}

function questionOf(output: PolicyValues["outputs"][number]): string {
  return output?.question ?? "";
}

function byEnds(a: Contradiction, b: Contradiction): number {
  const positions = ({ ends }: Contradiction) => ends.map((end) => (end.kind === "output" ? end.position : 0));
  const [[a0 = 0, a1 = 0], [b0 = 0, b1 = 0]] = [positions(a), positions(b)];
  return a0 - b0 || a1 - b1;
}
