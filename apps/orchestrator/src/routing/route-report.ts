/**
 * A decision for people: what was chosen and why, or what left nobody.
 *
 * @module
 */
import type { Decided } from "@canonic/caio";
import type { RankedService, RouteDecision, RouteStage, ScoreTerms } from "@canonic/contracts";
import { counted } from "../counted.ts";

/** How often a clause was not satisfied among the services that had passed every stage before its own. */
export type ClauseTally = {
  readonly stage: RouteStage;
  readonly clause: string;
  readonly asked: number;
  readonly violated: number;
  readonly unknown: number;
};

const STAGES: readonly RouteStage[] = ["match", "rules", "security", "traits"];
const TERMS: readonly (keyof ScoreTerms)[] = ["intent", "attention", "learned", "resonance", "cost", "risk", "latency"];

/** Every clause, in order. */
export function tallyOf(decided: Decided): ClauseTally[] {
  let alive = decided.world.contractDigests.map((_, index) => index);
  return STAGES.flatMap((stage) => {
    const asked = decided.clauses.flatMap((clause, index) => (clause.stage === stage ? [index] : []));
    const before = alive;
    const tallies = asked.map((clause): ClauseTally => {
      const letters = before.map((service) => decided.stateOf(clause, service));
      const count = (letter: string) => letters.filter((one) => one === letter).length;
      const name = decided.clauses[clause]?.clause ?? "";
      return { stage, clause: name, asked: before.length, violated: count("v"), unknown: count("u") };
    });
    alive = before.filter((service) => asked.every((clause) => decided.stateOf(clause, service) === "s"));
    return tallies;
  });
}

/** The clauses that most of those who came to the last stage failed, the deadliest first. */
export function deadliest(tallies: readonly ClauseTally[], { counts }: RouteDecision): ClauseTally[] {
  const stage = STAGES.find((one) => counts[one] === 0);
  return tallies
    .filter((tally) => tally.stage === stage && tally.violated + tally.unknown > 0)
    .sort((a, b) => b.violated + b.unknown - (a.violated + a.unknown))
    .slice(0, 3);
}

/** The result in lines. */
export function decisionLines(decision: RouteDecision, digest: string, killers: readonly ClauseTally[]): string[] {
  const { outcome, counts, ranking, ties, tied, warnings } = decision;
  const lines: string[] = [];
  if (outcome.kind === "chosen") {
    lines.push(`chosen    ${outcome.service}@${outcome.version}`);
    const [first] = ranking;
    if (first !== undefined) lines.push(`          ${scoreText(first)}`, `          ${termsText(first)}`);
    if (tied > 1)
      lines.push(
        `ties      ${tied} with this score, by cost, latency and id: ${ties.map(nameOf).slice(0, 8).join(", ")}`,
      );
    if (ranking.length > 1) lines.push("ranking");
    if (ranking.length > 1)
      for (const [index, ranked] of ranking.entries())
        lines.push(`  ${index + 1}  ${nameOf(ranked)}  ${scoreText(ranked)}`);
  } else {
    lines.push(`refused   ${outcome.code}`);
    for (const { clause, asked, violated, unknown } of killers)
      lines.push(`          \`${clause}\`: of ${counted(asked, "service")}, ${violated} violated, ${unknown} unknown`);
  }
  for (const { rule, services } of warnings) lines.push(`warning   rule \`${rule}\`: ${counted(services, "service")}`);
  lines.push(
    `counts    ${counted(counts.services, "service")}: ${counts.match} after match, ${counts.rules} after rules, ${counts.security} after security, ${counts.traits} after traits`,
    `decision  ${digest}`,
    `root      ${decision.root}`,
  );
  return lines;
}

/** Each clause with how many fell at it: what `--explain` adds. */
export function tallyLines(tallies: readonly ClauseTally[]): string[] {
  return tallies.map(({ stage, clause, asked, violated, unknown }) => {
    const passed = asked - violated - unknown;
    return `  ${stage.padEnd(8)} ${clause}: ${passed} of ${asked} satisfied, ${violated} violated, ${unknown} unknown`;
  });
}

function scoreText({ score, costPicos, latencyUs }: RankedService): string {
  const cost = costPicos === null ? "cost not known" : `cost ${costPicos} picos`;
  const latency = latencyUs === null ? "latency not known" : `latency ${latencyUs} us`;
  return `score ${score}, ${cost}, ${latency}`;
}

function termsText({ terms }: RankedService): string {
  return TERMS.map((term) => `${term} ${terms[term]}`).join(", ");
}

function nameOf({ service, version }: { readonly service: string; readonly version: string }): string {
  return `${service}@${version}`;
}
