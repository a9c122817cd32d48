/**
 * Reads an evidence graph from outside, and puts its nodes in an order that its edges allow.
 *
 * Invariants:
 *   K1. In the order, every node stands behind all that it rests on; of those that may come next, the least id comes first.
 *   K2. A graph that was read has ids that follow from kind and content, known ends, its one spelling, and no cycle.
 *
 * @see Kahn, Topological sorting of large networks, CACM 5(11), 1962.
 * @module
 */
import { byCodeUnit, type Digest, EvidenceGraph, evidenceNodeId } from "@canonic/contracts";
import { AuditError } from "../errors.ts";

/**
 * Reads a graph strictly.
 *
 * @throws {AuditError} `audit.graph-invalid`, `audit.graph-cycle`.
 */
export function parseEvidenceGraph(value: unknown): EvidenceGraph {
  const parsed = EvidenceGraph.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`\`/${issue?.path.join("/") ?? ""}\`: ${issue?.message ?? "not of the schema"}`);
  }
  const graph = parsed.data;
  graph.nodes.forEach((node, index) => {
    if (node.id !== evidenceNodeId(node.kind, node.content))
      throw invalid(`\`/nodes/${index}/id\` is not that of its kind and content`);
  });
  checkSorted(
    graph.nodes.map(({ id }) => id),
    "nodes",
  );
  checkSorted(
    graph.edges.map(({ from, to, type }) => `${from} ${to} ${type}`),
    "edges",
  );
  orderNodes(graph);
  return graph;
}

/**
 * The ids of a graph's nodes, first to last.
 *
 * @throws {AuditError} `audit.graph-invalid` when an edge ends at no node, `audit.graph-cycle` when there is no order;
 *   `blocked` are the nodes that could not be placed, at most 20 of them.
 */
export function orderNodes({ nodes, edges }: Pick<EvidenceGraph, "nodes" | "edges">): readonly Digest[] {
  const waitsFor = new Map<Digest, number>(nodes.map(({ id }) => [id, 0]));
  const leadsTo = new Map<Digest, Digest[]>();
  edges.forEach(({ from, to }, index) => {
    const waiting = waitsFor.get(to);
    if (waiting === undefined || !waitsFor.has(from)) throw invalid(`\`/edges/${index}\` ends at no node`);
    waitsFor.set(to, waiting + 1);
    const known = leadsTo.get(from);
    if (known === undefined) leadsTo.set(from, [to]);
    else known.push(to);
  });
  const order: Digest[] = [];
  const ready = new ReadyIds([...waitsFor].flatMap(([id, count]) => (count === 0 ? [id] : [])));
  for (let id = ready.take(); id !== undefined; id = ready.take()) {
    order.push(id);
    for (const next of leadsTo.get(id) ?? []) {
      const left = (waitsFor.get(next) ?? 0) - 1;
      waitsFor.set(next, left);
      if (left === 0) ready.add(next);
    }
  }
  if (order.length === waitsFor.size) return order;
  const placed = new Set(order);
  const blocked = [...waitsFor.keys()].filter((id) => !placed.has(id)).sort(byCodeUnit);
  throw new AuditError("audit.graph-cycle", `${blocked.length} nodes of the graph wait for each other`, {
    blocked: blocked.slice(0, 20),
  });
}

/** A binary heap: the least id leaves first. */
class ReadyIds {
  readonly #heap: Digest[] = [];

  constructor(ids: readonly Digest[]) {
    for (const id of ids) this.add(id);
  }

  add(id: Digest): void {
    const heap = this.#heap;
    let at = heap.push(id) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as Digest) <= id) break;
      heap[at] = heap[parent] as Digest;
      at = parent;
    }
    heap[at] = id;
  }

  take(): Digest | undefined {
    const heap = this.#heap;
    const least = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return least;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      const right = heap[child + 1];
      if (right !== undefined && right < (heap[child] as Digest)) child += 1;
      if (last <= (heap[child] as Digest)) break;
      heap[at] = heap[child] as Digest;
      at = child;
    }
    heap[at] = last;
    return least;
  }
}

function checkSorted(keys: readonly string[], what: string): void {
  keys.forEach((key, index) => {
    if (index > 0 && (keys[index - 1] as string) >= key)
      throw invalid(`\`/${what}/${index}\` is out of order or stands twice`);
  });
}

function invalid(fault: string): AuditError<"audit.graph-invalid"> {
  return new AuditError("audit.graph-invalid", `the evidence graph is not valid: ${fault}`, { fault });
}
