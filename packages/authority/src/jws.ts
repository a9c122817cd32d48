/**
 * Signed JSON, in the one spelling that it has.
 *
 * Invariants:
 *   J1. A signed value has one spelling: base64url without padding or spare bits, canonical JSON in it, a header of exactly
 *       `alg`, `kid` and `typ`. What prints differently when it is printed again is refused, before any key is looked at; so
 *       the digest of the bytes names the value.
 *   J2. There is one algorithm. `alg` is compared, never obeyed.
 *
 * @see RFC 7515 (JWS), RFC 8037 (EdDSA in JOSE), RFC 8725 section 3 (one algorithm, one type).
 * @module
 */
import type { KeyObject } from "node:crypto";
import { canonicalBytes, isContractsError, type JsonValue, Principal, parseCanonicalJson } from "@canonic/contracts";
import { z } from "zod";
import { isSignature, type Signer } from "./keys.ts";

/** Header, payload and signature as a JWS writes them. */
export type Jws = { readonly protected: string; readonly payload: string; readonly signature: string };

/** `fault` is the part that is not spelled as it must be. */
export type JwsReading =
  | { readonly kind: "read"; readonly kid: string; readonly payload: JsonValue }
  | { readonly kind: "malformed"; readonly fault: "header" | "payload" | "signature" };

/** Signs a value under a key id. */
export function signJws(payload: JsonValue, typ: string, kid: string, signer: Pick<Signer, "sign">): Jws {
  const header = encoded(canonicalBytes({ alg: "EdDSA", kid, typ }));
  const body = encoded(canonicalBytes(payload));
  return { protected: header, payload: body, signature: encoded(signer.sign(signingInput(header, body))) };
}

/** Reads what a JWS says, whoever signed it. */
export function readJws(jws: Jws, typ: string): JwsReading {
  const header = z
    .strictObject({ alg: z.literal("EdDSA"), kid: Principal, typ: z.literal(typ) })
    .safeParse(jsonOf(jws.protected));
  if (!header.success) return { kind: "malformed", fault: "header" };
  const payload = jsonOf(jws.payload);
  if (payload === undefined) return { kind: "malformed", fault: "payload" };
  if (decoded(jws.signature)?.length !== 64) return { kind: "malformed", fault: "signature" };
  return { kind: "read", kid: header.data.kid, payload };
}

/** True when one of the keys signed it. */
export function isSignedBy(keys: readonly KeyObject[], jws: Jws): boolean {
  const signature = decoded(jws.signature);
  if (signature === undefined) return false;
  return keys.some((key) => isSignature(key, signingInput(jws.protected, jws.payload), signature));
}

function jsonOf(base64url: string): JsonValue | undefined {
  const bytes = decoded(base64url);
  if (bytes === undefined) return undefined;
  try {
    return parseCanonicalJson(bytes);
  } catch (error) {
    if (isContractsError(error)) return undefined;
    throw error;
  }
}

/** Node decodes what it can and drops the rest; only what it would print itself is base64url. */
function decoded(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return text !== "" && encoded(bytes) === text ? bytes : undefined;
}

function encoded(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}

function signingInput(header: string, payload: string): Buffer {
  return Buffer.from(`${header}.${payload}`, "ascii");
}
