import { describe, expect, test } from "vitest";
import {
  type Chunk,
  checkCoreContracts,
  checkProvenance,
  type Digest,
  digestBytes,
  digestJson,
  type JsonValue,
  type Output,
  type RunRecord,
} from "../src/index.ts";
import {
  onlyViolation,
  type Sound,
  satisfied,
  sound,
  verdictsOf,
  withPlan,
  withPolicy,
  withValue,
} from "./mutations.ts";

describe("provenance", () => {
  const [value] = sound.policy.values;
  const evidence = value?.evidence[0];

  test("an orphan output fails (V1)", () => {
    const [, , provenance] = checkCoreContracts(withValue(0, { task: "task_00000000000000000000" }));

    expect(provenance?.verdict.reasons.map(({ code }) => code)).toEqual(["orphan-output"]);
  });

  test("an output of another chunk or question fails (V1)", () => {
    expect(onlyViolation(withValue(3, { chunk: "PA02-DIM01" }))).toEqual(["provenance", ["chunk-mismatch"]]);
    expect(onlyViolation(withValue(3, { question: "Q001" }))).toEqual(["provenance", ["question-mismatch"]]);
  });

  test("an orphan span and a span over other bytes fail (V2)", () => {
    const elsewhere = { ...evidence, span: { start: 1000, end: 1009 } };
    const longer = { ...evidence, span: { start: 20, end: 30 } };
    const beyond = { ...evidence, span: { start: 20, end: 10_000_000 } };
    const empty = { ...evidence, span: { start: 20, end: 20 }, digest: digestBytes("") };

    expect(onlyViolation(withValue(0, { evidence: [elsewhere] }))).toEqual(["provenance", ["orphan-span"]]);
    expect(onlyViolation(withValue(0, { evidence: [longer] }))).toEqual(["provenance", ["span-digest"]]);
    expect(onlyViolation(withValue(0, { evidence: [beyond] }))).toEqual(["provenance", ["orphan-span"]]);
    expect(onlyViolation(withValue(0, { evidence: [empty] }))).toEqual(["provenance", ["span-digest"]]);
  });

  test("a passage that is not bytes of the document fails (V3)", () => {
    const text = Buffer.from(sound.policy.text);
    text.writeUInt8(0x21, 5);

    expect(onlyViolation(withPolicy({ text }))[1]).toContain("passage-digest");
  });

  test("a chunk that is not among the run's chunks fails", () => {
    const chunks = new Map<Digest, Chunk>([...sound.policy.chunks].slice(1));

    expect(onlyViolation(withPolicy({ chunks }))).toEqual(["provenance", ["chunk-missing"]]);
  });

  test("a task that is given another question, another chunk or none fails (V1)", () => {
    const withInputs = (position: number, inputs: object): Sound =>
      withPlan({
        tasks: sound.plan.tasks.map((task, at) =>
          at === position ? { ...task, inputs: { ...task.inputs, ...inputs } as typeof task.inputs } : task,
        ),
      });
    const other = sound.plan.tasks[8]?.inputs;

    expect(provenanceCodes(withInputs(3, { question: other?.["question"] }))).toContain("input-mismatch");
    expect(provenanceCodes(withInputs(3, { chunk: other?.["chunk"] }))).toEqual(["input-mismatch"]);
    expect(provenanceCodes(withInputs(3, { chunk: undefined }))).toEqual(["input-mismatch"]);
    expect(provenanceCodes(withInputs(3, { question: digestBytes("none") }))).toEqual(["question-missing"]);
    expect(provenanceCodes(withInputs(3, { "signal-financial-chain": other?.["signal-financial-chain"] }))).toEqual([
      "signal-mismatch",
    ]);
  });

  test("two questions that exchanged their numbers in binding, artifact and output fail (V1)", () => {
    const exchanged = withArtifact("question", 0, { id: "Q002" });
    const tasks = exchanged.plan.tasks.map((task, at) =>
      at === 0 && task.binding !== null ? { ...task, binding: { ...task.binding, question: "Q002" } } : task,
    ) as Sound["plan"]["tasks"];
    const values = exchanged.policy.values.map((value, at) => (at === 0 ? { ...value, question: "Q002" } : value));
    const policy = { ...exchanged.policy, values: values as Output[] };

    expect(provenanceCodes({ ...exchanged, plan: { ...exchanged.plan, tasks }, policy })).toEqual(["question-number"]);
  });

  test.each([
    ["slot", { slot: "DIM01-Q5" }, "question-number"],
    ["number", { q: 4 }, "question-number"],
    ["area", { area: "PA02" }, "question-cell"],
    ["language", { language: "es" }, "question-cell"],
    ["payload type", { payloadType: "test/other" }, "input-mismatch"],
  ])("a question of another %s than its task's fails (V1)", (_name, change, code) => {
    expect(provenanceCodes(withArtifact("question", 0, change))).toContain(code);
  });

  test("an output of another area, dimension or modality, or with other elements, fails (V5)", () => {
    for (const change of [{ area: "PA02" }, { dimension: "DIM02" }, { modality: "count" }])
      expect(onlyViolation(withValue(0, change))).toEqual(["provenance", ["question-mismatch"]]);
    const elements = [
      { id: "amount", met: true },
      { id: "invented", met: true },
    ];

    expect(onlyViolation(withValue(0, { elements }))).toEqual(["provenance", ["elements-mismatch"]]);
  });

  test("an answer of which nothing is met, and evidence for what is not met, fail (V2)", () => {
    const unmet = withValue(0, { elements: [{ id: "amount", met: false }] });
    const invented = withValue(0, { evidence: [{ ...evidence, elements: ["invented"] }] });

    expect(onlyViolation(unmet)).toEqual(["provenance", ["element-unmet", "nothing-met"]]);
    expect(onlyViolation(invented)).toEqual(["provenance", ["element-unmet"]]);
  });

  test("no evidence with its chunk's search passes; with another search, or an element met, it fails (V4)", () => {
    const chunk = [...sound.policy.chunks.values()][0] as Chunk;
    const silent = { status: "no_evidence", score: 0, evidence: [], elements: [{ id: "amount", met: false }] };
    const forged = { ...chunk.search, bestScore: 0 };

    expect(verdictsOf(withValue(0, { ...silent, search: chunk.search }))).toEqual(satisfied);
    expect(onlyViolation(withValue(0, { ...silent, search: forged }))).toEqual(["provenance", ["search-mismatch"]]);
    expect(onlyViolation(withValue(0, { ...silent, search: chunk.search, elements: value?.elements }))).toEqual([
      "provenance",
      ["met-without-evidence"],
    ]);
  });

  test("a passage that quotes other words than the document's fails (V3)", () => {
    expect(provenanceCodes(withChunk((chunk) => withPassage(chunk, { text: "The ministry spends nothing." })))).toEqual(
      ["passage-text"],
    );
  });

  test("a chunk that is empty although its search reached its threshold, or found although not, fails (V4)", () => {
    const emptied = withChunk((chunk) => {
      const { passages: _, ...cell } = chunk as Extract<Chunk, { kind: "found" }>;
      return { ...cell, kind: "empty" };
    });
    const unfound = withChunk((chunk) => ({ ...chunk, search: { ...chunk.search, candidates: 0 } }));
    const beneath = withChunk((chunk) => withPassage(chunk, { score: 0 }));

    expect(provenanceCodes(emptied)).toContain("search-mismatch");
    expect(provenanceCodes(unfound)).toEqual(["search-mismatch"]);
    expect(provenanceCodes(beneath)).toEqual(["search-mismatch"]);
  });

  test("an annotation outside of its chunk, over other bytes, or of a wider scope fails (V3)", () => {
    const annotation = { pattern: "money", digest: digestBytes("x"), attributes: {} };
    const far = { ...annotation, span: { start: 900_000_000, end: 900_000_009 } };
    const near = { ...annotation, span: { start: 20, end: 29 } };
    const name = "signal-financial-chain";

    expect(provenanceCodes(withArtifact(name, 0, { annotations: [far] }))).toEqual(["annotation-outside"]);
    expect(provenanceCodes(withArtifact(name, 0, { annotations: [near] }))).toEqual(["annotation-digest"]);
    expect(provenanceCodes(withArtifact(name, 0, { scope: { passages: 9, bytes: 9 } }))).toEqual(["signal-scope"]);
    expect(provenanceCodes(withArtifact(name, 0, { chunk: "PA10-DIM06" }))).toEqual(["signal-mismatch"]);
  });
});

