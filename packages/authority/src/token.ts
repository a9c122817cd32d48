/**
 * Tokens as text: a compact JWS, or a parent and its child with `~` between them.
 *
 * Invariants:
 *   K1. A token has one spelling (`jws.ts` J1), and its digest, the SHA-256 of its bytes, is its name. A child's name is that of
 *       its own bytes, wherever it is presented.
 *   K2. What a token says counts only when the trusted key that its `kid` names signed it, and `kid` is the issuer; a child
 *       when its parent's confirmation key signed it and `kid` is the parent's digest.
 *   K3. One level: a child confirms no key, and a parent has no parent.
 *   K4. No fault throws: a text is a token, or it is refused with the place of the fault and nothing of its bytes.
 *
 * @see RFC 7515 section 7.1 (compact form), RFC 7519 (claims), RFC 7800 (confirmation), RFC 9396 (authorization_details).
 * @module
 */
import {
  canonicalBytes,
  type Digest,
  digestBytes,
  freezeDeep,
  isContractsError,
  type JsonValue,
  type Payload,
  type Timestamp,
  type TokenClaims,
} from "@canonic/contracts";
import { excessOf } from "./attenuation.ts";
import { automataOf, parseClaims, readClaims, sortClaims } from "./claims.ts";
import { AuthorityError, isAuthorityError } from "./errors.ts";
import { isSignedBy, type Jws, readJws, signJws } from "./jws.ts";
import { publicKeyOf, type Signer } from "./keys.ts";
import { timestampOf } from "./moment.ts";
import { type Refusal, refusal } from "./refusal.ts";
import type { Trust } from "./trust.ts";

/** `typ` of a token's header. */
export const TOKEN_TYPE = "canonic-token+jwt";

/** Characters of one token, at most; with as many domains and methods as claims can list, it may still be too long. */
export const TOKEN_TEXT_MAX = 262_144;

/** What an issuer says; lists may come in any order. `iat` and `exp` are seconds since 1970. */
export type TokenDraft = Omit<TokenClaims, "schema" | "iss" | "parent">;

/** A token that was read and whose signature is right. */
export interface ReadToken {
  readonly digest: Digest;
  readonly claims: TokenClaims;
  /** The claims as canonical JSON. */
  readonly payload: Payload;
  readonly issuedAt: Timestamp;
  readonly expiresAt: Timestamp;
  readonly parent: ReadToken | null;
}

/** `said` is there when the signature is right, though the token is refused. */
export type TokenReading =
  | { readonly kind: "token"; readonly token: ReadToken }
  | { readonly kind: "refuse"; readonly reason: Refusal; readonly said: Payload | null };

/**
 * Issues a token.
 *
 * @throws {AuthorityError} `authority.claims-invalid`.
 */
export function issueToken(draft: TokenDraft, signer: Signer): string {
  const claims = sortClaims({ ...draft, schema: "canonic/token/v1", iss: signer.name, parent: null });
  return signClaims(claims, signer.name, signer);
}

/** Signs checked claims; the compact form. */
export function signClaims(claims: TokenClaims, kid: string, signer: Pick<Signer, "sign">): string {
  const jws = signJws(parseClaims(json(claims)) as JsonValue, TOKEN_TYPE, kid, signer);
  const text = `${jws.protected}.${jws.payload}.${jws.signature}`;
  if (text.length <= TOKEN_TEXT_MAX) return text;
  throw new AuthorityError("authority.claims-invalid", `a token has at most ${TOKEN_TEXT_MAX} characters`, {
    issues: [{ pointer: "", expected: `at most ${TOKEN_TEXT_MAX} characters when signed` }],
  });
}

/** The digest of the presented token and, of a child, its parent's: names to ask a store for, whatever the text says. */
export function presentedDigests(text: string): readonly [Digest, ...Digest[]] {
  const [first = "", second] = text.split("~", 3);
  return second === undefined ? [digestBytes(first)] : [digestBytes(second), digestBytes(first)];
}

