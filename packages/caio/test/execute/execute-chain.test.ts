import { type ExecutionReceipt, millisecondsOf } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { localAdapter } from "../../src/adapters.ts";
import {
  type ExecutionClock,
  executeWithFallbacks,
  fallbacksOf,
  isCaioError,
  verifyServiceProof,
} from "../../src/index.ts";
import { guarantee } from "../kernel/worlds.ts";
import { decided } from "./loopback.ts";

type Behaviour = {
  readonly kind: "good" | "throws" | "violates" | "hangs";
  readonly picos: number;
  readonly takesUs: number;
};

const constraints = { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null };
const OUTPUT = { type: "object", properties: { by: { type: "string" } }, required: ["by"] };

/** Services `s0`, `s1` and so on, chosen in this order of cost; time passes only while one of them is called. */
function chainOf(behaviours: readonly Behaviour[], asked: object = {}, contract: object = {}) {
  const called: number[] = [];
  let nowUs = 0;
  const clock: ExecutionClock = {
    now: () => 1_700_000_000_000 + nowUs / 1000,
    monotonicUs: () => nowUs,
    after: (ms, then) => {
      waiting = { at: nowUs + ms * 1000, then };
      return () => {
        waiting = undefined;
      };
    },
  };
  let waiting: { at: number; then: () => void } | undefined;
  const operations = new Map(
    behaviours.map(({ kind, takesUs }, index) => [
      `s.s${index}@1.0.0`,
      async () => {
        called.push(index);
        if (kind === "hangs") {
          nowUs = waiting?.at ?? nowUs;
          waiting?.then();
          return await new Promise(() => {});
        }
        nowUs += takesUs;
        if (kind === "throws") throw new Error("broken");
        return kind === "violates" ? { by: 7 } : { by: `s${index}` };
      },
    ]),
  );
  const services = behaviours.map(({ picos, takesUs }, index) => ({
    service: `s/s${index}`,
    api: { kind: "operation", operation: `s.s${index}`, version: "1.0.0", contract: null },
    cost: { currency: "USD", prices: [{ unit: "request", picos }] },
    guarantees: [guarantee({ property: "latency-max", bound: "max", value: takesUs, unit: "us" })],
    output: OUTPUT,
    constraints,
    ...contract,
  }));
  const receipts: ExecutionReceipt[] = [];
  const done = decided(services, { quantities: { request: 1 }, ...asked });
  const options = {
    clock,
    adapters: [localAdapter(operations)],
    onReceipt: (one: ExecutionReceipt) => void receipts.push(one),
  };
  return { decided: done, options, called, receipts };
}

async function outcome(run: ReturnType<typeof chainOf>, rest: object = {}) {
  try {
    return await executeWithFallbacks({ decided: run.decided, input: {}, ...run.options, ...rest });
  } catch (error) {
    if (!isCaioError(error)) throw error;
    return error;
  }
}

const of = (kind: Behaviour["kind"], picos = 1, takesUs = 10): Behaviour => ({ kind, picos, takesUs });

