import {
  BoundaryCategory,
  canonicalBytes,
  digestBytes,
  EVENT_TYPES,
  ExecutionMode,
  LimitName,
  type RunEvent,
} from "@canonic/contracts";
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
const run = hex(20).map((digits) => `run_${digits}`);
const gate = fc.constantFrom("SG_1", "REVIEW");
const person = fc.constantFrom("ann", "Zoë Müller", "operator of the 2nd shift");
const moment = fc.constantFrom("2026-01-31T12:00:00.000Z", "1999-12-31T23:59:59.999Z");
const executionMode = fc.constantFrom(...ExecutionMode.options);

const dataByType: Record<string, fc.Arbitrary<unknown>> = {
  PLAN_FROZEN: fc.record(
    {
      number: fc.integer({ min: 1 }),
      plan: digest,
      registry: digest,
      tasks: fc.integer({ min: 1 }),
      mode: fc.constantFrom("live", "dryrun"),
      semantics: fc.constant(1),
      engine: fc.constant("local"),
      fence: fc.integer({ min: 1 }),
      checkpoint: digest,
    },
    { requiredKeys: ["number", "plan", "registry", "tasks", "mode", "semantics", "engine", "fence"] },
  ),
  TOKEN_VALIDATION: fc.record({
    token: digest,
    claims: nullable(digest),
    user: person,
    trigger: words,
    decision,
    reasons,
  }),
  ROUTING_DECISION: fc.record({
    payloadType: fc.constant("a/b"),
    operation: nullable(fc.constant("a.b")),
    version: nullable(fc.constant("1.0.0")),
    contract: nullable(digest),
    snapshot: digest,
    decision,
    reasons,
  }),
  AUTHORIZATION_SCOPE_CHECK: fc.record({
    domain: words,
    method: words,
    token: digest,
    policySet: nullable(digest),
    policies: fc.array(person, { maxLength: 3 }),
    decision,
    reasons,
  }),
  DRIFT_CHECK: fc.record({ of: task, expected: digest, found: nullable(digest), decision, reasons }),
  RESOURCE_LIMIT_CHECK: fc.record({
    token: digest,
    limits: fc.array(
      fc.record({
        limit: fc.constantFrom(...LimitName.options),
        used: count,
        reserved: count,
        need: count,
        max: count,
      }),
      { minLength: 4, maxLength: 4 },
    ),
    decision,
    reasons,
  }),
  EXECUTION_STARTED: fc.record({
    effect: fc.constantFrom("pure", "read", "write"),
    input: digest,
    attempt: fc.integer({ min: 1 }),
    idempotencyKey: nullable(words),
  }),
  EXECUTION_COMPLETED: fc.record({
    output: digest,
    sizeBytes: fc.integer({ min: 1 }),
    tokens: count,
    contract: fc.constant("satisfied"),
  }),
  EXECUTION_DENIED: fc.record({ stage: words, reasons: fc.array(reason, { minLength: 1, maxLength: 3 }) }),
  OPERATION_ABORTED: fc.record({ code: words, failure: nullable(digest), reasons }),
  BOUNDARY_VIOLATION: fc.record({ category: fc.constantFrom(...BoundaryCategory.options), attempted: person }),
  EXECUTION_SKIPPED: fc.record({ because: fc.oneof(task, gate) }),
  APPROVAL_REQUESTED: fc.record({ gate, plan: digest, pins: digest, reviewDecision: fc.boolean() }),
  APPROVAL_RECORDED: fc.record({
    gate,
    approval: digest,
    signer: person,
    decision: fc.constantFrom("approve", "reject"),
    plan: digest,
    pins: digest,
    reviewDecision: nullable(person),
    expiresAt: moment,
  }),
  RUN_STOPPED: fc.record({ code: person, task: nullable(task), gate: nullable(gate), record: digest }),
  RUN_VOIDED: fc.record({ reason: person, by: person }),
  RUN_RESUMED: fc.record({
    completed: count,
    indeterminate: fc.array(task, { maxLength: 3 }),
    attempt: fc.integer({ min: 2 }),
    fence: fc.integer({ min: 1 }),
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
  KEY_ROTATED: fc
    .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ minLength: 64, maxLength: 64 }), person)
    .map(([key, signature, origin]) => ({
      origin,
      previous: Buffer.from(key).toString("base64"),
      next: Buffer.from(key.toReversed()).toString("base64"),
      previousSignature: Buffer.from(signature).toString("base64"),
      nextSignature: Buffer.from(signature.toReversed()).toString("base64"),
    })),
  PAYLOAD_REDACTED: fc.record({ digest, by: person, reason: person }),
  JOURNAL_REPAIRED: fc.record({
    sizeBefore: count,
    sizeAfter: count,
    dropped: fc.integer({ min: 1 }),
    quarantine: digest,
  }),
  TOKEN_ISSUED: fc.record({
    token: digest,
    claims: digest,
    issuer: person,
    user: person,
    parent: nullable(digest),
    expiresAt: moment,
    occurredAt: moment,
  }),
  TOKEN_FIRST_USED: fc.record({ token: digest, run, occurredAt: moment }),
  TOKEN_REVOKED: fc.record({ token: digest, by: person, reason: person, occurredAt: moment }),
  TOKEN_EXPIRED: fc.record({ token: digest, expiresAt: moment, occurredAt: moment }),
  MODE_CHANGED: fc.record({
    from: executionMode,
    to: executionMode,
    by: person,
    reason: person,
    until: nullable(moment),
    occurredAt: moment,
  }),
};
const event = fc.constantFrom(...Object.keys(dataByType)).chain((type) =>
  fc.record({
    run: fc.oneof(fc.constantFrom("log", "authority"), run),
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
        data: {
          domain,
          method: "m",
          token: digestBytes(""),
          policySet: null,
          policies: [],
          decision: "allow",
          reasons: [],
        },
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
