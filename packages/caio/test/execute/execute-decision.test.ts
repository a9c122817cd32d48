import { digestJson, ExecutionReceipt, type JsonObject, type ServiceSnapshot } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LocalOperation, localAdapter } from "../../src/adapters.ts";
import { compileInvariants, executeDecision, isCaioError } from "../../src/index.ts";
import { guarantee } from "../kernel/worlds.ts";
import { decided, execution } from "./loopback.ts";

const API = { kind: "operation", operation: "text.count", version: "1.0.0", contract: null };
const OUTPUT = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };
const constraints = { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null };
const SERVICE = { api: API, output: OUTPUT, input: { type: "object" }, constraints };
const adapters = (operation: LocalOperation) => [localAdapter(new Map([["text.count@1.0.0", operation]]))];
const contractIn = ({ services: [first] }: ServiceSnapshot) => {
  if (first === undefined) throw new Error("no service");
  return first.contract;
};
const failure = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isCaioError(error)) throw new Error("no coded error");
  return error;
};

describe("an execution", () => {
  test("gives the output of the chosen service with a receipt that names decision, contract, input and output", async () => {
    const given = execution(SERVICE);

    const { output, receipt } = await executeDecision({
      ...given,
      input: { a: 1 },
      adapters: adapters(() => ({ n: 3 })),
    });

    expect(output).toEqual({ n: 3 });
    expect(ExecutionReceipt.parse(receipt)).toMatchObject({
      decision: digestJson(given.decision as unknown as JsonObject),
      service: "a/one",
      contract: given.decision.outcome.kind === "chosen" ? given.decision.outcome.contract : "",
      input: digestJson({ a: 1 }),
      output: digestJson({ n: 3 }),
      outcome: "fulfilled",
      guarantees: [{ property: "output-schema", verdict: "satisfied" }],
    });
    expect(given.receipts).toEqual([receipt]);
  });

  test("never hands out an output that breaks a promise, and keeps the receipt (E2)", async () => {
    const hard = guarantee({ property: "latency-max", bound: "max", value: 5_000, unit: "us" });
    const cases: [object, LocalOperation, string][] = [
      [{}, () => ({ n: "secret" }), "output-schema"],
      [{ invariants: [{ id: "positive", expression: "output.n > 0" }] }, () => ({ n: -1 }), "positive"],
      [{ invariants: [{ id: "same", expression: "output.n == input" }], input: null }, () => ({ n: 1 }), "same"],
      [{ guarantees: [hard] }, () => new Promise((resolve) => setTimeout(resolve, 20, { n: 1 })), "latency-max"],
    ];
    for (const [contract, operation, property] of cases) {
      const given = execution({ ...SERVICE, ...contract });
      const seen: string[] = [];
      const error = await failure(
        executeDecision({
          ...given,
          input: {},
          adapters: adapters(operation),
          onViolation: (_, violations) => seen.push(...violations.map((one) => one.property)),
        }),
      );
      expect(error).toMatchObject({ code: "caio.guarantee-violated", details: { property } });
      expect(JSON.stringify([error.details, error.message])).not.toContain("secret");
      expect(given.receipts).toMatchObject([{ outcome: "violated" }]);
      expect(seen).toEqual([property]);
    }
  });

  test("is refused for another request, contract or snapshot, and for a decision that chose nobody (E1)", async () => {
    let calls = 0;
    const count = adapters(() => {
      calls += 1;
      return { n: 1 };
    });
    const given = { ...execution(SERVICE), input: {}, adapters: count };
    const other = execution({ ...SERVICE, name: "other" });
    const none = execution(SERVICE, { capabilities: ["fly"] });

    const errors = [
      await failure(executeDecision({ ...given, request: { ...given.request, intent: "x" } })),
      await failure(executeDecision({ ...given, services: other.services })),
      await failure(executeDecision({ ...given, services: contractIn(other.services) })),
      await failure(executeDecision({ ...given, decision: { ...given.decision, tied: -1 } })),
      await failure(executeDecision({ ...none, input: {}, adapters: count })),
      await failure(executeDecision({ ...given, signal: AbortSignal.abort() })),
      await failure(executeDecision({ ...given, deadlineUs: 0 })),
      await failure(executeDecision({ ...given, adapters: [] })),
      await failure(executeDecision({ ...given, input: [] })),
    ];

    expect(errors.map(({ code, details }) => [code, "reason" in details ? details.reason : ""])).toEqual([
      ["caio.execution-refused", "other-request"],
      ["caio.execution-refused", "other-snapshot"],
      ["caio.execution-refused", "other-contract"],
      ["caio.execution-refused", "decision-invalid"],
      ["caio.decision-refused", ""],
      ["caio.execution-refused", "aborted"],
      ["caio.execution-refused", "options-invalid"],
      ["caio.adapter-missing", ""],
      ["caio.input-invalid", ""],
    ]);
    expect(calls).toBe(0);
    expect(given.receipts).toEqual([]);
  });

  test("ends at its deadline and when the caller gives up, whether the service listens or not (C1)", async () => {
    const hang = adapters(() => new Promise(() => {}));
    const given = { ...execution(SERVICE), input: {}, adapters: hang };
    const abort = new AbortController();

    const late = await failure(executeDecision({ ...given, deadlineUs: 20_000 }));
    setTimeout(() => abort.abort(), 20);
    const gone = await failure(executeDecision({ ...given, signal: abort.signal }));

    expect([late, gone].map(({ details }) => "fault" in details && details.fault)).toEqual(["deadline", "aborted"]);
    expect(given.receipts.map(({ outcome, output, guarantees }) => [outcome, output, guarantees[0]?.verdict])).toEqual([
      ["failed", null, "violated"],
      ["failed", null, "unknown"],
    ]);
  });

  test("says nothing of what an operation throws, and takes nothing that is no JSON or too big (C2, C3)", async () => {
    const cases: [LocalOperation, string][] = [
      [() => Promise.reject(new Error("password")), "failed"],
      [() => ({ n: Number.NaN }), "malformed"],
      [() => undefined, "malformed"],
      [() => "x".repeat(2_000), "too-big"],
    ];
    for (const [operation, fault] of cases) {
      const given = execution({ ...SERVICE, output: null });
      const error = await failure(
        executeDecision({ ...given, input: {}, adapters: adapters(operation), outputBytesMax: 1_000 }),
      );
      expect(error).toMatchObject({ code: "caio.execution-failed", details: { fault } });
      expect(error.cause).toBeUndefined();
      expect(JSON.stringify([error, error.message, given.receipts])).not.toContain("password");
    }
  });

  test("asks a deterministic service twice when it is told to, or compares with what is on record", async () => {
    let n = 0;
    const fickle = adapters(() => {
      n += 1;
      return { n };
    });
    const service = { ...SERVICE, determinism: "deterministic" };
    const twice = { ...execution(service), input: {}, repeat: { kind: "twice" as const } };
    const recorded = { kind: "recorded" as const, output: digestJson({ n: 7 }) };

    const changed = await failure(executeDecision({ ...twice, adapters: fickle }));
    const steady = await executeDecision({ ...twice, adapters: adapters(() => ({ n: 7 })), repeat: recorded });
    const other = await failure(executeDecision({ ...twice, adapters: fickle, repeat: recorded }));
    const write = await failure(
      executeDecision({
        ...execution({ ...service, effect: "write" }),
        input: {},
        adapters: fickle,
        repeat: twice.repeat,
      }),
    );

    expect(changed.details).toMatchObject({ property: "determinism" });
    expect(steady.output).toEqual({ n: 7 });
    expect(other.details).toMatchObject({ property: "determinism" });
    expect(write.details).toEqual({ reason: "write-repeated" });
    expect(n).toBe(3);
  });
});

