import type { EvidenceEdgeType, EvidenceNodeKind } from "@canonic/contracts";
import { canonicalJson } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { type LineageRecord, orderNodes, parseEvidenceGraph, readEvidence } from "../../src/index.ts";
import { annotationOf, type Bent, eventOf, evidenceOf, policyRecord, SENTENCE } from "./policy-record.ts";

const found = (bent: Bent["cells"]) => readEvidence(policyRecord(bent === undefined ? {} : { cells: bent }));
const codes = (list: readonly { readonly code: string; readonly place: string }[]) =>
  list.map(({ code, place }) => `${code} ${place}`);

/** Edges by the kinds that they connect, counted. */
function shapeOf(record: LineageRecord): Record<string, number> {
  const { graph } = readEvidence(record);
  const kinds = new Map(graph.nodes.map(({ id, kind }) => [id, kind]));
  const shape: Record<string, number> = {};
  for (const { from, to, type } of graph.edges) {
    const key = `${kinds.get(from)} ${type} ${kinds.get(to)}`;
    shape[key] = (shape[key] ?? 0) + 1;
  }
  return shape;
}

describe("the graph of a policy run", () => {
  test("leads from the document to the seal", () => {
    expect(shapeOf(policyRecord())).toEqual({
      "document derives passage": 1,
      "passage derives chunk": 2,
      "passage derives span": 2,
      "chunk derives signal": 2,
      "span supports signal": 2,
      "chunk derives task": 2,
      "question derives task": 2,
      "signal derives task": 2,
      "task derives output": 2,
      "chunk cites output": 2,
      "signal cites output": 2,
      "span supports output": 2,
      "output aggregates seal": 2,
    });
  });

  test("is in its one spelling, and has an order", () => {
    const { graph } = readEvidence(policyRecord());

    expect(parseEvidenceGraph(graph)).toEqual(graph);
    expect(orderNodes(graph)).toHaveLength(graph.nodes.length);
  });

  test("is the same at another time and under another run number: no clock is in an id", () => {
    const graph = canonicalJson(readEvidence(policyRecord()).graph);
    const later = canonicalJson(readEvidence(policyRecord({ at: "2027-12-01T00:00:00.000Z", number: 7 })).graph);
    const other = canonicalJson(
      readEvidence(policyRecord({ cells: ([cell]) => void Object.assign(cell, { amountLabel: "a sum" }) })).graph,
    );

    expect(later).toBe(graph);
    expect(other).not.toBe(graph);
  });

  test("has an empty chunk rest on the document itself", () => {
    const shape = shapeOf(
      policyRecord({
        cells: ([cell]) => void Object.assign(cell, { chunkKind: "empty", evidence: [], annotations: [] }),
      }),
    );

    expect(shape).toMatchObject({ "document derives chunk": 1, "passage derives chunk": 1 });
  });

  test("has no seal before there is one, and each certificate behind it", () => {
    const kindsOf = (record: LineageRecord): EvidenceNodeKind[] =>
      readEvidence(record).graph.nodes.map(({ kind }) => kind);
    const sealed = policyRecord();
    const seal = sealed.plan.request;
    const certified = {
      ...sealed,
      certificates: ["CERT-01", "CERT-02"].map((id) => ({ id, status: "ACTIVE", digest: seal, evidence: [seal] })),
    };

    expect(kindsOf(policyRecord({ sealed: false }))).not.toContain("seal");
    expect(shapeOf(certified)).toMatchObject({ "seal derives certificate": 2 });
  });

  test("says what a run cannot say of nobody's behalf: no causes, no correlates", () => {
    const types = new Set<EvidenceEdgeType>(readEvidence(policyRecord()).graph.edges.map(({ type }) => type));

    expect([...types].sort()).toEqual(["aggregates", "cites", "derives", "supports"]);
  });

  test("goes without what was removed: the node stays, by digest", () => {
    const record = policyRecord();
    const { inputs } = record.plan.tasks[0] as (typeof record.plan.tasks)[number];
    const removed = new Map(record.artifacts as ReadonlyMap<never, never>);
    removed.delete(inputs["chunk"] as never);
    const { graph } = readEvidence({ ...record, artifacts: removed });

    expect(graph.nodes.filter(({ kind, content }) => kind === "artifact" && content === inputs["chunk"])).toHaveLength(
      1,
    );
    expect(orderNodes(graph)).toHaveLength(graph.nodes.length);
  });
});

describe("the graph of a bound run", () => {
  /** Two tasks in two groups, a gate between them; the second is given what the first gave. */
  function boundRecord(): LineageRecord {
    const record = policyRecord();
    const [first, second] = record.plan.tasks as [
      LineageRecord["plan"]["tasks"][number],
      LineageRecord["plan"]["tasks"][number],
    ];
    const gate = { name: "SG_1", before: 1, reviewDecision: false };
    const tasks = [first, { ...second, bindings: { before: { task: 0, pointer: "/score" } } }];
    const plan = { ...record.plan, tasks, groups: [[0], [1]], gates: [gate] };
    const approval = { gate: "SG_1", signer: "ann", approval: record.plan.request, pins: record.plan.registry };
    for (const decision of ["reject", "approve"])
      record.facts.next(eventOf("APPROVAL_RECORDED", "SG_1", "2026-01-31T12:00:00.000Z", { ...approval, decision }));
    return { ...record, plan: plan as LineageRecord["plan"] };
  }

  test("has the approval precede what stands behind its gate, and an output derive the task that it was bound to", () => {
    const shape = shapeOf(boundRecord());

    expect(shape).toMatchObject({ "approval precedes task": 1, "output derives task": 1 });
    expect(shapeOf(policyRecord())).not.toHaveProperty("output derives task");
  });
});

