/**
 * The people around a run: who issues tokens, who arms and halts, and who says yes or no at gates, well or badly.
 *
 * @module
 */

import { createPrivateKey, createPublicKey, type KeyObject, verify } from "node:crypto";
import {
  arm,
  createTrust,
  halt,
  issueToken,
  readToken,
  registerToken,
  revokeToken,
  type Signer,
  signApproval,
  signerFromPem,
  TOKEN_TYPE,
} from "@canonic/authority";
import {
  APPROVAL_TYPE,
  type ApprovalClaims,
  byCodeUnit,
  canonicalBytes,
  type Digest,
  digestBytes,
  digestJson,
  type EventData,
  type GateRequest,
  type JsonValue,
  modeAt,
  type OperationContract,
  type RunId,
  type SignedApproval,
  type TokenClaims,
  type Trigger,
} from "@canonic/contracts";
import { OPERATION_NAMES } from "./operations.ts";
import { PLAN_USER } from "./plans.ts";
import type { Choices } from "./seeded-choices.ts";
import type { World } from "./world.ts";

/** Keys from fixed bytes: Ed25519 signs without chance, so that equal seeds give equal signatures. */
function signerOf(name: string): { readonly signer: Signer; readonly publicKey: string; readonly key: KeyObject } {
  const secret = Buffer.from(digestBytes(`the simulated key of ${name}`).slice(7), "hex");
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), secret]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicHalf = createPublicKey(key);
  const x = publicHalf.export({ format: "jwk" }).x as string;
  return {
    key: publicHalf,
    signer: signerFromPem(name, key.export({ type: "pkcs8", format: "pem" }) as string),
    publicKey: Buffer.from(x, "base64url").toString("base64"),
  };
}

/** The log of every world. */
export const ORIGIN = "canonic.test/simulation";

const issuer = signerOf("registry-office");
const stranger = signerOf("stranger");
const approver = signerOf("berta");

export const TRUST = createTrust({
  issuers: [{ name: issuer.signer.name, publicKey: issuer.publicKey }],
  approvers: [{ name: approver.signer.name, publicKey: approver.publicKey }],
});

/** What somebody presents to start or go on with a run. */
export type Presented = {
  readonly token: string;
  readonly digest: Digest;
  readonly claims: Omit<TokenClaims, "schema" | "iss" | "parent">;
  readonly user: string;
  readonly trigger: string;
  /** False for what no trusted issuer signed in its one spelling. */
  readonly isGenuine: boolean;
};

export const TOKEN_FAULTS = [
  "unknown-issuer",
  "garbled",
  "automaton",
  "other-user",
  "other-sub",
  "expired",
  "bad-trigger",
  "other-mode",
  "without-domain",
  "without-method",
  "without-capability",
  "few-invocations",
  "few-tokens-per-response",
  "few-tokens-total",
  "rare",
  "short",
] as const;
export type TokenFault = (typeof TOKEN_FAULTS)[number];

/** Faults that only a plan that asks the model can meet. */
const MODEL_FAULTS = ["few-tokens-per-response", "few-tokens-total", "without-capability"] as const;

/** A fault, more often one that this plan can meet. */
export function drawTokenFault(world: World, choices: Choices): TokenFault {
  const asksModel = world.planned.plan.tasks.some(({ operation }) => operation === "model.ask");
  return choices.pick(asksModel && choices.chance(1, 2) ? MODEL_FAULTS : TOKEN_FAULTS);
}

