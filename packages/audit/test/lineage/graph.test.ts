import {
  type Digest,
  digestBytes,
  EvidenceEdgeType,
  type EvidenceGraph,
  EvidenceNodeKind,
  evidenceNodeId,
} from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EvidenceGraphBuilder, orderNodes, parseEvidenceGraph } from "../../src/index.ts";

const content = (index: number): Digest => digestBytes(`content ${index}`);
const id = (index: number): Digest => evidenceNodeId("artifact", content(index));
const code = (name: string) => expect.objectContaining({ name: "AuditError", code: name });

/** Any graph over some nodes, with cycles and all. */
const anyEdges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 14 });

function graphOf(edges: readonly (readonly [number, number])[]): EvidenceGraph {
  const nodes = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => ({
    id: id(index),
    kind: "artifact" as const,
    content: content(index),
    label: `${index}`,
  }));
  const keys = new Map(
    edges.map(([from, to]) => [`${id(from)} ${id(to)}`, { type: "derives" as const, from: id(from), to: id(to) }]),
  );
  return {
    schema: "canonic/evidence-graph/v1",
    nodes: nodes.sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges: [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge),
  };
}

/** Whether from any node a walk leads back to it: the definition, tried out. */
function hasCycle(edges: readonly (readonly [number, number])[]): boolean {
  const reach = (from: number, seen: Set<number>): Set<number> => {
    for (const [a, b] of edges)
      if (a === from && !seen.has(b)) {
        seen.add(b);
        reach(b, seen);
      }
    return seen;
  };
  return [0, 1, 2, 3, 4, 5, 6, 7].some((node) => reach(node, new Set()).has(node));
}

/** The order by its definition: again and again the least id of which all that it rests on is placed. */
function naiveOrder({ nodes, edges }: EvidenceGraph): readonly Digest[] {
  const left = new Set(nodes.map((node) => node.id));
  const order: Digest[] = [];
  while (left.size > 0) {
    const [next] = [...left].filter((node) => !edges.some(({ from, to }) => to === node && left.has(from))).sort();
    if (next === undefined) throw new Error("there is a cycle");
    left.delete(next);
    order.push(next);
  }
  return order;
}