function provenanceCodes(record: RunRecord): string[] {
  const { verdict } = checkProvenance(record);
  return [...new Set(verdict.reasons.map(({ code }) => code))].sort();
}

/** The sound run with an input of one task changed, under its new digest. */
function withArtifact(input: string, position: number, change: object): Sound {
  const old = sound.plan.tasks[position]?.inputs[input] as Digest;
  const value = { ...(sound.policy.artifacts.get(old) as object), ...change } as JsonValue;
  const digest = digestJson(value);
  const tasks = sound.plan.tasks.map((task, at) =>
    at === position ? { ...task, inputs: { ...task.inputs, [input]: digest } } : task,
  );
  const artifacts = new Map([...sound.policy.artifacts, [digest, value]]);
  return { ...sound, plan: { ...sound.plan, tasks }, policy: { ...sound.policy, artifacts } };
}

/** The sound run with its first chunk changed under the digest that it had. */
function withChunk(change: (chunk: Chunk) => Chunk): Sound {
  const [first, ...rest] = sound.policy.chunks;
  const [digest, chunk] = first as [Digest, Chunk];
  return withPolicy({ chunks: new Map([[digest, change(chunk)], ...rest]) });
}

function withPassage(chunk: Chunk, change: object): Chunk {
  const passages = chunk.kind === "found" ? chunk.passages.map((passage) => ({ ...passage, ...change })) : [];
  return { ...chunk, kind: "found", passages } as Chunk;
}