/** A token as it should be, or with one fault; `number` makes it another one than those before. */
export function presentToken(world: World, number: number, fault: TokenFault | null, choices: Choices): Presented {
  const { plan } = world.planned;
  const iat = Math.floor(world.nowMs / 1000) - (fault === "expired" ? 2000 : 0);
  const domains = new Map<string, string[]>();
  for (const name of OPERATION_NAMES) {
    const [domain, method] = name.split(".") as [string, string];
    domains.set(domain, [...(domains.get(domain) ?? []), method]);
  }
  const used = choices.pick(plan.tasks).operation.split(".") as [string, string];
  if (fault === "without-domain") domains.delete(used[0]);
  if (fault === "without-method") domains.set(used[0], ["something-else"]);
  if (domains.size === 0) domains.set("nothing", ["at-all"]);
  const triggers: Trigger[] = ["direct_command", "scheduled"];
  const claims: Presented["claims"] = {
    jti: `token-${String(number).padStart(12, "0")}`,
    sub: fault === "other-sub" ? "carlos" : fault === "automaton" ? "scheduler" : PLAN_USER,
    label: "simulated",
    iat,
    exp: iat + (fault === "short" ? choices.between(1, 3) : 1800),
    authorization_details: [...domains.keys()].sort(byCodeUnit).map((identifier) => ({
      type: "canonic-domain",
      identifier,
      actions: (domains.get(identifier) ?? []).toSorted(byCodeUnit),
    })),
    triggers,
    modes: fault === "other-mode" ? [plan.mode === "live" ? "dryrun" : "live"] : ["dryrun", "live"],
    capabilities: fault === "without-capability" ? [] : ["log-prompt"],
    limits: {
      invocations: fault === "few-invocations" ? choices.between(1, plan.tasks.length) : 1000,
      tokensPerResponse: fault === "few-tokens-per-response" ? 5 : 100,
      tokensTotal: fault === "few-tokens-total" ? 9 : 100_000,
      frequency: fault === "rare" ? { count: choices.between(1, 3), perSeconds: 60 } : { count: 1000, perSeconds: 60 },
    },
    cnf: null,
  };
  const { signer } = fault === "unknown-issuer" ? stranger : issuer;
  const signed = fault === "automaton" ? signedAnyway(claims, signer) : issueToken(claims, signer);
  const token = fault === "garbled" ? `${signed}=` : signed;
  return {
    token,
    digest: digestBytes(token),
    claims,
    user: fault === "other-user" ? "carlos" : PLAN_USER,
    trigger: fault === "bad-trigger" ? "background" : "direct_command",
    isGenuine: fault !== "unknown-issuer" && fault !== "garbled" && fault !== "automaton",
  };
}

/** A token that no issuer of ours would sign. */
function signedAnyway(claims: Presented["claims"], signer: Signer): string {
  const whole = { ...claims, schema: "canonic/token/v1", iss: signer.name, parent: null };
  const jws = signJson(whole as JsonValue, TOKEN_TYPE, signer);
  return `${jws.protected}.${jws.payload}.${jws.signature}`;
}

/** A signature over anything, without the checks that stand before it elsewhere. */
function signJson(payload: JsonValue, typ: string, signer: Signer): SignedApproval {
  const encode = (value: JsonValue): string => Buffer.from(canonicalBytes(value)).toString("base64url");
  const [header, body] = [encode({ alg: "EdDSA", kid: signer.name, typ }), encode(payload)];
  const signature = Buffer.from(signer.sign(Buffer.from(`${header}.${body}`))).toString("base64url");
  return { payload: body, protected: header, signature };
}

export const APPROVAL_KINDS = [
  "nothing",
  "good",
  "again",
  "other-log",
  "other-run",
  "other-gate",
  "other-plan",
  "other-pins",
  "expired",
  "not-yet-valid",
  "long-lived",
  "without-decision",
  "rejection",
  "unknown-signer",
  "wrong-signature",
  "malformed",
] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** One approval of a kind; `number` makes it another one than those before, `before` is the last one that was presented. */
export function presentApproval(
  world: World,
  request: GateRequest,
  kind: ApprovalKind,
  number: number,
  before: unknown,
): unknown {
  if (kind === "nothing") return null;
  if (kind === "again") return before;
  if (kind === "malformed") return { payload: "not", protected: "an", signature: "approval" };
  const now = Math.floor(world.nowMs / 1000);
  const iat = now + (kind === "expired" ? -500 : kind === "not-yet-valid" ? 300 : 0);
  const claims: ApprovalClaims = {
    schema: "canonic/approval/v1",
    origin: kind === "other-log" ? "canonic.test/elsewhere" : ORIGIN,
    run: kind === "other-run" ? (`run_${"0".repeat(20)}` as RunId) : request.run,
    gate: kind === "other-gate" ? "SG_99" : request.gate,
    plan: kind === "other-plan" ? digestJson("another plan") : request.plan,
    pins: kind === "other-pins" ? digestJson("other pins") : request.pins,
    decision: kind === "rejection" ? "reject" : "approve",
    meaning: `what approval ${number} means`,
    reviewDecision: request.reviewDecision && kind !== "without-decision" ? `review ${number}` : null,
    iat,
    exp: iat + (kind === "expired" ? 100 : kind === "long-lived" ? 1_000_000 : 3600),
  };
  const { signer } = kind === "unknown-signer" ? stranger : approver;
  const signed =
    kind === "long-lived" ? signJson(claims as JsonValue, APPROVAL_TYPE, signer) : signApproval(claims, signer);
  return kind === "wrong-signature" ? { ...signed, signature: `${signed.signature.slice(0, 84)}AA` } : signed;
}

