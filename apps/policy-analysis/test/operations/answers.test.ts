import {
  compileSchema,
  digestBytes,
  digestJson,
  type JsonObject,
  type JsonValue,
  Output,
  Signal,
  spanContains,
} from "@canonic/contracts";
import { verifyConsumption } from "@canonic/sisas";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operations } from "../../src/operations.ts";
import { madeDocument } from "../rank/made-document.ts";
import { PLAN_EN, PLAN_ES } from "./plans.ts";
import { type PolicyTask, reordered, run, TASK, tasksOf } from "./policy-task.ts";

describe.each([
  ["en", PLAN_EN],
  ["es", PLAN_ES],
] as const)("on the plan in %s", (language, plan) => {
  const document = madeDocument(language, plan);
  const tasks = tasksOf(document);
  const outputs = tasks.map(({ operation, input }) => run(operation, input));
  const quoteOf = ({ start, end }: { readonly start: number; readonly end: number }) =>
    new TextDecoder().decode(document.bytes.subarray(start, end));

  test("all 300 outputs are what zod and the contracts' own schemas accept, and so are their inputs", () => {
    const checks = new Map(
      operations.map(({ contract }) => [
        contract.operation,
        { input: compileSchema(contract.input), output: compileSchema(contract.output) },
      ]),
    );

    expect(outputs).toHaveLength(300);
    expect(checks.size).toBe(8);
    outputs.forEach((output, at) => {
      const task = tasks[at] as PolicyTask;
      const check = checks.get(task.operation.contract.operation);
      expect(Output.safeParse(output).success).toBe(true);
      expect(check?.input(task.input)).toEqual([]);
      expect(check?.output(output as JsonValue)).toEqual([]);
    });
  });

  test("each operation answers by the method that its name says", async () => {
    const firsts = operations.map((operation) => tasks.findIndex((task) => task.operation === operation));
    const context = { task: TASK, signal: new AbortController().signal };

    expect(firsts).not.toContain(-1);
    for (const at of firsts) {
      const { operation, input } = tasks[at] as PolicyTask;
      expect(await operation.run(input, context)).toEqual(outputs[at]);
    }
  });

  test("every evidence lies in a passage, has the digest of its bytes, and meets an element (X2, N1)", () => {
    let checked = 0;
    outputs.forEach((output, at) => {
      const { chunk } = tasks[at] as PolicyTask;
      for (const { span, digest, elements } of output.evidence) {
        const passages = chunk.kind === "found" ? chunk.passages : [];
        expect(passages.some((passage) => spanContains(passage.span, span))).toBe(true);
        expect(digest).toBe(digestBytes(document.bytes.subarray(span.start, span.end)));
        expect(elements.length).toBeGreaterThan(0);
        checked += 1;
      }
    });
    expect(checked).toBeGreaterThan(15);
  });

  test("an element is met exactly when evidence shows it, and no evidence carries the search of its cell (X3)", () => {
    outputs.forEach((output, at) => {
      const shown = new Set(output.evidence.flatMap(({ elements }) => elements));
      const met = output.elements.filter((element) => element.met).map(({ id }) => id);
      expect([...shown].sort()).toEqual([...met].sort());
      if (output.status === "no_evidence") expect(output.search).toEqual((tasks[at] as PolicyTask).chunk.search);
      else expect(output.score).toBeGreaterThan(0);
    });
    expect(new Set(outputs.map(({ status }) => status)).size).toBe(2);
  });

  test("every bound signal is consumed with a chain that verifies (X4)", () => {
    let checked = 0;
    outputs.forEach((output, at) => {
      const { input } = tasks[at] as PolicyTask;
      const bound = Object.keys(input).filter((name) => name.startsWith("signal-"));
      expect(output.signals.map(({ kind }) => `signal-${kind}`).sort()).toEqual(bound.sort());
      for (const consumption of output.signals) {
        const signal = Signal.parse(input[`signal-${consumption.kind}`]);
        expect(verifyConsumption(consumption, signal).kind).toBe("allow");
        checked += 1;
      }
    });
    expect(checked).toBeGreaterThan(300);
  });

  test("the same input gives the same bytes, and is left as it was (X1)", () => {
    tasks.forEach(({ operation, input }, at) => {
      const before = digestJson(input);
      expect(digestJson(run(operation, input) as JsonValue)).toBe(digestJson(outputs[at] as JsonValue));
      expect(digestJson(input)).toBe(before);
    });
  });

  test("the order of the passages changes no answer (X1, N2)", () => {
    const many = tasks.filter(({ chunk }) => chunk.kind === "found" && chunk.passages.length > 1);
    expect(many.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(fc.constantFrom(...many), fc.nat(), (task, turn) => {
        const rotated = reordered(task, (passages) => {
          const by = turn % passages.length;
          return [...passages.slice(by), ...passages.slice(0, by)].toReversed();
        });

        expect(withoutProofs(run(task.operation, rotated))).toEqual(withoutProofs(run(task.operation, task.input)));
      }),
      { numRuns: 60 },
    );
  });

  test("health is answered with the sentences that a reader would mark", () => {
    const quotes = (slot: string) => {
      const at = tasks.findIndex(({ question }) => question.slot === slot && question.area === "PA02");
      return outputs[at]?.evidence.map(({ span }) => quoteOf(span));
    };
    const found = ["DIM01-Q1", "DIM01-Q2", "DIM01-Q3", "DIM01-Q4", "DIM03-Q1", "DIM04-Q1", "DIM06-Q4"].map((slot) =>
      quotes(slot),
    );

    expect(found).toMatchSnapshot();
  });

  test("a plan that says that it has no budget and no target is not taken at its word for having them", () => {
    const housing = outputs.filter(({ area }) => area === "PA06");
    const statusOf = (slot: string) => {
      const task = tasks.find(({ question }) => question.area === "PA06" && question.slot === slot);
      return housing.find(({ question }) => question === task?.question.id)?.status;
    };

    expect(["DIM01-Q2", "DIM04-Q1", "DIM01-Q3", "DIM02-Q3"].map(statusOf)).toEqual(Array(4).fill("no_evidence"));
  });
});

/** Chunk and signal digests follow the order of the passages; what was answered does not. */
function withoutProofs(output: Output): JsonObject {
  const { chunkDigest: _digest, signals: _signals, ...answer } = output;
  return answer as JsonObject;
}
