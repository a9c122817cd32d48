/**
 * What a schema may cost, seen from the schema alone.
 *
 * Invariants:
 *   B1. No schema looks at the same value again by way of references: that would never end.
 *   B2. At most {@link EVALUATIONS_MAX} schemas look at one value because one schema does.
 *   B3. A schema that leads back to itself through a part of its value does so once for each part; twice for one part would
 *       double with each level, which is exponential in the depth of the value.
 *
 * Alternatives count as if all were tried: ajv tries the next only when one failed, and it fails last.
 *
 * @module
 */
import { refuseAt } from "./refuse-at.ts";
import type { PartEdge, SchemaNode } from "./schema-graph.ts";

export const EVALUATIONS_MAX = 10_000;
/** Steps of this analysis itself. */
const ANALYSIS_MAX = 2_000_000;

/** @throws {ContractsError} `contracts.bad-schema` with the pointer of the first schema for which a bound does not hold. */
export function refuseUnbounded(nodes: readonly SchemaNode[]): void {
  boundEvaluations(nodes);
  const component = componentsOf(nodes);
  const size = new Map<number, number>();
  for (const one of component) size.set(one, (size.get(one) ?? 0) + 1);
  let left = ANALYSIS_MAX;
  for (const [at, node] of nodes.entries()) {
    const own = component[at] as number;
    const isCyclic = (size.get(own) ?? 0) > 1 || node.parts.some(({ to }) => to === at);
    if (!isCyclic) continue;
    const entries = new Entries();
    const waiting = [at];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { here, parts } = nodes[next] as SchemaNode;
      left -= 1 + here.length + parts.length;
      if (left < 0) refuseAt(node.pointer, "leads back to itself in more ways than are followed");
      waiting.push(...here);
      entries.add(parts, ({ to }) => component[to] === own);
    }
    if (entries.most() > 1)
      refuseAt(
        node.pointer,
        "leads back to itself more than once through one part of its value, which doubles per level",
      );
  }
}

/** B1 and B2. Counts ways, not schemas: what two references lead to is looked at twice. */
function boundEvaluations(nodes: readonly SchemaNode[]): void {
  const order = finishingOrder(nodes.map(({ here }) => here));
  const evaluations = new Map<number, number>();
  for (const at of order) {
    const { here, pointer } = nodes[at] as SchemaNode;
    let sum = 1;
    for (const to of here) sum += evaluations.get(to) ?? refuseAt(pointer, "refers to itself for the same value");
    if (sum > EVALUATIONS_MAX) refuseAt(pointer, `has more than ${EVALUATIONS_MAX} schemas look at one value`);
    evaluations.set(at, sum);
  }
}

/** How often each part of a value is entered, by the edges of all schemas that look at the value. */
class Entries {
  /** A property that no schema names, and an item behind all that have their own schema. */
  #otherProperty = 0;
  #otherItem = 0;
  /** What the named ones have more or less than those. */
  readonly #property = new Map<string, number>();
  readonly #item = new Map<string, number>();

  add(parts: readonly PartEdge[], counts: (edge: PartEdge) => boolean): void {
    const number = (by: PartEdge["by"]) => parts.filter((edge) => edge.by === by && counts(edge)).length;
    const patterns = number("pattern");
    // A property that a pattern matches is not an additional one.
    const other = Math.max(patterns, number("additional"));
    const items = number("items");
    this.#otherProperty += other;
    this.#otherItem += items + number("contains");
    for (const edge of parts) {
      const own = counts(edge) ? 1 : 0;
      if (edge.by === "property") more(this.#property, edge.name, own + patterns - other);
      if (edge.by === "prefix") more(this.#item, edge.name, own - items);
    }
  }

  most(): number {
    return Math.max(
      this.#otherProperty,
      this.#otherItem,
      ...[...this.#property.values()].map((extra) => extra + this.#otherProperty),
      ...[...this.#item.values()].map((extra) => extra + this.#otherItem),
    );
  }
}

function more(counts: Map<string, number>, name: string, by: number): void {
  if (by !== 0) counts.set(name, (counts.get(name) ?? 0) + by);
}

/** The strongly connected component of each node. Kosaraju, by Sharir, Computers and Mathematics 7(1), 1981. */
function componentsOf(nodes: readonly SchemaNode[]): readonly number[] {
  const forward = nodes.map(({ here, parts }) => [...here, ...parts.map(({ to }) => to)]);
  const backward: number[][] = nodes.map(() => []);
  for (const [from, targets] of forward.entries()) for (const to of targets) backward[to]?.push(from);
  const component: number[] = nodes.map(() => -1);
  for (const root of [...finishingOrder(forward)].reverse()) {
    const waiting = [root];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (component[at] !== -1) continue;
      component[at] = root;
      waiting.push(...(backward[at] as number[]));
    }
  }
  return component;
}

/** Each node behind all that it leads to, but for cycles. Without recursion: a chain may be as long as the document. */
function finishingOrder(edges: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  const next = edges.map(() => -1);
  for (const root of edges.keys()) {
    if (next[root] !== -1) continue;
    const path = [root];
    next[root] = 0;
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const to = edges[at]?.[next[at] as number];
      if (to === undefined) {
        order.push(at);
        path.pop();
        continue;
      }
      next[at] = (next[at] as number) + 1;
      if (next[to] === -1) {
        next[to] = 0;
        path.push(to);
      }
    }
  }
  return order;
}