/** Why an approval on record is none that a person gave to exactly this, at a moment when it held; null when it is. */
export function approvalFault(
  { run, log, planDigest, shown }: World,
  data: EventData<"APPROVAL_RECORDED">,
): string | null {
  const bytes = log.payloads.get(data.approval);
  if (bytes === undefined) return "it is not beside its record";
  const { payload, protected: header, signature } = JSON.parse(Buffer.from(bytes).toString("utf8")) as SignedApproval;
  const input = Buffer.from(`${header}.${payload}`);
  if (!verify(null, input, approver.key, Buffer.from(signature, "base64url"))) return "its approver did not sign it";
  const said = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as ApprovalClaims;
  if (said.origin !== ORIGIN) return "it is for another log";
  if (said.run !== run || said.gate !== data.gate) return "it is for another gate";
  if (said.plan !== planDigest || said.pins !== data.pins) return "it is for other results";
  if (said.decision !== data.decision || said.reviewDecision !== data.reviewDecision) return "it says something else";
  const held = (shown.get(data.approval) ?? []).some((ms) => ms >= said.iat * 1000 && ms < said.exp * 1000);
  return held ? null : "it did not hold when it was shown";
}

/** People act on the store at once, beside whatever runs. */
export function armStore(world: World, seconds: number): void {
  arm(world.storage, { by: "operator-in-person", reason: "the simulation arms", now: world.now(), seconds });
}

/** Takes back what was armed, before its time is over. */
export function disarmStore(world: World): void {
  const [by, reason, now] = ["operator-in-person", "the simulation disarms", world.now()];
  if (modeAt(world.storage.mode(), now) !== "armed") return;
  world.storage.setMode((current) => ({
    record: { mode: "safe", by, reason, since: now, until: null },
    event: {
      type: "MODE_CHANGED",
      subject: "mode",
      data: { from: modeAt(current, now), to: "safe", by, reason, until: null, occurredAt: now },
    },
  }));
}

export function haltStore(world: World): void {
  halt(world.storage, { by: "operator-in-person", reason: "the simulation halts", now: world.now() });
}

/** Why this token allows no execution under this contract, whatever a store knows of it; null when it does. */
export function scopeFault({ planned }: World, presented: Presented, contract: OperationContract): string | null {
  const { claims, user, trigger, isGenuine } = presented;
  const [domain, method] = contract.operation.split(".") as [string, string];
  const listed = claims.authorization_details.find(({ identifier }) => identifier === domain);
  if (!isGenuine) return "nobody who is trusted issued the token";
  if (claims.sub !== planned.plan.user || user !== planned.plan.user) return "the token is another user's";
  if (!claims.triggers.some((allowed) => allowed === trigger)) return "the token does not allow the trigger";
  if (!claims.modes.includes(contract.mode)) return "the token does not allow the mode";
  if (listed?.actions.includes(method) !== true) return "the token does not list the method";
  const lacking = (contract.capabilities ?? []).find((capability) => !claims.capabilities.includes(capability));
  return lacking === undefined ? null : `the token does not grant ${lacking}`;
}

/** Whoever issued a token may tell the store of it, or not. */
export function register(world: World, { token }: Presented): void {
  const reading = readToken(token, TRUST);
  if (reading.kind === "token") registerToken(world.storage, reading.token, world.now());
}

export function revoke(world: World, presented: Presented): void {
  revokeToken(world.storage, presented.digest, {
    by: "operator-in-person",
    reason: "the simulation revokes",
    now: world.now(),
  });
}
