import {
  checkCardinality,
  type Digest,
  digestBytes,
  digestJson,
  isPlannedCovered,
  type JsonValue,
  type Signal,
} from "@canonic/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { CHUNK_IDS, freezePlan, planPolicy, planTasks, QUESTION_IDS, type SignalBinding } from "../src/index.ts";
import { bindings, chunks, mutate, questions, request, signals } from "./policy-support.ts";
import { echo, faultsOf } from "./support.ts";

/** The record of two passes, and the resource plan. */
const EVIDENCE = 2;

afterEach(() => {
  vi.unstubAllGlobals();
});

test("makes 300 tasks in question order, one group, five to a chunk", () => {
  const { plan, artifacts } = planPolicy(request);

  expect(plan.tasks.map(({ binding }) => binding?.question)).toEqual(QUESTION_IDS);
  expect(plan.groups).toEqual([QUESTION_IDS.map((_, position) => position)]);
  expect(new Set(plan.tasks.map(({ id }) => id)).size).toBe(300);
  for (const id of CHUNK_IDS) expect(plan.tasks.filter(({ binding }) => binding?.chunk === id)).toHaveLength(5);
  expect(artifacts.size).toBe(300 + 60 + 60 + EVIDENCE);
  expect(plan.tasks[4]).toMatchObject({ payloadType: "question/money", operation: "policy.answer-money" });
});

test("gives each task its question, its chunk and its signals by digest", () => {
  const { plan, artifacts } = planPolicy(request);

  for (const [position, task] of plan.tasks.entries()) {
    const { chunk, question, ...rest } = task.inputs;
    expect(question).toBe(digestJson(questions[position] as JsonValue));
    expect(chunk).toBe(task.binding?.chunkDigest);
    expect(chunk).toBe(digestJson(chunks[Math.floor(position / 5)] as JsonValue));
    expect(rest).toEqual({ "signal-structural-marker": bindings[position]?.required[0]?.signal });
    expect(isPlannedCovered(task, artifacts)).toBe(true);
  }
});

test("satisfies the cardinality contract as the verifier checks it", () => {
  const { plan } = planPolicy(request);
  const outputs = plan.tasks.map(({ id }) => ({ task: id, digest: digestBytes(id), sizeBytes: 1 }));
  const record = { plan, outputs } as unknown as Parameters<typeof checkCardinality>[0];

  expect(checkCardinality(record).verdict).toMatchObject({ verdict: "satisfied", violations: 0 });
});

test("keeps the values of its context by digest, and refuses one that is not what its digest says", () => {
  const [asked, record] = [{ asked: "analyse" }, { pages: 2 }];
  const context = new Map<Digest, JsonValue>([asked, record].map((value) => [digestJson(value), value]));
  const { plan, artifacts, proof } = planPolicy({ ...request, context });

  expect(artifacts.get(digestJson(record))).toEqual(record);
  expect(plan.artifacts).toContain(digestJson(asked));
  expect(plan.artifacts).toHaveLength(420 + 2 + EVIDENCE);
  expect(proof.lists).toBe(7);
  expect(planTasks({ registry: echo, tasks: [{ payloadType: "demo/text" }], context }).plan.artifacts).toHaveLength(2);
  expect(faultsOf(() => planPolicy({ ...request, context: new Map([[digestJson(asked), record]]) }))).toEqual([
    "planner.artifacts-invalid",
    digestJson(asked),
  ]);
});

test("another seed gives other ids and another digest, the same seed the same", () => {
  const [first, again, other] = [7, 7, 8].map((seed) => planPolicy({ ...request, seed }));

  expect(again?.planDigest).toBe(first?.planDigest);
  expect(other?.planDigest).not.toBe(first?.planDigest);
  expect(other?.plan.tasks.filter(({ id }, position) => id === first?.plan.tasks[position]?.id)).toEqual([]);
});

test("no clock, no random number and no locale is in reach of a plan", () => {
  const before = planPolicy(request).planDigest;
  const refuse = (name: string) =>
    new Proxy(Object, {
      get: () => {
        throw new Error(`${name} was read`);
      },
      construct: () => {
        throw new Error(`${name} was made`);
      },
    });
  for (const name of ["Date", "Intl", "performance"]) vi.stubGlobal(name, refuse(name));
  vi.spyOn(Math, "random").mockImplementation(() => {
    throw new Error("random was read");
  });
  vi.spyOn(String.prototype, "localeCompare").mockImplementation(() => {
    throw new Error("a locale was read");
  });

  const after = planPolicy(request).planDigest;
  vi.restoreAllMocks();

  expect(after).toBe(before);
});