/** Reads what is presented: a token, or `<parent>~<child>`. */
export function readToken(text: string, trust: Pick<Trust, "issuers">): TokenReading {
  const parts = text.split("~", 3);
  if (parts.length > 2) return unknown("presentation");
  const root = readOne(parts[0] as string, (kid) => trust.issuers.get(kid), null);
  if (root.kind === "refuse" || parts.length === 1) return root;
  const parent = root.token;
  if (parent.claims.cnf === null) return unknown("cnf");
  const key = confirmationKey(parent.claims.cnf.jwk.x);
  const child = readOne(parts[1] as string, (kid) => (kid === parent.digest ? key : undefined), parent);
  return child;
}

type KeysOf = (kid: string) => Parameters<typeof isSignedBy>[0] | undefined;

function readOne(text: string, keysOf: KeysOf, parent: ReadToken | null): TokenReading {
  const jws = text.length <= TOKEN_TEXT_MAX ? partsOf(text) : undefined;
  if (jws === undefined) return unknown("form");
  const reading = readJws(jws, TOKEN_TYPE);
  if (reading.kind === "malformed") return unknown(reading.fault);
  const keys = keysOf(reading.kid);
  if (keys === undefined) return unknown("kid");
  if (!isSignedBy(keys, jws)) return unknown("signature");
  const found = readClaims(reading.payload);
  if (found.kind === "invalid") return unknown(`claims${found.issues[0]?.pointer ?? ""}`);
  const claims = freezeDeep(found.claims);
  const bytes = canonicalBytes(claims as JsonValue);
  const payload = { digest: digestBytes(bytes), bytes };
  const [automaton] = automataOf(claims);
  if (automaton !== undefined) {
    const reason = refusal(
      "authority.recursion",
      automaton,
      "what executes neither issues nor holds a token, and is no domain",
    );
    return { kind: "refuse", reason, said: payload };
  }
  const fault = parent === null ? rootFault(claims, reading.kid) : childFault(claims, parent);
  if (fault !== undefined) return { ...unknown(fault), said: payload };
  const [issuedAt, expiresAt] = [timestampOf(claims.iat), timestampOf(claims.exp)];
  return { kind: "token", token: { digest: digestBytes(text), claims, payload, issuedAt, expiresAt, parent } };
}

function rootFault(claims: TokenClaims, kid: string): string | undefined {
  if (claims.iss !== kid) return "claims/iss";
  return claims.parent === null ? undefined : "claims/parent";
}

function childFault(claims: TokenClaims, parent: ReadToken): string | undefined {
  const [axis] = excessOf(claims, parent);
  return axis === undefined ? undefined : `attenuation/${axis}`;
}

function confirmationKey(x: string): Parameters<typeof isSignedBy>[0] {
  try {
    return [publicKeyOf(Buffer.from(x, "base64url"))];
  } catch (error) {
    if (isAuthorityError(error)) return [];
    throw error;
  }
}

function partsOf(text: string): Jws | undefined {
  const [header, payload, signature, ...rest] = text.split(".", 4);
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return undefined;
  return { protected: header, payload, signature };
}

function unknown(place: string): Extract<TokenReading, { kind: "refuse" }> {
  return {
    kind: "refuse",
    reason: refusal("authority.token-unknown", place, "not a token of a trusted issuer"),
    said: null,
  };
}

/** A draft comes from code: what is not JSON in it is a fault of the draft. */
function json(claims: TokenClaims): JsonValue {
  try {
    return JSON.parse(Buffer.from(canonicalBytes(claims as JsonValue)).toString()) as JsonValue;
  } catch (error) {
    if (!isContractsError(error)) throw error;
    throw new AuthorityError("authority.claims-invalid", "claims are JSON", {
      issues: [{ pointer: "", expected: "JSON" }],
    });
  }
}
