/**
 * The two-pass proof: a plan is built twice, the second time from permuted input, and must have the same digest.
 *
 * Invariants:
 *   P1. The permutation is a function of the seed, and no list of two or more items keeps its order.
 *   P2. Object keys are turned around too: insertion order is an input like any other.
 *   P3. Nothing permuted is nothing proved, and is refused.
 *   P4. A difference is DeterminismViolation that names the first place where the plans differ.
 *
 * @module
 */
import {
  byCodeUnit,
  CoreContractViolation,
  canonicalJson,
  type Digest,
  digestBytes,
  type JsonValue,
  pointerStep,
} from "@canonic/contracts";
import { PlannerError } from "./errors.ts";
import type { FrozenPlan } from "./freeze.ts";

/** Gives a list of JSON values as the pass wants it; a build sends every list through it whose order means nothing. */
export type Arrange = <Item>(items: readonly Item[]) => readonly Item[];

/** What was compared: a JSON value, evidence for the determinism of planning. */
export type TwoPassProof = {
  readonly passes: 2;
  readonly seed: number;
  readonly lists: number;
  readonly items: number;
  readonly planDigest: Digest;
};

/**
 * Builds twice and compares.
 *
 * @param seed - Chooses the permutation; safe integer >= 0.
 * @returns The first pass's plan, with the proof.
 * @throws {CoreContractViolation} DeterminismViolation; {@link PlannerError} `planner.nothing-permuted`.
 */
export function provePlan<Built extends FrozenPlan>(
  build: (arrange: Arrange) => Built,
  seed = 1,
): Built & { readonly proof: TwoPassProof } {
  const first = build((items) => items);
  const permuted = { lists: 0, items: 0 };
  const second = build((items) => {
    if (items.length > 1) {
      permuted.lists += 1;
      permuted.items += items.length;
    }
    return permute(items, seed + permuted.lists);
  });
  if (permuted.lists === 0) {
    throw new PlannerError(
      "planner.nothing-permuted",
      "the build sent no list of two or more items to be permuted",
      {},
    );
  }
  if (first.planDigest !== second.planDigest) {
    const { place, position } = planDifference(first, second);
    const where = position === null ? `\`${place}\`` : `task ${position}, \`${place}\``;
    const message = `the plan depends on the order of its input: the two passes differ first at ${where}`;
    throw new CoreContractViolation("determinism", [{ code: "plan-differs", place, message }]);
  }
  return { ...first, proof: { passes: 2, seed, ...permuted, planDigest: first.planDigest } };
}

/** A seeded permutation in which not all items keep their places; keys of objects are turned around in depth. */
export function permute<Item>(items: readonly Item[], seed: number): Item[] {
  const ranks = items.map((_, index) => ({ index, rank: digestBytes(`${seed}:${index}`) }));
  ranks.sort((a, b) => byCodeUnit(a.rank, b.rank));
  const order = ranks.map(({ index }) => index);
  if (order.every((from, to) => from === to)) order.push(...order.splice(0, 1));
  return order.map((index) => turnKeys(items[index]) as Item);
}

function turnKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(turnKeys);
  const entries = Object.entries(value).map(([key, child]) => [key, turnKeys(child)] as const);
  return Object.fromEntries(entries.reverse());
}

/** The first difference: tasks by position, then the rest of the plan. */
function planDifference(first: FrozenPlan, second: FrozenPlan): { place: string; position: number | null } {
  const [a, b] = [first.plan, second.plan];
  const shared = Math.min(a.tasks.length, b.tasks.length);
  for (let position = 0; position < shared; position += 1) {
    const pointer = difference(withoutId(a.tasks[position]), withoutId(b.tasks[position]));
    if (pointer !== undefined) return { place: `/tasks/${position}${pointer}`, position };
  }
  const pointer = difference(a as unknown as JsonValue, b as unknown as JsonValue);
  return { place: pointer ?? "", position: null };
}

/** The id differs whenever anything differs: it says nothing about where. */
function withoutId(task: FrozenPlan["plan"]["tasks"][number] | undefined): JsonValue {
  if (task === undefined) throw new Error("assertion: the position is shared by both plans");
  const { id: _, ...rest } = task;
  return rest as unknown as JsonValue;
}

function difference(a: JsonValue | undefined, b: JsonValue | undefined): string | undefined {
  if (a === undefined || b === undefined) return a === b ? undefined : "";
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b ? undefined : "";
  if (canonicalJson(a) === canonicalJson(b)) return undefined;
  const [left, right] = [a as Record<string, JsonValue>, b as Record<string, JsonValue>];
  const keys = Array.isArray(a) ? [...a.keys()].map(String) : Object.keys(a).sort(byCodeUnit);
  for (const key of keys) {
    const below = difference(left[key], right[key]);
    if (below !== undefined) return `/${pointerStep(key)}${below}`;
  }
  return "";
}