const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    payloadType: "demo/text",
    parameters: { n },
    binding: {
      question: QUESTION_IDS[n % 300] as (typeof QUESTION_IDS)[number],
      chunk: CHUNK_IDS[Math.floor(n / 5) % 60] as (typeof CHUNK_IDS)[number],
      chunkDigest: digestBytes("c"),
    },
  }));
const policyShape = { outputs: 300, chunks: 60, fibre: 5 };

test("expecting 300 over 60 by 5, 299 and 301 tasks are CardinalityViolation, 300 are a plan", () => {
  const plan = (count: number) => planTasks({ registry: echo, tasks: numbered(count), expect: policyShape });

  expect(plan(300).plan.tasks).toHaveLength(300);
  expect(faultsOf(() => plan(299))).toEqual(["CardinalityViolation", "tasks: tasks-count", "PA10-DIM06: fibre-size"]);
  expect(faultsOf(() => plan(301))).toEqual([
    "CardinalityViolation",
    "tasks: tasks-count",
    "Q001: question-duplicate",
    "PA01-DIM01: fibre-size",
  ]);
});

test("expecting 60 chunks, 59 and 61 are CardinalityViolation, and so is a task without one", () => {
  const tasks = numbered(300);
  const moved = mutate(tasks, 299, (task) => [{ ...task, binding: { ...task.binding, chunk: "PA11-DIM01" as never } }]);
  const unbound = mutate(tasks, 0, ({ payloadType, parameters }) => [{ payloadType, parameters } as never]);
  const squeezed = tasks.map((task, n) =>
    n < 295 ? task : { ...task, binding: { ...task.binding, chunk: CHUNK_IDS[0] as (typeof CHUNK_IDS)[number] } },
  );
  const faults = (given: typeof tasks) =>
    faultsOf(() => planTasks({ registry: echo, tasks: given, expect: policyShape })).map((fault) =>
      fault.split(": ").at(-1),
    );

  expect(faults(moved)).toEqual(["CardinalityViolation", "chunks-count", "fibre-size", "fibre-size"]);
  expect(faults(squeezed)).toEqual(["CardinalityViolation", "chunks-count", "fibre-size"]);
  expect(faults(unbound)).toEqual(["CardinalityViolation", "task-unbound", "fibre-size"]);
});

test("an unbound signal is a gap that the plan keeps visible; a wrong binding is refused (B1, B2)", () => {
  const [first, ...others] = bindings;
  const one = first?.required[0];
  const [own, other] = signals;
  if (first === undefined || one === undefined || own === undefined || other === undefined)
    throw new Error("no signals");
  const stranger: Signal = { ...own, strength: 3, kind: "causal-verbs" };
  const plan = (binding: Partial<SignalBinding>, more: readonly Signal[] = signals) =>
    planPolicy({ ...request, signals: more, bindings: [{ ...first, ...binding }, ...others] });
  const faults = (binding: Partial<SignalBinding>, more?: readonly Signal[]) => faultsOf(() => plan(binding, more));
  const refused = (...places: string[]) => ["planner.signals-invalid", ...places];
  const gap = plan({ required: [{ ...one, signal: null }] });

  expect(
    gap.plan.tasks.filter((task) => !isPlannedCovered(task, gap.artifacts)).map(({ position }) => position),
  ).toEqual([0]);
  expect(faults({ required: [{ ...one, signal: digestBytes("absent") }] })).toEqual(refused("Q001/structural-marker"));
  expect(faults({ required: [one], optional: [one] })).toEqual(refused("Q001/structural-marker"));
  expect(faults({ required: [{ ...one, signal: digestJson(other as JsonValue) }] })).toEqual(
    refused("Q001/structural-marker"),
  );
  expect(faults({ required: [{ ...one, kind: "financial-chain" }] })).toEqual(
    refused("Q001/financial-chain", "Q001/financial-chain"),
  );
  expect(faults({ required: [{ ...one, signal: digestJson(stranger as JsonValue) }] }, [...signals, stranger])).toEqual(
    refused("Q001/structural-marker"),
  );
  expect(faults({ question: "Q999" as SignalBinding["question"] })[0]).toBe("planner.signals-invalid");
});

test("a run can expect no more replays than there are tasks", () => {
  expect(faultsOf(() => planPolicy({ ...request, replay: 301 }))).toEqual([
    "planner.request-invalid",
    "/expect/replay",
  ]);
});

test("freezing the same drafts by hand gives the plan that was proved", () => {
  const { plan, planDigest, artifacts } = planPolicy(request);
  const tasks = plan.tasks.map(({ payloadType, inputs, binding }) => ({ payloadType, inputs, binding }));
  const { mode, seed, expect: expected } = plan;

  expect(
    freezePlan({ mode, seed, request: request.request, registry: request.registry, tasks, artifacts, expect: expected })
      .planDigest,
  ).toBe(planDigest);
});
