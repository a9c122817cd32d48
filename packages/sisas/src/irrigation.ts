/**
 * Whether a source is irrigable: active, one vocabulary from end to end, and without gaps.
 *
 * Invariants:
 *   W1. Every condition is checked and every fault is reported; a missing contract is a fault, not a pass.
 *   W2. A gap counts when a consumer of this irrigation needs its kind; other kinds may dry out.
 *
 * @module
 */
import type { Digest, Reason, SignalKind, Verdict } from "@canonic/contracts";
import type { ConsumptionContract, IrrigationContract, PublicationContract } from "./signal-contracts.ts";
import type { SignalGap } from "./signal-gap.ts";

export function checkIrrigation(input: {
  readonly irrigation: IrrigationContract;
  readonly publications: readonly PublicationContract[];
  readonly consumptions: readonly ConsumptionContract[];
  readonly gaps: readonly SignalGap[];
  /** Digest of the current vocabulary. */
  readonly vocabulary: Digest;
}): Verdict {
  const { irrigation } = input;
  const reasons: Reason[] = [];
  const refuse = (code: string, place: string, message: string) =>
    reasons.push({ code: `sisas.${code}`, place, message });
  if (!irrigation.active) refuse("irrigation-inactive", irrigation.name, "the irrigation is not active");
  if (irrigation.vocabulary !== input.vocabulary) {
    refuse("vocabulary-misaligned", irrigation.name, "the irrigation names another vocabulary than the current one");
  }
  const offered = new Set<SignalKind>();
  for (const name of irrigation.publishers) {
    const [contract, ...more] = input.publications.filter(({ publisher }) => publisher === name);
    if (contract === undefined || more.length > 0) {
      refuse(
        "publication-contract",
        name,
        `publisher \`${name}\` has ${more.length === 0 ? "no contract" : "more than one contract"}`,
      );
      continue;
    }
    if (contract.vocabulary !== irrigation.vocabulary)
      refuse("vocabulary-misaligned", name, `publisher \`${name}\` speaks another vocabulary`);
    for (const kind of contract.kinds) offered.add(kind);
  }
  const needed = new Set<SignalKind>();
  for (const name of irrigation.consumers) {
    const [contract, ...more] = input.consumptions.filter(({ consumer }) => consumer === name);
    if (contract === undefined || more.length > 0) {
      refuse(
        "consumption-contract",
        name,
        `consumer \`${name}\` has ${more.length === 0 ? "no contract" : "more than one contract"}`,
      );
      continue;
    }
    if (contract.vocabulary !== irrigation.vocabulary)
      refuse("vocabulary-misaligned", name, `consumer \`${name}\` reads another vocabulary`);
    for (const { kind } of contract.needs) {
      needed.add(kind);
      if (!offered.has(kind))
        refuse("need-unpublished", name, `consumer \`${name}\` needs \`${kind}\`, which no publisher offers`);
    }
  }
  for (const { chunk, kind, reason, owner } of input.gaps) {
    if (needed.has(kind)) refuse("gap", `${chunk} ${kind}`, `not measured: ${reason}, to be mended by ${owner}`);
  }
  const rules = ["active", "vocabulary-aligned", "no-gaps"];
  return reasons.length === 0 ? { kind: "allow", rules } : { kind: "refuse", rules, reasons };
}
