/**
 * What somebody asks about a decision: why not this service, what would admit it, what changed since another decision.
 *
 * @module
 */
import {
  type Decided,
  type DecisionDiff,
  diffDecisions,
  explain,
  explainWhyNot,
  type ServiceReference,
  type WhatIf,
  type WhyNot,
  whatIf,
  whyNot,
} from "@canonic/caio";
import { canonicalJson, cutText, type JsonValue, type RouteDecision, type ServiceSnapshot } from "@canonic/contracts";
import { counted } from "../counted.ts";
import { OrchestratorError } from "../errors.ts";
import type { Catalogue } from "./catalogue.ts";

/** Each part is there when it was asked for. */
export type Answers = {
  readonly explanation?: readonly string[];
  readonly whyNot?: WhyNot;
  readonly whatIf?: WhatIf;
  readonly diff?: DecisionDiff;
};

export type Asked = {
  readonly explain: boolean;
  readonly whyNot: string | undefined;
  readonly whatIf: string | undefined;
  readonly diff: RouteDecision | undefined;
};

/** How many differing fields are printed, and how much of a value. */
const DIFFERENCES_MAX = 20;
const VALUE_MAX = 80;

/** @throws {CaioError} `caio.service-unknown` for a service that the catalogue does not have. */
export function answersOf(decided: Decided, asked: Asked): Answers {
  const meant = (text: string) => referenceOf(text, decided.world.world.snapshot).reference;
  return {
    ...(asked.explain ? { explanation: explain(decided) } : {}),
    ...(asked.whyNot === undefined ? {} : { whyNot: whyNot(decided, meant(asked.whyNot)) }),
    ...(asked.whatIf === undefined ? {} : { whatIf: whatIf(decided, meant(asked.whatIf)) }),
    ...(asked.diff === undefined ? {} : { diff: diffDecisions(asked.diff, decided.record()) }),
  };
}

/**
 * Says of a service that admission kept out why it did; nothing of one that the snapshot has, or that nobody offered.
 *
 * @throws {OrchestratorError} `orchestrator.service-kept-out` with every entry of that id and its reasons.
 */
export function assertNotKeptOut(
  { snapshot, quarantined }: Pick<Catalogue, "snapshot" | "quarantined">,
  { whyNot: why, whatIf: relaxed }: Asked,
): void {
  for (const text of [why, relaxed]) {
    if (text === undefined) continue;
    const { reference } = referenceOf(text, snapshot);
    const { service, version } = typeof reference === "string" ? { service: reference, version: null } : reference;
    const isThere = snapshot.services.some(
      ({ contract }) => contract.service === service && (version === null || contract.version === version),
    );
    if (isThere) continue;
    const entries = quarantined
      .filter((entry) => entry.service === text || entry.service === service)
      .map(({ place, reasons }) => ({ place, reasons }));
    if (entries.length === 0) continue;
    const message = `\`${text}\` was kept out of the catalogue: ${entries.length === 1 ? "one entry" : `${entries.length} entries`}`;
    throw new OrchestratorError("orchestrator.service-kept-out", message, { service: text, entries });
  }
}

/** A line for each name that two services answer to, and which of them is meant. */
export function doubleMeanings(snapshot: ServiceSnapshot, { whyNot: why, whatIf: relaxed }: Asked): string[] {
  const asked = new Set([why, relaxed].filter((text) => text !== undefined));
  return [...asked].flatMap((text) => {
    const { other } = referenceOf(text, snapshot);
    return other === null
      ? []
      : [`\`${text}\` is taken for an id; version ${other.version} of \`${other.service}\` is another service`];
  });
}

/**
 * An id, of which the newest version is meant, or `id@version`. Ids themselves may hold an `@`, so the whole text is an id where the
 * snapshot has it; `other` is the version that the text would name besides.
 */
function referenceOf(
  text: string,
  { services }: ServiceSnapshot,
): {
  readonly reference: Exclude<ServiceReference, number>;
  readonly other: { service: string; version: string } | null;
} {
  const [, service, version] = /^(.+)@(\d+\.\d+\.\d+)$/s.exec(text) ?? [];
  if (service === undefined || version === undefined) return { reference: text, other: null };
  const named = { service, version };
  if (!services.some(({ contract }) => contract.service === text)) return { reference: named, other: null };
  const isThere = services.some(({ contract }) => contract.service === service && contract.version === version);
  return { reference: text, other: isThere ? named : null };
}

/** The same in lines. */
export function answerLines({ explanation, whyNot: why, whatIf: relaxed, diff }: Answers): string[] {
  return [
    ...(explanation ?? []).map((line) => `  ${line}`),
    ...(why === undefined ? [] : ["why not", ...explainWhyNot(why).map((line) => `  ${line}`)]),
    ...(relaxed === undefined ? [] : ["what if", ...whatIfLines(relaxed).map((line) => `  ${line}`)]),
    ...(diff === undefined ? [] : ["differences", ...diffLines(diff).map((line) => `  ${line}`)]),
  ];
}

function whatIfLines(answer: WhatIf): string[] {
  if (answer.kind === "admitted") return ["it passes every clause as it is"];
  if (answer.kind === "impossible")
    return answer.obstacles.map(({ stage, clause }) => `no change of the request repairs ${stage}: \`${clause}\``);
  return answer.changes.map(({ pointer, from, to }) => `${pointer}: ${shown(from)} becomes ${shown(to)}`);
}

function diffLines({ causes, differences, isSameOutcome }: DecisionDiff): string[] {
  if (differences.length === 0) return ["none: the same record"];
  const shownFields = differences.slice(0, DIFFERENCES_MAX);
  return [
    `${isSameOutcome ? "the same outcome" : "another outcome"}; ${causes.length === 0 ? "no input differs" : `inputs that differ: ${causes.join(", ")}`}`,
    ...shownFields.map(({ pointer, before, after }) => `${pointer}: ${shown(before)} became ${shown(after)}`),
    ...(shownFields.length < differences.length
      ? [`and ${counted(differences.length - shownFields.length, "field")} more`]
      : []),
  ];
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? "nothing" : `\`${cutText(canonicalJson(value), VALUE_MAX)}\``;
}
