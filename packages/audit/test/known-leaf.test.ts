import { canonicalBytes, type EventDraft, type JsonValue, type RunEvent } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownLeaves } from "../src/known-leaf.ts";
import { readLeaf } from "../src/leaf.ts";
import { taskDrafts, wholeRun } from "./whole-run.ts";

const read = knownLeaves();
const whole = wholeRun(2);
const run = "run_0123456789abcdef0123";
const printed = (draft: object, seq = 7): Uint8Array =>
  canonicalBytes({ run, seq, prev: whole.planDigest, at: "2026-01-31T12:00:00.000Z", ...draft } as JsonValue);
const drafts = taskDrafts(whole, 1);
const bent = (type: EventDraft["type"], data: object): Uint8Array => {
  const draft = drafts.find((one) => one.type === type) as EventDraft;
  return printed({ ...draft, data: { ...draft.data, ...data } });
};

/** What the strict reader says: the event, or undefined for what it refuses. */
function strictly(bytes: Uint8Array): RunEvent | undefined {
  try {
    return readLeaf(bytes);
  } catch {
    return undefined;
  }
}

describe("the reader of known leaves", () => {
  test("knows the five events of a task that completes, as the strict reader gives them (Q1)", () => {
    const leaves = drafts.map((draft) => printed(draft));

    expect(leaves).toHaveLength(5);
    for (const leaf of leaves) expect(read(leaf)).toEqual(readLeaf(leaf));
  });

  test.each([
    [
      "policies",
      bent("AUTHORIZATION_SCOPE_CHECK", { policySet: whole.planDigest, policies: ["default", "two words"] }),
    ],
    ["64 policies", bent("AUTHORIZATION_SCOPE_CHECK", { policies: Array.from({ length: 64 }, (_, at) => `p${at}`) })],
    ["a write", bent("EXECUTION_STARTED", { effect: "write", idempotencyKey: `${run}/task_0` })],
    ["a long payload type", bent("ROUTING_DECISION", { payloadType: "a".repeat(128) })],
  ])("knows %s (Q1)", (_title, leaf) => {
    expect(readLeaf(leaf)).toBeDefined();
    expect(read(leaf)).toEqual(readLeaf(leaf));
  });

  test.each([
    ["65 policies", bent("AUTHORIZATION_SCOPE_CHECK", { policies: Array.from({ length: 65 }, (_, at) => `p${at}`) })],
    ["a payload type that is too long", bent("ROUTING_DECISION", { payloadType: "a".repeat(129) })],
    ["a count that is no integer", bent("EXECUTION_COMPLETED", { tokens: 1.5 })],
    ["an attempt of none", bent("EXECUTION_STARTED", { attempt: 0 })],
    ["another effect", bent("EXECUTION_STARTED", { effect: "append" })],
    ["a further member", bent("EXECUTION_COMPLETED", { zeal: 1 })],
    ["a limit of no name", bent("RESOURCE_LIMIT_CHECK", { limits: [] })],
    ["a day that is spelled otherwise", printed({ ...drafts[0], at: "2026-1-31T12:00:00.000Z" })],
    ["a number below zero", printed(drafts[0] as object, -1)],
  ])("does not know %s, which nobody may write (Q1)", (_title, leaf) => {
    expect(strictly(leaf)).toBeUndefined();
    expect(read(leaf)).toBeUndefined();
  });

  test("accepts nothing that the strict reader refuses, and gives the same, for any change of any leaf (Q1)", () => {
    let accepted = 0;
    const change = fc.record({
      at: fc.nat(400),
      byte: fc.nat(255),
      kind: fc.constantFrom("put", "drop", "insert", "no"),
    });
    fc.assert(
      fc.property(fc.constantFrom(...drafts), fc.nat(2 ** 40), change, (draft, seq, { at, byte, kind }) => {
        const leaf = Buffer.from(printed(draft, seq));
        const place = at % leaf.length;
        const rest = leaf.subarray(kind === "insert" ? place : place + 1);
        const changed =
          kind === "no"
            ? leaf
            : Buffer.concat([leaf.subarray(0, place), kind === "drop" ? Buffer.of() : Buffer.of(byte), rest]);

        const known = read(changed);

        if (known === undefined) return;
        accepted += 1;
        expect(known).toEqual(strictly(changed));
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });
});
