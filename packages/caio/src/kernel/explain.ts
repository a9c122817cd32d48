/**
 * Decisions in sentences, made when somebody asks. Codes and values are in the decision; the sentences may change in any release.
 *
 * @module
 */
import { canonicalJson, cutText, type JsonValue } from "@canonic/contracts";
import { countBits } from "./bits.ts";
import type { Decided } from "./decided.ts";
import type { FailedClause, WhyNot } from "./why-not.ts";

/** How much of a value a sentence holds. */
const VALUE_MAX = 200;

/** Why the decision is what it is, a sentence an item: what was chosen or not, who was left after each stage, what rejected most. */
export function explain(decided: Decided): string[] {
  const { counts, outcome, warnings, tied, question } = decided;
  const chosen = decided.ranking[0];
  const head =
    outcome.kind === "refused" || chosen === undefined
      ? [`refused: \`${outcome.kind === "refused" ? outcome.code : ""}\``]
      : [
          `chose \`${outcome.service}\` ${outcome.version} with score ${chosen.score}`,
          `its terms are ${Object.entries(chosen.terms)
            .map(([term, ppm]) => `${term} ${ppm}`)
            .join(", ")} parts of a million`,
          `its cost is ${chosen.costPicos ?? "unknown"} pico-units and its latency ${chosen.latencyUs ?? "unknown"} us`,
          tied > 1
            ? `${tied} services have this score: cost, latency, id and version decided, in this order`
            : "no other service has this score",
        ];
  return [
    ...head,
    `of ${counts.services} services ${counts.match} match, ${counts.rules} of them keep the rules, ${counts.security} of them are secure, ${counts.traits} of them have the traits`,
    ...mostRejecting(decided),
    ...warnings.map(({ rule, services }) => `rule \`${rule}\` warns of ${services} services`),
    `decided at ${question.at}`,
  ];
}

/** Why a service was not chosen, a sentence an item. */
export function explainWhyNot({ service, version, kind, failed, lostBy }: WhyNot): string[] {
  const name = `\`${service}\` ${version}`;
  if (kind === "chosen") return [`${name} was chosen`];
  if (kind === "outranked") return [`${name} passed every clause and came behind the chosen service by ${lostBy}`];
  return [`${name} failed ${failed.length} ${failed.length === 1 ? "clause" : "clauses"}`, ...failed.map(sentenceOf)];
}

function sentenceOf({ stage, clause, state, required, actual, isAssumed }: FailedClause): string {
  const has = actual === null ? "nothing known" : `${shown(actual)}${isAssumed ? ", only assumed" : ""}`;
  return `${stage}: \`${clause}\` is ${state}: asked for ${shown(required)}, has ${has}`;
}

/** The three clauses that most services did not satisfy, whatever they answered elsewhere. */
function mostRejecting({ clauses, counts }: Decided): string[] {
  const rejected = clauses.map(({ clause, answers }) => ({
    clause,
    services: counts.services - countBits(answers.satisfied),
  }));
  return rejected
    .filter(({ services }) => services > 0)
    .toSorted((a, b) => b.services - a.services)
    .slice(0, 3)
    .map(({ clause, services }) => `\`${clause}\` is not satisfied by ${services}`);
}

function shown(value: JsonValue): string {
  return `\`${cutText(canonicalJson(value), VALUE_MAX)}\``;
}