describe("an invariant", () => {
  const of = (expression: string, output: object | null = OUTPUT) =>
    compileInvariants({
      service: "a/one" as never,
      input: null,
      output: output as never,
      invariants: [{ id: "i", expression }],
    });

  test("is refused where it is unsound: a type, a variable, a cost", () => {
    const long = { type: "object", properties: { l: { type: "array", items: { type: "integer" } } } };
    for (const [expression, output] of [
      ["output.n", OUTPUT],
      ["output.m > 1", OUTPUT],
      ["request.intent == 'x'", OUTPUT],
      ["output.l.all(x, output.l.all(y, output.l.all(z, z > x)))", long],
    ] as const) {
      expect(() => of(expression, output)).toThrow(expect.objectContaining({ code: "caio.invariant-invalid" }));
    }
  });

  test("holds of whole numbers exactly as the comparison of its two sides", () => {
    const invariant = of("output.n >= input");
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (input, n) => {
        expect(invariant(input + 0, { n: n + 0 })[0]?.holds).toBe(String(n >= input));
      }),
    );
  });

  test("is unknown where what it reads is not there, is of another type or longer than it was checked for (Y1)", () => {
    const list = { type: "object", properties: { l: { type: "array", items: { type: "integer" }, maxItems: 2 } } };
    const all = of("output.l.all(x, x > 0)", list);

    expect(all(0, { l: [1, 2] })[0]?.holds).toBe("true");
    expect([{}, { l: null }, { l: [1, "2"] }, { l: [1, 2, 3] }].map((output) => all(0, output)[0]?.holds)).toEqual(
      Array(4).fill("unknown"),
    );
    expect(of('output != "bad"', null)(0, "x".repeat(2_000))[0]?.holds).toBe("unknown");
    expect(of("output < 1", null)(0, 0.5)[0]?.holds).toBe("true");
  });
});

test("a decision over two services is executed with the one that it chose", async () => {
  const done = decided([SERVICE, { ...SERVICE, service: "b/two", capabilities: ["chat", "more"] }]);
  const execution = {
    decision: done.record(),
    request: done.question.request,
    services: done.world.world.snapshot,
    clock: { now: () => 0, monotonicUs: () => 0, after: () => () => {} },
  };

  const { receipt } = await executeDecision({ ...execution, input: {}, adapters: adapters(() => ({ n: 1 })) });

  expect(receipt).toMatchObject({ service: "a/one", at: "1970-01-01T00:00:00.000Z", latencyUs: 0 });
});
