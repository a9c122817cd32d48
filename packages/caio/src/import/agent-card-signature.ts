/**
 * Signatures of A2A agent cards: detached JWS over the card's canonical JSON.
 *
 * Keys are those that the caller trusts. A card names its key by `kid`, and where it may be fetched (`jku`); nothing is fetched, for who
 * can write a card can write an address into it.
 *
 * Invariants:
 *   S1. A signature counts only under the algorithm that its key is for; the card never chooses another.
 *   S2. The signed bytes are those of the card without `signatures`, whole, or with what is empty left out (as protocol buffers print
 *       it, A2A 8.4.1); which of the two is told, for emptiness can mean something: a requirement without scopes.
 *
 * @see RFC 7515 (JWS), appendix F; RFC 8785 (JCS); RFC 7518 and RFC 8037 (algorithms); A2A 1.0, section 8.4.
 * @module
 */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { canonicalJson, type JsonObject, type JsonValue } from "@canonic/contracts";
import { listOf, objectOf, textOf } from "./names.ts";

/** `unsigned` without a signature, `unchecked` with none of a given key, `valid` with one and no bad one, `bad` with any that fails. */
export type CardSignature = "bad" | "unchecked" | "unsigned" | "valid";

/** `signed` is the form of the card that a valid signature covers; the card itself where none does. */
export type CheckedCard = { readonly signature: CardSignature; readonly signed: JsonObject };

/** Signatures of a card that are looked at; more are bad. */
const SIGNATURES_MAX = 16;

type Algorithm = { readonly hash: string | null; readonly fits: (key: KeyObject) => boolean };

const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  ["ES256", { hash: "sha256", fits: (key) => key.asymmetricKeyDetails?.namedCurve === "prime256v1" }],
  ["ES384", { hash: "sha384", fits: (key) => key.asymmetricKeyDetails?.namedCurve === "secp384r1" }],
  ["EdDSA", { hash: null, fits: (key) => key.asymmetricKeyType === "ed25519" }],
  ["Ed25519", { hash: null, fits: (key) => key.asymmetricKeyType === "ed25519" }],
  ["RS256", { hash: "sha256", fits: isStrongRsa }],
]);

/**
 * Checks every signature of a card.
 *
 * @param keys - A JSON Web Key Set (RFC 7517) of public keys that the caller trusts, by `kid`; null for none.
 */
export function checkCardSignatures(card: JsonObject, keys: JsonValue): CheckedCard {
  const { signatures = [], ...whole } = card;
  if (!Array.isArray(signatures) || signatures.length > SIGNATURES_MAX) return { signature: "bad", signed: whole };
  if (signatures.length === 0) return { signature: "unsigned", signed: whole };
  const forms = [whole, (withoutEmpty(whole) ?? {}) as JsonObject];
  const payloads = forms.map((form) => encoded(canonicalJson(form)));
  const answers = signatures.map((signature) => checkOne(objectOf(signature), payloads, keys));
  if (answers.includes("bad")) return { signature: "bad", signed: whole };
  const covered = answers.filter((answer) => typeof answer === "number").sort();
  const [form] = covered;
  if (form === undefined) return { signature: "unchecked", signed: whole };
  return { signature: "valid", signed: forms[form] ?? whole };
}

/** The place of the payload that the signature covers, or that it is bad, or of an unknown key. */
function checkOne(
  signature: JsonObject | null,
  payloads: readonly string[],
  keys: JsonValue,
): number | "bad" | "unchecked" {
  const header = textOf(signature?.["protected"]);
  const value = textOf(signature?.["signature"]);
  if (header === null || value === null || !isBase64url(header) || !isBase64url(value)) return "bad";
  const said = readHeader(header);
  const kid = textOf(said?.["kid"]);
  const algorithm = ALGORITHMS.get(textOf(said?.["alg"]) ?? "");
  // `crit` names extensions without which a header must not be believed; we know none.
  if (said === null || kid === null || Object.hasOwn(said, "crit")) return "bad";
  const named = listOf(objectOf(keys)?.["keys"])
    .map(objectOf)
    .filter((key) => key?.["kid"] === kid);
  if (named.length === 0) return "unchecked";
  if (algorithm === undefined) return "bad";
  const bytes = Buffer.from(value, "base64url");
  const fitting = named.flatMap((jwk) => {
    const key = jwk === null || (Object.hasOwn(jwk, "alg") && jwk["alg"] !== said["alg"]) ? null : publicKeyOf(jwk);
    return key === null || !algorithm.fits(key) ? [] : [key];
  });
  const covered = payloads.findIndex((payload) => {
    const signed = Buffer.from(`${header}.${payload}`, "ascii");
    return fitting.some((key) => verify(algorithm.hash, signed, { key, dsaEncoding: "ieee-p1363" }, bytes));
  });
  return covered === -1 ? "bad" : covered;
}

function readHeader(text: string): JsonObject | null {
  try {
    return objectOf(
      JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "base64url"))) as JsonValue,
    );
  } catch {
    return null;
  }
}

/** Public members alone are read: a key set with a private key in it is no reason to use it. */
function publicKeyOf(jwk: JsonObject): KeyObject | null {
  const members = Object.fromEntries(
    ["kty", "crv", "x", "y", "n", "e"].filter((name) => Object.hasOwn(jwk, name)).map((name) => [name, jwk[name]]),
  );
  try {
    return createPublicKey({ key: members as Record<string, string>, format: "jwk" });
  } catch {
    return null;
  }
}

function isStrongRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
}

/** Leaves out empty texts, lists and objects, and null, at every depth; undefined where nothing is left. */
function withoutEmpty(value: JsonValue): JsonValue | undefined {
  if (value === "" || value === null) return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const kept = value.map((item) => withoutEmpty(item)).filter((item) => item !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  const kept = Object.entries(value).flatMap(([key, child]) => {
    const left = withoutEmpty(child as JsonValue);
    return left === undefined ? [] : [[key, left] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function encoded(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}

function isBase64url(text: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(text);
}