describe("contradictions", () => {
  test("are none where both say the same of the same bytes", () => {
    expect(found(undefined).contradictions).toEqual([]);
  });

  test("outputs-opposed: one takes bytes as support of what the other, citing them, says is not met", () => {
    const { contradictions, graph } = found(([, second]) => {
      second.amountMet = false;
      second.evidence = [evidenceOf("PA02", SENTENCE, ["period"])];
    });

    expect(codes(contradictions)).toEqual(["outputs-opposed Q001, Q031, bytes 0..36"]);
    expect(contradictions[0]?.message).toContain("`amount`");
    const edges = graph.edges.filter(({ type }) => type === "contradicts");
    const kinds = edges.flatMap(({ from, to }) => graph.nodes.filter(({ id }) => id === from || id === to));
    expect(kinds.map(({ kind, label }) => `${kind} ${label}`).sort()).toEqual(["output Q001", "output Q031"]);
  });

  test.each<[string, NonNullable<Bent["cells"]>]>([
    [
      "other bytes",
      ([, second]) => {
        second.amountMet = false;
        second.evidence = [evidenceOf("PA02", { start: 0, end: 35 }, ["period"])];
      },
    ],
    [
      "an element that is defined in other words",
      ([, second]) => {
        second.amountMet = false;
        second.amountLabel = "an amount of money";
        second.evidence = [evidenceOf("PA02", SENTENCE, ["period"])];
      },
    ],
    [
      "a second output that does not cite them",
      ([, second]) => {
        second.amountMet = false;
        second.periodMet = false;
        second.evidence = [];
      },
    ],
    [
      "support of another element only",
      ([first, second]) => {
        first.evidence = [evidenceOf("PA01", SENTENCE, ["period"])];
        second.amountMet = false;
        second.evidence = [evidenceOf("PA02", SENTENCE, ["period"])];
      },
    ],
  ])("outputs-opposed is not found with %s", (_, bend) => {
    expect(found(bend).contradictions).toEqual([]);
  });

  test("signals-incompatible: two signals of a kind read the same bytes differently by the same pattern", () => {
    const { contradictions, graph } = found(([, second]) => {
      second.annotations = [annotationOf({ start: 19, end: 28 }, { unit: "million", value: "5" })];
    });

    expect(codes(contradictions)).toEqual([
      "signals-incompatible PA01-DIM01/financial-chain, PA02-DIM01/financial-chain, bytes 19..28",
    ]);
    expect(contradictions[0]?.message).toContain("`value`");
    expect(graph.edges.filter(({ type }) => type === "contradicts")).toHaveLength(1);
  });

  test.each<[string, NonNullable<Bent["cells"]>]>([
    [
      "other bytes",
      ([, second]) => {
        second.annotations = [annotationOf({ start: 19, end: 20 }, { value: "5" })];
      },
    ],
    [
      "another pattern",
      ([, second]) => {
        second.annotations = [{ ...annotationOf({ start: 19, end: 28 }, { value: "5" }), pattern: "budget" }];
      },
    ],
    [
      "an attribute that only one gives",
      ([, second]) => {
        second.annotations = [annotationOf({ start: 19, end: 28 }, { per: "year" })];
      },
    ],
    [
      "a value in common",
      ([, second]) => {
        second.annotations = [
          annotationOf({ start: 19, end: 28 }, { value: "5" }),
          annotationOf({ start: 19, end: 28 }, { value: "4" }),
        ];
      },
    ],
  ])("signals-incompatible is not found with %s", (_, bend) => {
    expect(found(bend).contradictions).toEqual([]);
  });
});

describe("gaps", () => {
  test("are none where everything was answered, cited and read", () => {
    expect(found(undefined).gaps).toEqual([]);
  });

  test.each<[string, NonNullable<Bent["cells"]>, readonly string[]]>([
    [
      "no-evidence and a chunk that nobody cites",
      ([first]) => {
        Object.assign(first, { evidence: [], amountMet: false, periodMet: false });
      },
      ["no-evidence Q001", "chunk-uncited PA01-DIM01"],
    ],
    [
      "no-evidence alone where the chunk is empty",
      ([first]) => {
        Object.assign(first, { chunkKind: "empty", evidence: [], annotations: [] });
      },
      ["no-evidence Q001"],
    ],
    [
      "a task without output, and what only it was given",
      ([first]) => {
        first.completes = false;
      },
      ["task-without-output Q001", "chunk-uncited PA01-DIM01", "signal-unread PA01-DIM01/financial-chain"],
    ],
    [
      "a signal that no output read",
      ([, second]) => {
        second.reads = false;
      },
      ["signal-unread PA02-DIM01/financial-chain"],
    ],
    [
      "only the missing outputs, where there is none at all (G1)",
      (cells) => {
        for (const cell of cells) cell.completes = false;
      },
      ["task-without-output Q001", "task-without-output Q031"],
    ],
  ])("%s", (_, bend, expected) => {
    expect(codes(found(bend).gaps)).toEqual(expected);
  });
});