describe("a chain of fallbacks", () => {
  test("has the ranking's members, each with a verdict of satisfied clauses under the root, and the meet of what they state", () => {
    const { decided: done } = chainOf([of("good", 1, 10), of("good", 2, 20), of("good", 3, 30)]);

    const { members, composed } = fallbacksOf(done);

    expect(members.map(({ ranked }) => ranked.service)).toEqual(["s/s0", "s/s1", "s/s2"]);
    for (const { verdict, proof } of members) {
      expect(verdict.states).toMatch(/^s+$/);
      expect(verifyServiceProof(done.record(), verdict, proof)).toBe(true);
    }
    expect(composed.guarantees.map(({ guarantee: { property, value } }) => [property, value])).toEqual([
      ["latency-max", 60],
    ]);
    expect(composed.facts.costPicos).toBe(6);
  });

  test("is called in order until one keeps its promises; each attempt has its receipt under its own decision (F1)", async () => {
    const run = chainOf([of("throws"), of("violates", 2), of("good", 3), of("good", 4)], { budgetPicos: 100 });

    const done = await outcome(run);

    expect(done).toMatchObject({ output: { by: "s2" }, skipped: [] });
    expect(run.called).toEqual([0, 1, 2]);
    expect(run.receipts.map(({ outcome: one }) => one)).toEqual(["failed", "violated", "fulfilled"]);
    expect(new Set(run.receipts.map(({ decision }) => decision)).size).toBe(3);
  });

  test("never skips budget, latency or policy: with what is left, exactly those are called that a bookkeeper allows (F1, F2)", async () => {
    const behaviour = fc.record({
      kind: fc.constantFrom("good", "throws", "violates", "hangs") as fc.Arbitrary<Behaviour["kind"]>,
      picos: fc.integer({ min: 0, max: 20 }),
      takesUs: fc.integer({ min: 1, max: 5 }).map((n) => n * 1000),
    });
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(behaviour, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 20 }).map((n) => n * 1000),
        async (behaviours, budgetPicos, maxUs) => {
          const run = chainOf(behaviours, { budgetPicos, latency: { percentile: "max", maxUs } });
          const order = run.decided.outcome.kind === "refused" ? [] : fallbacksOf(run.decided).members;
          const [calls, answer] = bookkeeper(
            behaviours,
            order.map(({ ranked }) => Number(ranked.service.slice(3))),
            budgetPicos,
            maxUs,
          );

          const done = await outcome(run);

          seen += calls.length;
          expect(run.called).toEqual(calls);
          expect("output" in done ? done.output : null).toEqual(answer === null ? null : { by: `s${answer}` });
          expect(run.receipts.map(({ at }) => millisecondsOf(at)).every((at) => at !== undefined)).toBe(true);
          expect(calls.reduce((sum, index) => sum + (behaviours[index]?.picos ?? 0), 0)).toBeLessThanOrEqual(
            budgetPicos,
          );
        },
      ),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(300);

    /** Money and time on paper: who may be called, and who answers. */
    function bookkeeper(all: readonly Behaviour[], order: readonly number[], budget: number, timeUs: number) {
      const calls: number[] = [];
      let [money, time] = [budget, timeUs];
      for (const index of order) {
        const { kind, picos, takesUs } = all[index] as Behaviour;
        if (picos > money || takesUs > time) continue;
        calls.push(index);
        if (kind === "good") return [calls, index] as const;
        money -= picos;
        time -= kind === "hangs" ? time : takesUs;
        if (time < 1) break;
      }
      return [calls, null] as const;
    }
  });

  test("ends at a write, for it may have happened (F3)", async () => {
    const run = chainOf([of("throws"), of("good", 2)], {}, { effect: "write" });

    expect(await outcome(run)).toMatchObject({
      code: "caio.fallbacks-exhausted",
      details: { reason: "write-attempted", receipts: [{ outcome: "failed" }] },
    });
    expect(run.called).toEqual([0]);
  });

  test("says why it ended: nobody, no money, no time left, nobody admitted", async () => {
    const reasonOf = async (run: ReturnType<typeof chainOf>, rest?: object) => {
      const done = await outcome(run, rest);
      return "details" in done && "reason" in done.details ? done.details.reason : done;
    };

    expect(await reasonOf(chainOf([of("throws"), of("throws", 2)]))).toBe("nobody-left");
    expect(await reasonOf(chainOf([of("throws", 3), of("good", 4)], { budgetPicos: 6 }))).toBe("not-admitted");
    expect(await reasonOf(chainOf([of("throws"), of("good", 2)]), { membersMax: 1 })).toBe("nobody-left");
    expect(await reasonOf(chainOf([of("hangs"), of("good", 2)]), { deadlineUs: 1000 })).toBe("no-time-left");
  });

  test("passes over whom it cannot call, and says so; where it can call nobody, that is the error", async () => {
    const run = chainOf([of("good"), of("good", 2)]);
    const { options } = run;
    const [local] = options.adapters;
    const half = {
      kind: "operation" as const,
      open: (contract: never, signal: AbortSignal) =>
        (local as NonNullable<typeof local>).open(
          (contract as { service: string }).service === "s/s0" ? ({ api: {} } as never) : contract,
          signal,
        ),
    };

    expect(await outcome(run, { adapters: [half] })).toMatchObject({
      output: { by: "s1" },
      skipped: [{ service: "s/s0", code: "caio.adapter-missing" }],
    });
    expect(await outcome(run, { adapters: [] })).toMatchObject({ code: "caio.adapter-missing" });
    expect(await outcome(chainOf([of("good")], { capabilities: ["fly"] }))).toMatchObject({
      code: "caio.decision-refused",
    });
  });
});
