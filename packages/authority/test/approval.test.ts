import {
  APPROVAL_TYPE,
  canonicalJson,
  type Digest,
  digestBytes,
  digestJson,
  type GateName,
  type JsonObject,
  type JsonValue,
  type SignedApproval,
} from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { type ApprovalDraft, checkApproval, createTrust, readApproval, secondsOf, signApproval } from "../src/index.ts";
import { signJws } from "../src/jws.ts";
import { approver, issuer, NOW, ORIGIN, OTHER_RUN, person, RUN, trust } from "./support.ts";

type AskedGate = Parameters<typeof checkApproval>[0];

const plan = digestBytes("plan");
const pins = digestBytes("pins");
const request: AskedGate = { origin: ORIGIN, run: RUN, gate: "SG_1" as GateName, plan, pins, reviewDecision: false };
const iat = secondsOf(NOW);
const draft: ApprovalDraft = {
  origin: ORIGIN,
  run: RUN,
  gate: "SG_1" as GateName,
  plan,
  pins,
  decision: "approve",
  meaning: "I have read the 120 units and want them written.",
  reviewDecision: null,
  iat,
  exp: iat + 43_200,
};
const approval = signApproval(draft, approver.signer);
const claims = { ...draft, schema: "canonic/approval/v1" };
const stranger = person("stranger");

const check = (value: unknown, asked: Partial<AskedGate> = {}, now = NOW, recorded: readonly Digest[] = []) =>
  checkApproval({ ...request, ...asked }, value, trust, now, recorded);
const resigned = (rest: JsonObject): SignedApproval =>
  signJws({ ...claims, ...rest } as JsonValue, APPROVAL_TYPE, approver.signer.name, approver.signer);
const base64url = (text: string | Uint8Array): string => Buffer.from(text).toString("base64url");
const withHeader = (text: string): SignedApproval => {
  const header = base64url(text);
  const signature = approver.signer.sign(Buffer.from(`${header}.${approval.payload}`));
  return { payload: approval.payload, protected: header, signature: base64url(signature) };
};

describe("an approval", () => {
  test("is accepted for exactly what it says", () => {
    expect(check(approval)).toEqual({
      kind: "approval",
      approval: { digest: digestJson(approval), bytes: Buffer.from(canonicalJson(approval)) },
      signer: "Ana Pérez",
      claims,
      expiresAt: "2026-02-01T00:00:00.000Z",
    });
  });

  test("may be a rejection, and may name a review decision that nobody asks for", () => {
    const rejection = signApproval({ ...draft, decision: "reject", reviewDecision: "RD-7" }, approver.signer);

    expect(check(rejection)).toMatchObject({
      kind: "approval",
      claims: { decision: "reject", reviewDecision: "RD-7" },
    });
    expect(check(rejection, { reviewDecision: true })).toMatchObject({ kind: "approval" });
  });

  test("is good from its first millisecond to its last", () => {
    expect(check(approval, {}, "2026-01-31T11:59:59.999Z")).toMatchObject({
      reason: { code: "authority.approval-not-yet-valid" },
    });
    expect(check(approval, {}, "2026-01-31T23:59:59.999Z")).toMatchObject({ kind: "approval" });
    expect(check(approval, {}, "2026-02-01T00:00:00.000Z")).toMatchObject({
      reason: { code: "authority.approval-expired" },
    });
  });
});

const malformed = "authority.approval-malformed";
const wrong = "authority.approval-signature-wrong";
const header = { alg: "EdDSA", kid: "Ana Pérez", typ: APPROVAL_TYPE };
type Mutation = readonly [name: string, value: unknown, code: string, asked?: Partial<AskedGate>];
const mutations: readonly Mutation[] = [
  ["nothing", undefined, malformed],
  ["its text", JSON.stringify(approval), malformed],
  ["an extra member", { ...approval, header: {} }, malformed],
  ["no signature", { payload: approval.payload, protected: approval.protected }, malformed],
  ["padding", { ...approval, signature: `${approval.signature}==` }, malformed],
  ["a trailing newline", { ...approval, payload: `${approval.payload}\n` }, malformed],
  ["a payload with spaces", signedText(JSON.stringify(claims, null, 1)), malformed],
  ["a duplicate claim", signedText(`${canonicalJson(claims).slice(0, -1)},"gate":"SG_2"}`), malformed],
  ["an extra claim", resigned({ admin: true }), malformed],
  ["no meaning", resigned({ meaning: "" }), malformed],
  ["another decision than yes or no", resigned({ decision: "maybe" }), malformed],
  ["alg none", { ...approval, protected: base64url(canonicalJson({ ...header, alg: "none" })) }, malformed],
  ["the type of a token", withHeader(canonicalJson({ ...header, typ: "canonic-token+jwt" })), malformed],
  ["an extra header field", withHeader(canonicalJson({ ...header, crit: [] })), malformed],
  [
    "a header out of order",
    withHeader(JSON.stringify({ typ: APPROVAL_TYPE, kid: "Ana Pérez", alg: "EdDSA" })),
    malformed,
  ],
  ["an unknown signer", signApproval(draft, stranger.signer), "authority.approval-signer-unknown"],
  ["an issuer as signer", signApproval(draft, issuer.signer), "authority.approval-signer-unknown"],
  [
    "a stranger's signature under the approver's name",
    signApproval(draft, { ...stranger.signer, name: "Ana Pérez" }),
    wrong,
  ],
  ["other claims under the signature", { ...resigned({ gate: "SG_2" }), signature: approval.signature }, wrong],
  ["a signature of zeros", { ...approval, signature: base64url(Buffer.alloc(64)) }, wrong],
  ["no log", resigned({ origin: "" }), malformed],
  ["another log", resigned({ origin: "canonic.test/other" }), "authority.approval-other-log"],
  ["another run", resigned({ run: OTHER_RUN }), "authority.approval-other-run"],
  ["another gate", resigned({ gate: "SG_2" }), "authority.approval-other-gate"],
  ["a lifetime of 0", resigned({ exp: iat }), "authority.approval-ttl"],
  ["a lifetime above twelve hours", resigned({ exp: iat + 43_201 }), "authority.approval-ttl"],
  ["a beginning in the future", resigned({ iat: iat + 1 }), "authority.approval-not-yet-valid"],
  ["an end in the past", resigned({ iat: iat - 60, exp: iat }), "authority.approval-expired"],
  ["another plan", resigned({ plan: digestBytes("other") }), "authority.approval-plan-differs"],
  ["other results", resigned({ pins: digestBytes("other") }), "authority.approval-pins-differ"],
  [
    "no review decision where one is asked for",
    approval,
    "authority.approval-decision-missing",
    { reviewDecision: true },
  ],
];

