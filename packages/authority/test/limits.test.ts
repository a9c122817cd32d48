import type { TokenLimits } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenDigest } from "../src/conformance-fixture.ts";
import { checkLimits, createMemoryAuthorityStorage } from "../src/index.ts";
import { windowStart } from "../src/limits.ts";

const limits: TokenLimits = {
  invocations: 3,
  tokensPerResponse: 10,
  tokensTotal: 25,
  frequency: { count: 2, perSeconds: 5 },
};
const none = { invocationsUsed: 0, invocationsReserved: 0, tokensUsed: 0, tokensReserved: 0, recent: 0 };

describe("limits", () => {
  test("are shown in their order, with what is used, held, asked for and allowed", () => {
    const counts = { invocationsUsed: 1, invocationsReserved: 1, tokensUsed: 7, tokensReserved: 8, recent: 1 };

    expect(checkLimits(counts, limits, 10)).toEqual({
      rows: [
        { limit: "invocations", used: 1, reserved: 1, need: 1, max: 3 },
        { limit: "tokens-per-response", used: 0, reserved: 0, need: 10, max: 10 },
        { limit: "tokens-total", used: 7, reserved: 8, need: 10, max: 25 },
        { limit: "frequency", used: 1, reserved: 0, need: 1, max: 2 },
      ],
      refusing: null,
    });
  });

  test.each([
    ["the 3rd of 3 invocations passes", { invocationsUsed: 1, invocationsReserved: 1 }, 0, null],
    ["the 4th is refused", { invocationsUsed: 2, invocationsReserved: 1 }, 0, "invocations"],
    ["a response of 11 tokens is refused", {}, 11, "tokens-per-response"],
    ["the 25th token passes", { tokensUsed: 10, tokensReserved: 5 }, 10, null],
    ["the 26th token is refused", { tokensUsed: 10, tokensReserved: 6 }, 10, "tokens-total"],
    ["the 2nd use in a window passes", { recent: 1 }, 0, null],
    ["the 3rd is refused", { recent: 2 }, 0, "frequency"],
    ["the first limit in order speaks", { invocationsUsed: 3, tokensUsed: 25, recent: 2 }, 11, "invocations"],
    ["the second, when the first fits", { tokensUsed: 25, recent: 2 }, 11, "tokens-per-response"],
    ["the third, when the first two fit", { tokensUsed: 25, recent: 2 }, 1, "tokens-total"],
  ] as const)("%s (L1, L2, L3)", (_, rest, need, limit) => {
    expect(checkLimits({ ...none, ...rest }, limits, need).refusing?.limit ?? null).toBe(limit);
  });
});

/** What a list of uses allows, counted again each time from the list alone. */
type Use = { readonly id: number; readonly second: number; readonly tokens: number; readonly isSpent: boolean };

function naivelyAllowed(
  past: readonly Use[],
  { id, second, need }: { id: number; second: number; need: number },
  given: TokenLimits,
): boolean {
  const others = past.filter((use) => use.id !== id);
  const total = others.map(({ tokens }) => tokens).reduce((a, b) => a + b, 0);
  const recent = others.filter((use) => use.second > second - given.frequency.perSeconds);
  if (others.length + 1 > given.invocations) return false;
  if (need > given.tokensPerResponse) return false;
  if (total + need > given.tokensTotal) return false;
  return recent.length === 0 || recent.length + 1 <= given.frequency.count;
}

test("a store with these limits allows what a list of all uses allows", () => {
  const smallLimits = fc.record({
    invocations: fc.integer({ min: 1, max: 8 }),
    tokensPerResponse: fc.integer({ min: 0, max: 6 }),
    tokensTotal: fc.integer({ min: 0, max: 20 }),
    frequency: fc.record({ count: fc.integer({ min: 1, max: 4 }), perSeconds: fc.integer({ min: 1, max: 6 }) }),
  });
  const turns = fc.array(
    fc.record({
      id: fc.nat(9),
      wait: fc.integer({ min: -2, max: 3 }),
      need: fc.nat(7),
      commits: fc.boolean(),
      spent: fc.nat(7),
    }),
    { maxLength: 40 },
  );
  let refused = 0;
  fc.assert(
    fc.property(smallLimits, turns, (given, list) => {
      const storage = createMemoryAuthorityStorage();
      const past: Use[] = [];
      let second = 100;
      for (const { id, wait, need, commits, spent } of list) {
        second += wait;
        const now = `2026-01-31T12:${String(Math.floor(second / 60)).padStart(2, "0")}:${String(second % 60).padStart(2, "0")}.000Z`;
        const token = tokenDigest(0);
        const request = { id: String(id), at: now, need, tokens: [{ token, since: windowStart(now, given) }] };
        const { reserved } = storage.reserve(request, (counts) =>
          counts.every((each) => checkLimits(each, given, need).refusing === null),
        );

        expect(reserved).toBe(naivelyAllowed(past, { id, second, need }, given));
        refused += reserved ? 0 : 1;
        if (!reserved) continue;
        const known = past.findIndex((use) => use.id === id);
        if (known < 0) past.push({ id, second, tokens: need, isSpent: false });
        if (!commits) continue;
        storage.commit(String(id), spent);
        const at = past.findIndex((use) => use.id === id);
        const held = past[at] as Use;
        if (!held.isSpent) past[at] = { ...held, tokens: spent, isSpent: true };
      }
    }),
    { numRuns: 1000 },
  );

  expect(refused).toBeGreaterThan(100);
});