describe("an evidence graph", () => {
  test("is put in the order that the naive definition gives, and refused exactly when a walk leads back (K1)", () => {
    const seen = { cyclic: 0, acyclic: 0 };
    fc.assert(
      fc.property(anyEdges, (edges) => {
        const graph = graphOf(edges);
        if (hasCycle(edges)) {
          seen.cyclic += 1;
          expect(() => orderNodes(graph)).toThrow(code("audit.graph-cycle"));
        } else {
          seen.acyclic += 1;
          expect(orderNodes(graph)).toEqual(naiveOrder(graph));
          expect(parseEvidenceGraph(graph)).toEqual(graph);
        }
      }),
      { numRuns: 400 },
    );
    expect(seen.cyclic).toBeGreaterThan(40);
    expect(seen.acyclic).toBeGreaterThan(40);
  });

  test("names the nodes that wait for each other", () => {
    const error = thrownBy(() =>
      orderNodes(
        graphOf([
          [0, 1],
          [1, 2],
          [2, 1],
          [2, 3],
        ]),
      ),
    );

    expect(error).toMatchObject({
      code: "audit.graph-cycle",
      details: { blocked: [id(1), id(2), id(3)].sort() },
    });
  });

  test("is acyclic however it was put together (G1)", () => {
    const types = fc.constantFrom(...EvidenceEdgeType.options);
    let built = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(types, fc.nat(7), fc.nat(7)), { maxLength: 20 }), (wanted) => {
        const builder = new EvidenceGraphBuilder();
        for (let index = 0; index < 8; index += 1) builder.node("artifact", content(index), `${index}`);
        for (const [type, from, to] of wanted) {
          try {
            builder.connect(type, id(from), id(to));
            built += 1;
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^audit\.graph-(cycle|invalid)$/) });
          }
        }
        const graph = builder.build();
        expect(orderNodes(graph)).toHaveLength(8);
        expect(parseEvidenceGraph(graph)).toEqual(graph);
      }),
    );
    expect(built).toBeGreaterThan(100);
  });

  test("takes every type of edge and every kind of node, each once (G2)", () => {
    const builder = new EvidenceGraphBuilder();
    const nodes = EvidenceNodeKind.options.map((kind) => builder.node(kind, content(1), kind));
    const [first, second] = nodes as [Digest, Digest];
    for (const type of EvidenceEdgeType.options) {
      builder.connect(type, first, second);
      builder.connect(type, first, second);
    }
    builder.node("approval", content(1), "another label");
    const graph = builder.build();

    expect(EvidenceEdgeType.options).toHaveLength(8);
    expect(graph.edges.map(({ type }) => type).sort()).toEqual([...EvidenceEdgeType.options].sort());
    expect(new Set(graph.nodes.map((node) => node.id)).size).toBe(EvidenceNodeKind.options.length);
    expect(graph.nodes.find((node) => node.id === first)?.label).toBe("approval");
  });

  test("turns a symmetric edge to what stood first, and refuses a directed one that leads back (G1)", () => {
    const builder = new EvidenceGraphBuilder();
    const first = builder.node("output", content(1), "one");
    const second = builder.node("output", content(2), "two");
    builder.connect("contradicts", second, first);
    builder.connect("correlates", second, first);

    expect(builder.build().edges).toEqual([
      { type: "contradicts", from: first, to: second },
      { type: "correlates", from: first, to: second },
    ]);
    for (const type of EvidenceEdgeType.options.filter((one) => one !== "contradicts" && one !== "correlates"))
      expect(() => builder.connect(type, second, first)).toThrow(code("audit.graph-cycle"));
  });

  test("refuses unknown ends, kinds and types, and a node that would rest on itself", () => {
    const builder = new EvidenceGraphBuilder();
    const node = builder.node("output", content(1), "one");

    expect(() => builder.connect("derives", node, content(9))).toThrow(code("audit.graph-invalid"));
    expect(() => builder.connect("derives", content(9), node)).toThrow(code("audit.graph-invalid"));
    expect(() => builder.connect("contradicts", node, node)).toThrow(code("audit.graph-invalid"));
    expect(() => builder.connect("proves" as EvidenceEdgeType, node, node)).toThrow(code("audit.graph-invalid"));
    expect(() => builder.node("thought" as EvidenceNodeKind, content(1), "")).toThrow(code("audit.graph-invalid"));
  });

  test("gives a node an id of its kind and content alone", () => {
    const builder = new EvidenceGraphBuilder();

    expect(builder.node("output", content(1), "one")).toBe(evidenceNodeId("output", content(1)));
    expect(builder.node("output", content(1), "two")).toBe(evidenceNodeId("output", content(1)));
    expect(builder.node("task", content(1), "one")).not.toBe(evidenceNodeId("output", content(1)));
  });
});

describe("a graph from outside is refused (K2)", () => {
  const good = graphOf([
    [0, 1],
    [1, 2],
  ]);
  const [node, next] = good.nodes as [EvidenceGraph["nodes"][number], EvidenceGraph["nodes"][number]];
  const [edge] = good.edges as [EvidenceGraph["edges"][number]];
  const mutations: Record<string, unknown> = {
    "with no value": null,
    "with another schema": { ...good, schema: "canonic/evidence-graph/v2" },
    "with an unknown field": { ...good, clock: 1 },
    "with an id of other content": { ...good, nodes: [{ ...node, content: content(99) }, ...good.nodes.slice(1)] },
    "with an id of another kind": { ...good, nodes: [{ ...node, kind: "output" }, ...good.nodes.slice(1)] },
    "with nodes out of order": { ...good, nodes: [next, node, ...good.nodes.slice(2)] },
    "with a node twice": { ...good, nodes: [node, node, ...good.nodes.slice(1)] },
    "with edges out of order": { ...good, edges: [...good.edges].reverse() },
    "with an edge twice": { ...good, edges: [edge, ...good.edges] },
    "with an edge to nowhere": { ...good, edges: [{ ...edge, to: `sha256:${"f".repeat(64)}` }] },
    "with an edge of no type": { ...good, edges: [{ ...edge, type: "proves" }] },
  };

  test("and is taken as it is", () => {
    expect(parseEvidenceGraph(good)).toEqual(good);
  });

  test.each(Object.entries(mutations))("%s", (_, value) => {
    expect(() => parseEvidenceGraph(value)).toThrow(code("audit.graph-invalid"));
  });

  test("with a cycle", () => {
    expect(() =>
      parseEvidenceGraph(
        graphOf([
          [0, 1],
          [1, 0],
        ]),
      ),
    ).toThrow(code("audit.graph-cycle"));
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