describe("a mutated approval is refused, with", () => {
  test("more than twenty-five mutations", () => {
    expect(new Set(mutations.map(([name]) => name)).size).toBe(mutations.length);
    expect(mutations.length).toBeGreaterThan(25);
  });

  for (const [name, value, code, asked] of mutations)
    test(name, () => {
      expect(check(value, asked)).toMatchObject({ kind: "refuse", reason: { code } });
    });

  test("a second use, before anything else is looked at", () => {
    const recorded = [digestJson(approval)];

    expect(check(approval, {}, NOW, recorded)).toMatchObject({ reason: { code: "authority.approval-replayed" } });
    expect(check(approval, { run: OTHER_RUN }, NOW, recorded)).toMatchObject({
      reason: { code: "authority.approval-replayed" },
    });
    const fake = { ...approval, signature: base64url(Buffer.alloc(64)) };
    expect(check(fake, {}, NOW, [digestJson(fake)])).toMatchObject({ reason: { code: "authority.approval-replayed" } });
  });

  test("the first of two faults, in the order of the checks", () => {
    const two = resigned({ origin: "x", run: OTHER_RUN, gate: "SG_2", exp: iat, plan: digestBytes("other") });

    expect(check(two)).toMatchObject({ reason: { code: "authority.approval-other-log" } });
    expect(check(two, { origin: "x" })).toMatchObject({ reason: { code: "authority.approval-other-run" } });
    expect(check(two, { origin: "x", run: OTHER_RUN })).toMatchObject({
      reason: { code: "authority.approval-other-gate" },
    });
    expect(check(two, { origin: "x", run: OTHER_RUN, gate: "SG_2" as GateName })).toMatchObject({
      reason: { code: "authority.approval-ttl" },
    });
  });
});

test("nobody signs an approval that nobody would accept", () => {
  for (const rest of [{ exp: iat }, { exp: iat + 43_201 }, { meaning: "" }]) {
    expect(() => signApproval({ ...draft, ...rest }, approver.signer)).toThrow(
      expect.objectContaining({ code: "authority.claims-invalid" }),
    );
  }
});

test("reading tells who approved what, whatever gate asks", () => {
  expect(readApproval(approval, trust)).toMatchObject({ kind: "approval", signer: "Ana Pérez", claims });
});

describe("trust", () => {
  const key = person("somebody").trusted;
  test.each([
    [
      "an approver's key that issues tokens",
      { issuers: [{ ...key, name: "office" }], approvers: [key] },
      "/approvers/0",
    ],
    [
      "an approver's key that signs the log",
      { logs: [{ origin: "log", keys: [key] }], approvers: [key] },
      "/approvers/0",
    ],
    ["one key of two approvers", { approvers: [key, { ...key, name: "other" }] }, "/approvers/1"],
    ["an issuer that schedules", { issuers: [{ ...key, name: "scheduler" }] }, "/issuers/0"],
    ["an approver that is an agent", { approvers: [{ ...key, name: "review agent" }] }, "/approvers/0"],
    [
      "a key of 31 bytes",
      { issuers: [{ name: "office", publicKey: Buffer.alloc(31, 7).toString("base64") }] },
      "/issuers/0",
    ],
    [
      "a key of small order",
      { issuers: [{ name: "office", publicKey: Buffer.alloc(32).toString("base64") }] },
      "/issuers/0",
    ],
    ["a key without padding", { issuers: [{ ...key, publicKey: key.publicKey.slice(0, -1) }] }, "/issuers/0"],
  ])("refuses %s", (_, file, pointer) => {
    expect(() => createTrust(file)).toThrow(
      expect.objectContaining({
        code: "authority.trust-invalid",
        details: { issues: [{ pointer, expected: expect.any(String) }] },
      }),
    );
  });

  test("of nobody is possible", () => {
    const nobody = createTrust({});

    expect([nobody.issuers.size, nobody.approvers.size]).toEqual([0, 0]);
  });
});

function signedText(text: string): SignedApproval {
  const payload = base64url(text);
  const signature = approver.signer.sign(Buffer.from(`${approval.protected}.${payload}`));
  return { payload, protected: approval.protected, signature: base64url(signature) };
}
