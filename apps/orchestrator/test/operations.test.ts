import type { OperationsPort } from "@canonic/runner";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createWriteTurn, inTurn } from "../src/operations.ts";
import { contractOf } from "./packs.ts";

test("of all runs that share a turn, one writes at a time, in the order in which they asked; the rest overlaps (O3)", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.nat(5)), { minLength: 2, maxLength: 8 }), async (asked) => {
      let writing = 0;
      const began: number[] = [];
      const port = {
        execute: async (task: { position: number }, _input: unknown, { effect }: { effect: string }) => {
          if (effect === "write") {
            writing += 1;
            began.push(task.position);
            expect(writing).toBe(1);
          }
          for (let turns = asked[task.position]?.[1] ?? 0; turns > 0; turns -= 1) await Promise.resolve();
          if (effect === "write") writing -= 1;
          if (task.position % 3 === 2) throw new Error("a write that fails gives its turn on");
          return { kind: "completed", output: "1", tokens: 0, operationMs: 0 };
        },
        close: async () => undefined,
      } as unknown as OperationsPort;
      const turn = createWriteTurn();
      const calls = asked.map(([isWrite], position) => {
        const contract = contractOf("rows.cut", { effect: isWrite ? "write" : "pure" });
        const task = { position } as unknown as Parameters<OperationsPort["execute"]>[0];
        return inTurn(port, turn, () => true).execute(task, {}, contract, {} as never);
      });

      const results = await Promise.allSettled(calls);

      expect(results.map(({ status }) => status)).toEqual(
        asked.map((_, position) => (position % 3 === 2 ? "rejected" : "fulfilled")),
      );
      expect(began).toEqual(asked.flatMap(([isWrite], position) => (isWrite ? [position] : [])));
    }),
    { numRuns: 60 },
  );
});

test("a write that was let begin before the store was halted, and whose turn comes after, is withheld (O4)", async () => {
  let isArmed = true;
  const made: number[] = [];
  const port = {
    execute: async ({ position }: { position: number }) => {
      made.push(position);
      isArmed = false;
      return { kind: "completed", output: "1", tokens: 0, operationMs: 0 };
    },
    close: async () => undefined,
  } as unknown as OperationsPort;
  const operations = inTurn(port, createWriteTurn(), ({ mode }) => mode !== "live" || isArmed);
  const write = (position: number, mode: "live" | "dryrun") => {
    const contract = contractOf("rows.cut", { effect: "write", mode });
    return operations.execute(
      { position } as unknown as Parameters<OperationsPort["execute"]>[0],
      {},
      contract,
      {} as never,
    );
  };

  const ends = await Promise.all([write(0, "live"), write(1, "live"), write(2, "dryrun")]);

  expect(ends.map((end) => (end.kind === "aborted" ? end.code : end.kind))).toEqual([
    "completed",
    "runner.withheld",
    "completed",
  ]);
  expect(made).toEqual([0, 2]);
});
