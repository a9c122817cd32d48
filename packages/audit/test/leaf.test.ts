import { canonicalBytes, digestBytes, EVENT_TYPES, type RunEvent } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLeaf, writeLeaf } from "../src/leaf.ts";
import { leafHash } from "../src/tree-hash.ts";

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((digits) => digits.join(""));
const digest = hex(64).map((digits) => `sha256:${digits}`);
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 64 }).map((text) => text.toWellFormed());
const count = fc.nat();
const decision = fc.constantFrom("allow", "refuse");
const reason = fc.record({ code: fc.constantFrom("a.b", "plain"), place: words, message: words });
const reasons = fc.array(reason, { maxLength: 3 });
const task = hex(20).map((digits) => `task_${digits}`);

const dataByType: Record<string, fc.Arbitrary<unknown>> = {
  PLAN_FROZEN: fc.record({
    number: fc.integer({ min: 1 }),
    plan: digest,
    registry: digest,
    tasks: fc.integer({ min: 1 }),
    mode: fc.constantFrom("live", "dryrun"),
    semantics: fc.constant(1),
    engine: fc.constant("local"),
  }),
  TOKEN_VALIDATION: fc.record({ authority: fc.constant("local-operator"), grant: digest, decision, reasons }),
  ROUTING_DECISION: fc.record({
    payloadType: fc.constant("a/b"),
    operation: nullable(fc.constant("a.b")),
    version: nullable(fc.constant("1.0.0")),
    contract: nullable(digest),
    snapshot: digest,
    decision,
    reasons,
  }),
  AUTHORIZATION_SCOPE_CHECK: fc.record({ domain: words, method: words, grant: digest, decision, reasons }),
  RESOURCE_LIMIT_CHECK: fc.record({ limit: words, used: count, reserved: count, max: count, decision, reasons }),
  EXECUTION_STARTED: fc.record({
    effect: fc.constantFrom("pure", "read", "write"),
    input: digest,
    attempt: fc.integer({ min: 1 }),
    idempotencyKey: nullable(words),
  }),
  EXECUTION_COMPLETED: fc.record({
    output: digest,
    sizeBytes: fc.integer({ min: 1 }),
    contract: fc.constant("satisfied"),
  }),
  EXECUTION_DENIED: fc.record({ stage: words, reasons: fc.array(reason, { minLength: 1, maxLength: 3 }) }),
  OPERATION_ABORTED: fc.record({ code: words, failure: nullable(digest), reasons }),
  EXECUTION_SKIPPED: fc.record({ because: task }),
  RUN_RESUMED: fc.record({
    completed: count,
    indeterminate: fc.array(task, { maxLength: 3 }),
    attempt: fc.integer({ min: 2 }),
  }),
  CONTRACT_VERDICT: fc.record({
    contract: fc.constant("routing"),
    verdict: fc.constantFrom("satisfied", "violated"),
    checked: count,
    violations: count,
    reasons,
    evidence: digest,
  }),
  RUN_SEALED: fc.record({
    status: fc.constant("failed"),
    events: fc.integer({ min: 2 }),
    counts: fc.dictionary(fc.constantFrom(...EVENT_TYPES), fc.integer({ min: 1 })),
    head: digest,
    outputs: nullable(digest),
    outputsCount: count,
  }),
  JOURNAL_REPAIRED: fc.record({
    sizeBefore: count,
    sizeAfter: count,
    dropped: fc.integer({ min: 1 }),
    quarantine: digest,
  }),
};
const event = fc.constantFrom(...Object.keys(dataByType)).chain((type) =>
  fc.record({
    run: fc.oneof(
      fc.constant("log"),
      hex(20).map((digits) => `run_${digits}`),
    ),
    seq: count,
    prev: digest,
    at: fc.constant("2026-01-31T12:00:00.000Z"),
    subject: words.map((text) => text.slice(0, 128).toWellFormed()),
    type: fc.constant(type),
    data: dataByType[type] as fc.Arbitrary<unknown>,
  }),
) as unknown as fc.Arbitrary<RunEvent>;

describe("a leaf", () => {
  test("is generated here for every type of event", () => {
    expect(Object.keys(dataByType).sort()).toEqual(EVENT_TYPES);
  });

  test("is the canonical bytes of the whole event, and its hash theirs (L1)", () => {
    fc.assert(
      fc.property(event, (value) => {
        const leaf = writeLeaf(value);

        expect(Buffer.from(leaf.bytes).toString()).toBe(Buffer.from(canonicalBytes(value)).toString());
        expect(Buffer.from(leaf.hash).equals(Buffer.from(leafHash(leaf.bytes)))).toBe(true);
        expect(leaf.digest).toBe(digestBytes(Buffer.concat([Buffer.of(0), leaf.bytes])));
        expect(readLeaf(leaf.bytes)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test.each(["\ud800", "a\udc00b", "\\ud800 as text"])(
    "of %j is canonical or refused, never something else (L1)",
    (domain) => {
      const value = {
        run: "log",
        seq: 0,
        prev: digestBytes(""),
        at: "2026-01-31T12:00:00.000Z",
        subject: "log",
        type: "AUTHORIZATION_SCOPE_CHECK",
        data: { domain, method: "m", grant: digestBytes(""), decision: "allow", reasons: [] },
      } as unknown as RunEvent;

      if (domain.isWellFormed())
        expect(Buffer.from(writeLeaf(value).bytes).toString()).toBe(Buffer.from(canonicalBytes(value)).toString());
      else
        expect(() => writeLeaf(value)).toThrow(
          expect.objectContaining({ name: expect.stringMatching(/^(Audit|Contracts)Error$/) }),
        );
    },
  );

  test("is read only when it is written exactly so (L2)", () => {
    fc.assert(
      fc.property(event, (value) => {
        const bytes = Buffer.from(writeLeaf(value).bytes);

        expect(() => readLeaf(Buffer.concat([bytes, Buffer.from("\n")]))).toThrow(
          expect.objectContaining({ code: "audit.event-invalid" }),
        );
        expect(() => readLeaf(bytes.subarray(0, -1))).toThrow(expect.objectContaining({ code: "audit.event-invalid" }));
      }),
    );
  });
});
