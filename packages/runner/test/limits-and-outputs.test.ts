/** Limits in this thread, outputs, the replay, and what may watch a run. */
import { canonicalJson, digestJson, type JsonValue, type Operation, type OperationContract } from "@canonic/contracts";
import { expect, test } from "vitest";
import { createLocalOperations, runPlan } from "../src/index.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, realClock, worldOf } from "./kit.ts";

function single(run: Operation["run"], changes: Partial<OperationContract> = {}, replay = 0) {
  return worldOf({
    operations: [{ contract: contractOf("test.one", changes), run }],
    tasks: [{ operation: "test.one" }],
    replay,
  });
}

async function abortOf(run: Operation["run"], changes: Partial<OperationContract> = {}) {
  const world = single(run, changes);
  const journal = memoryJournal();
  const operations = createLocalOperations(world.operations, realClock);
  const result = await runPlan({ ...world, ...portsOf(world, journal, { operations }) });
  expect(result).toMatchObject({ status: "failed", outputs: [], outputsDigest: null, failure: { status: "failed" } });
  return journal.log.find(({ type }) => type === "OPERATION_ABORTED")?.data;
}

const short = { termination: { timeoutMs: 20, outputBytesMax: 10, memoryLimitMb: 16, condition: "it returns" } };

test("an operation that waits past its time is abandoned on time, and its signal says so (X3)", async () => {
  let aborted = false;
  const forever: Operation["run"] = (_input, { signal }) => {
    signal.addEventListener("abort", () => {
      aborted = true;
    });
    return new Promise(() => {});
  };

  expect(await abortOf(forever, short)).toEqual({ code: "runner.timeout", failure: null, reasons: [] });
  expect(aborted).toBe(true);
});

test("an operation that keeps the thread past its time is refused when it returns (X3)", async () => {
  const spin: Operation["run"] = () => {
    const end = performance.now() + 40;
    while (performance.now() < end);
    return 1;
  };

  expect(await abortOf(spin, short)).toMatchObject({ code: "runner.timeout" });
});

test("a failure mode that the contract states is named, any other code of an error is not (X2)", async () => {
  const failureModes = [{ code: "test.refused", when: "the input is refused" }];
  const throwing = (code: string) => () => {
    throw Object.assign(new Error("secret=1"), { code });
  };

  expect(await abortOf(throwing("test.refused"), { failureModes })).toMatchObject({
    code: "runner.operation-failed",
    reasons: [{ code: "runner.failure-mode", place: "test.refused", message: "the input is refused" }],
  });
  expect(await abortOf(throwing("secret.code"), { failureModes })).toMatchObject({ reasons: [] });
});

test("an output of exactly the limit passes, one byte more does not; UTF-8 bytes count", async () => {
  const journal = memoryJournal();
  const fits = single(() => "éééé", short);

  expect(await runPlan({ ...fits, ...portsOf(fits, journal) })).toMatchObject({
    status: "completed",
    outputs: ['"éééé"'],
  });
  expect(journal.log.find(({ type }) => type === "EXECUTION_COMPLETED")?.data).toMatchObject({ sizeBytes: 10 });
  expect(await abortOf(() => "ééééa", short)).toMatchObject({ code: "runner.output-too-large" });
});

test.each([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["a Date", new Date(0)],
  ["a bigint", 1n],
  ["a lone surrogate", "\ud800"],
] as const)("%s is no output", async (_name, value) => {
  expect(await abortOf(() => value as unknown as JsonValue)).toMatchObject({ code: "runner.output-invalid" });
});

test("an output that is not what the contract promises is refused with the places, not the values", async () => {
  const output = { type: "object", properties: { score: { type: "integer" } }, required: ["score"] };

  const data = await abortOf(() => ({ score: "hunter2" }), { output });

  expect(data).toEqual({
    code: "runner.output-invalid",
    failure: null,
    reasons: [{ code: "runner.output-invalid", place: "/score", message: "must be integer" }],
  });
});

