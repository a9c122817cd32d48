/** Operations that change their input, keep it, and look for somebody else's. */
import type { JsonObject, Operation } from "@canonic/contracts";
import { untrusted } from "./contract-of.ts";

const seen: JsonObject[] = [];

function mutate(input: JsonObject): JsonObject {
  const done = [
    Reflect.set(input, "extra", true),
    Reflect.set(input["list"] as object, "0", 99),
    Reflect.deleteProperty(input, "list"),
    Reflect.defineProperty(input["nested"] as object, "key", { value: 99 }),
    Reflect.setPrototypeOf(input, { inherited: true }),
  ];
  seen.push(input);
  return { input, seen: seen.length, done };
}

export const operations: readonly Operation[] = [
  { contract: untrusted("mutate"), run: mutate },
  {
    contract: untrusted("mutate-trusted", { isolation: "trusted" }),
    run: mutate,
  },
  {
    contract: untrusted("draw", { determinism: "seeded" }),
    run: (_input, { random }) => [random?.() ?? null, random?.() ?? null],
  },
  { contract: untrusted("context"), run: (_input, context) => Object.keys(context).sort() },
  {
    contract: untrusted("write", { effect: "write", determinism: "recorded", tokensMax: 5 }),
    run: (_input, context) => {
      context.reportTokens?.(2);
      context.reportTokens?.(3);
      return { keys: Object.keys(context).sort(), key: context.idempotencyKey ?? null, fence: context.fence ?? null };
    },
  },
  {
    contract: untrusted("greedy", { tokensMax: 5 }),
    run: ({ tokens }, { reportTokens }) => {
      try {
        for (const count of tokens as number[]) reportTokens?.(count);
      } catch {
        return "went on";
      }
      return "within";
    },
  },
  {
    contract: untrusted("spin", {
      termination: { timeoutMs: 300, outputBytesMax: 64, memoryLimitMb: 64, condition: "never" },
    }),
    run: () => {
      for (;;);
    },
  },
  {
    contract: untrusted("wait", {
      termination: { timeoutMs: 300, outputBytesMax: 64, memoryLimitMb: 64, condition: "never" },
    }),
    run: () => new Promise(() => {}),
  },
  {
    contract: untrusted("hoard", {
      termination: { timeoutMs: 20_000, outputBytesMax: 64, memoryLimitMb: 32, condition: "never" },
    }),
    run: () => {
      const hoard: number[][] = [];
      for (;;) hoard.push(new Array(100_000).fill(hoard.length));
    },
  },
  {
    contract: untrusted("big", {
      termination: { timeoutMs: 1000, outputBytesMax: 64, memoryLimitMb: 64, condition: "it returns" },
    }),
    run: () => "x".repeat(1000),
  },
  {
    contract: untrusted("throw"),
    run: () => {
      throw new Error("password hunter2");
    },
  },
  {
    contract: untrusted("stated"),
    run: () => {
      throw Object.assign(new Error("password hunter2"), { code: "failed" });
    },
  },
  {
    contract: untrusted("denied"),
    run: () => {
      throw Object.assign(new Error("denied"), { code: "ERR_ACCESS_DENIED", permission: "ChildProcess" });
    },
  },
];
