/**
 * What is guaranteed of a chain, by the guarantees of its parts.
 *
 * Invariants:
 *   N1. What the whole states holds under every joint distribution of the parts that has no less independence than was declared.
 *   N2. Whatever a part states is in the result: as a bound of the whole with its law, or as unknown with the reason.
 *
 * @module
 */
import { byCodeUnit, type Guarantee } from "@canonic/contracts";
import { CaioError } from "../errors.ts";
import { boundIn, type Direction, guaranteeOf } from "./bounds.ts";
import type { Composed, ComposedGuarantee, Composition, UnknownGuarantee } from "./composition.ts";
import { composeFacts } from "./facts.ts";
import { boundOfAll, boundOfEither, type Outcome } from "./laws.ts";

/** One thing that some part speaks of. */
interface Topic {
  readonly property: string;
  readonly bound: Guarantee["bound"];
  readonly unit: string;
}

/**
 * The guarantees of a tree of sequences, parallels and fallbacks.
 *
 * @throws {CaioError} `caio.composition-invalid` for a node without parts.
 */
export function composeGuarantees(composition: Composition): Composed {
  if (composition.kind === "service") {
    const { guarantees, facts } = composition;
    const counting = guarantees.filter(({ basis }) => basis !== "assumed");
    return { guarantees: counting.map((guarantee) => ({ guarantee, rule: "stated" })), unknown: [], facts };
  }
  const { kind } = composition;
  const parts = composition.parts.map(composeGuarantees);
  if (parts.length === 0) throw new CaioError("caio.composition-invalid", `a ${kind} has no parts`, { kind });
  const facts = composeFacts(
    parts.map((part) => part.facts),
    composition.kind === "fallback" && composition.failedAttempts === "free" ? "worst" : "sum",
  );
  const stated = parts.map((part) => part.guarantees.map(({ guarantee }) => guarantee));
  const guarantees: ComposedGuarantee[] = [];
  const unknown: UnknownGuarantee[] = [];
  for (const topic of topicsOf(parts)) {
    const { property, bound, unit } = topic;
    if (bound === "relative_max" || bound === "min_multiple") {
      unknown.push({ ...topic, why: "relative", parts: [] });
      continue;
    }
    if (bound === "equality") {
      const same = sameOf(stated, topic);
      if (same !== null) guarantees.push({ guarantee: same, rule: "meet" });
      else unknown.push({ ...topic, why: kind === "fallback" ? "not-stated" : "no-rule", parts: [] });
      continue;
    }
    const outcome = outcomeOf(bound);
    if ("value" in outcome)
      guarantees.push({ guarantee: guaranteeOf(property, bound, unit, outcome.value, outcome.of), rule: outcome.rule });
    else unknown.push({ ...topic, ...outcome });

    function outcomeOf(direction: Direction): Outcome {
      const ask = (part: number, name: string) => boundIn(stated[part] ?? [], direction, name, unit);
      const about = { property, unit, direction };
      if (composition.kind === "fallback")
        return boundOfEither(about, composition.failedAttempts === "billed", parts.length, ask);
      if (composition.kind === "service") throw new Error("a service has no parts");
      return boundOfAll(composition.kind, about, composition.independent.includes(property), parts.length, ask);
    }
  }
  return { guarantees, unknown, facts };

  /** Whichever part answers gives this very value. */
  function sameOf(of: readonly (readonly Guarantee[])[], { property, unit }: Topic): Guarantee | null {
    if (kind !== "fallback") return null;
    const each = of.map((part) =>
      part.find((one) => one.property === property && one.unit === unit && one.bound === "equality"),
    );
    const [first] = each;
    if (first === undefined || each.some((one) => one?.value !== first.value)) return null;
    return { ...first, basis: each.every((one) => one?.basis === "measured") ? "measured" : "declared" };
  }
}

/** What any part states or has lost, each once. A number that is stated exactly is an upper and a lower bound, too. */
function topicsOf(parts: readonly Composed[]): readonly Topic[] {
  const topics = new Map<string, Topic>();
  for (const { guarantees, unknown } of parts) {
    for (const { guarantee } of guarantees) {
      const { property, bound, unit, value } = guarantee;
      const bounds: readonly Guarantee["bound"][] =
        bound === "equality" && typeof value === "number" ? ["equality", "max", "min"] : [bound];
      for (const one of bounds) add({ property, bound: one, unit });
    }
    for (const { property, bound, unit } of unknown) add({ property, bound, unit });
  }
  return [...topics.values()].sort(
    (a, b) => byCodeUnit(a.property, b.property) || byCodeUnit(a.bound, b.bound) || byCodeUnit(a.unit, b.unit),
  );

  function add(topic: Topic): void {
    topics.set(`${topic.property}/${topic.bound}/${topic.unit}`, topic);
  }
}