test("a foreign error leaves as a digest: its text is nowhere in the journal (P3)", async () => {
  const data = await abortOf(() => {
    throw new Error("token hunter2");
  });

  expect(data).toMatchObject({ code: "runner.operation-failed", failure: expect.stringMatching(/^sha256:/) });
  expect(JSON.stringify(data)).not.toContain("hunter2");
});

test("an operation receives its parameters and inputs by name, frozen, and cannot reach the caller's", async () => {
  const chunk = { words: ["a", "b"] };
  const attempts: string[] = [];
  const world = worldOf({
    operations: [
      {
        contract: contractOf("test.one"),
        run: (input) => {
          for (const target of [input, input["chunk"], (input["chunk"] as typeof chunk).words, input["options"]]) {
            attempts.push(Reflect.set(target as object, "0", "changed") ? "changed" : "frozen");
          }
          return input;
        },
      },
    ],
    tasks: [{ operation: "test.one", parameters: { options: { deep: true } }, inputs: { chunk: digestJson(chunk) } }],
    artifacts: [chunk],
  });

  const result = await runPlan({ ...world, ...portsOf(world, memoryJournal()) });

  expect(attempts).toEqual(["frozen", "frozen", "frozen", "frozen"]);
  expect(result.outputs).toEqual([canonicalJson({ chunk, options: { deep: true } })]);
  expect(chunk).toEqual({ words: ["a", "b"] });
});

test("an operation that gives another answer the second time violates determinism; outputs are kept, success is not said", async () => {
  let calls = 0;
  const world = single(() => calls++, {}, 1);

  const result = await runPlan({ ...world, ...portsOf(world, memoryJournal()) });

  expect(calls).toBe(2);
  expect(result).toMatchObject({ status: "violated", outputs: ["0"] });
  expect(result.verdicts[1]).toMatchObject({ contract: "determinism", verdict: "violated", violations: 1 });
});

test("writes and recorded operations are never replayed", async () => {
  for (const changes of [{ effect: "write" }, { determinism: "recorded" }] as const) {
    let calls = 0;
    const world = single(() => calls++, changes, 1);

    const result = await runPlan({ ...world, ...portsOf(world, memoryJournal()) });

    expect([calls, result.status]).toEqual([1, "completed"]);
  }
});

test("recorded operations get the time of their start, and only they do", async () => {
  const keys: Operation["run"] = (_input, context) =>
    [context.now?.() ?? null, Object.keys(context).sort()] as JsonValue;
  const recorded = single(keys, { determinism: "recorded" });
  const plain = single(keys);

  const first = await runPlan({ ...recorded, ...portsOf(recorded, memoryJournal()) });
  const second = await runPlan({ ...plain, ...portsOf(plain, memoryJournal()) });

  expect(first.outputs).toEqual(['["2026-01-31T12:00:00.000Z",["now","signal","task"]]']);
  expect(second.outputs).toEqual(['[null,["signal","task"]]']);
});

test("watching a run changes no byte of it, and progress counts to the end", async () => {
  const world = worldOf({
    operations: [{ contract: contractOf("test.one"), run: (input) => input }],
    tasks: Array.from({ length: 7 }, (_, n) => ({ operation: "test.one", parameters: { n } })),
  });
  const plain = memoryJournal();
  const watched = memoryJournal();
  const seen: string[] = [];
  const positions: number[] = [];

  const first = await runPlan({ ...world, ...portsOf(world, plain) });
  const second = await runPlan({
    ...world,
    ...portsOf(world, watched, {
      onProgress: (ended, total) => void seen.push(`${ended}/${total}`),
      onTask: ({ position }) => void positions.push(position),
    }),
  });

  expect(second).toEqual(first);
  expect(watched.log).toEqual(plain.log);
  expect(seen).toEqual(["1/7", "2/7", "3/7", "4/7", "5/7", "6/7", "7/7"]);
  expect(positions).toEqual([0, 1, 2, 3, 4, 5, 6]);
});
