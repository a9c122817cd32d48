import { createHmac } from "node:crypto";
import { canonicalJson, digestBytes, type JsonObject, type JsonValue, TokenClaims } from "@canonic/contracts";
import { compactVerify, importJWK } from "jose";
import { describe, expect, test } from "vitest";
import { type AuthorityError, issueToken, readToken, type Signer, TOKEN_TEXT_MAX } from "../src/index.ts";
import { draft, holder, issuer, otherIssuer, token, trust } from "./support.ts";

const base64url = (text: string | Uint8Array): string => Buffer.from(text).toString("base64url");
const unpack = (part: string): JsonObject => JSON.parse(Buffer.from(part, "base64url").toString()) as JsonObject;
const [header = "", payload = "", signature = ""] = token.split(".");
const claims = unpack(payload);
const goodHeader = { alg: "EdDSA", kid: "office", typ: "canonic-token+jwt" };

/** Signs texts exactly as they are. */
function signed(headerText: string, payloadText: string, signer: Pick<Signer, "sign"> = issuer.signer): string {
  const input = `${base64url(headerText)}.${base64url(payloadText)}`;
  return `${input}.${base64url(signer.sign(Buffer.from(input)))}`;
}

const withClaims = (rest: JsonObject): string =>
  signed(canonicalJson(goodHeader), canonicalJson({ ...claims, ...rest }));
const withHeader = (rest: JsonObject): string =>
  signed(canonicalJson({ ...goodHeader, ...rest }), canonicalJson(claims));
const without = (object: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

describe("a token", () => {
  test("is read back as it was issued, under the digest of its bytes", () => {
    const reading = readToken(token, trust);

    expect(reading).toEqual({
      kind: "token",
      token: {
        digest: digestBytes(token),
        claims: TokenClaims.parse({ ...draft, schema: "canonic/token/v1", iss: "office", parent: null }),
        payload: {
          digest: digestBytes(canonicalJson(claims)),
          bytes: Buffer.from(canonicalJson(claims)),
        },
        issuedAt: "2026-01-31T12:00:00.000Z",
        expiresAt: "2026-01-31T12:10:00.000Z",
        parent: null,
      },
    });
  });

  test("is one text, however its lists were given", () => {
    const turned = {
      ...draft,
      authorization_details: [...draft.authorization_details, ...draft.authorization_details].reverse(),
      triggers: ["direct_command" as const, "direct_command" as const],
    };

    expect(issueToken(turned, issuer.signer)).toBe(token);
  });

  test("is a JWS that another library verifies", async () => {
    const key = await importJWK({ kty: "OKP", crv: "Ed25519", x: base64url(issuer.publicKey) }, "EdDSA");
    const verified = await compactVerify(token, key);

    expect(verified.protectedHeader).toEqual(goodHeader);
    expect(Buffer.from(verified.payload).toString()).toBe(canonicalJson(claims));
  });

  test("is trusted under an older key of its issuer too", () => {
    const both = {
      issuers: new Map([
        ["office", [...(trust.issuers.get("other office") ?? []), ...(trust.issuers.get("office") ?? [])]],
      ]),
    };

    expect(readToken(token, both).kind).toBe("token");
  });
});

/** One mutation each, of the good token above; `place` is where it is refused. */
const mutations: readonly (readonly [name: string, text: string, place: string])[] = [
  ["nothing", "", "form"],
  ["a word", "token", "form"],
  ["two parts", `${header}.${payload}`, "form"],
  ["four parts", `${token}.`, "form"],
  ["five parts, as of encryption", `${token}.a.b`, "form"],
  ["a leading space", ` ${token}`, "header"],
  ["a trailing newline", `${token}\n`, "signature"],
  ["padding", `${token}==`, "signature"],
  ["spare bits in the signature", `${header}.${payload}.${spareBits(signature)}`, "signature"],
  [
    "standard base64",
    signed(canonicalJson(goodHeader), canonicalJson({ ...claims, label: "~~~???" }))
      .replaceAll("-", "+")
      .replaceAll("_", "/"),
    "payload",
  ],
  ["a newline inside the payload", `${header}.${payload.slice(0, 8)}\n${payload.slice(8)}.${signature}`, "payload"],
  ["a NUL inside the header", `${header.slice(0, 4)}\0${header.slice(4)}.${payload}.${signature}`, "header"],
  ["no signature", `${header}.${payload}.`, "signature"],
  ["a short signature", `${header}.${payload}.${base64url(Buffer.alloc(63))}`, "signature"],
  ["a signature of zeros", `${header}.${payload}.${base64url(Buffer.alloc(64))}`, "signature"],
  [
    "a signature with S + L",
    `${header}.${payload}.${base64url(plusOrder(Buffer.from(signature, "base64url")))}`,
    "signature",
  ],
  [
    "the signature of other claims",
    `${header}.${payload}.${issueToken({ ...draft, label: "x" }, issuer.signer).split(".")[2]}`,
    "signature",
  ],
  [
    "other claims under the signature",
    `${header}.${base64url(canonicalJson({ ...claims, label: "x" }))}.${signature}`,
    "signature",
  ],
  ["a stranger's signature", signed(canonicalJson(goodHeader), canonicalJson(claims), holder.signer), "signature"],
  ["alg none", `${base64url(canonicalJson({ ...goodHeader, alg: "none" }))}.${payload}.`, "header"],
  ["alg none with a signature", withHeader({ alg: "none" }), "header"],
  ["alg Ed25519", withHeader({ alg: "Ed25519" }), "header"],
  ["HS256 with the public key", hs256(), "header"],
  ["another type", withHeader({ typ: "canonic-approval+jws" }), "header"],
  ["a type in capitals", withHeader({ typ: "Canonic-Token+JWT" }), "header"],
  ["no type", signed(canonicalJson(without(goodHeader, "typ")), canonicalJson(claims)), "header"],
  ["no kid", signed(canonicalJson(without(goodHeader, "kid")), canonicalJson(claims)), "header"],
  ["an extra header field", withHeader({ cty: "json" }), "header"],
  ["a critical header field", withHeader({ crit: ["b64"], b64: false }), "header"],
  [
    "a key in the header",
    withHeader({ jwk: { kty: "OKP", crv: "Ed25519", x: base64url(issuer.publicKey) } }),
    "header",
  ],
  ["a header with spaces", signed(JSON.stringify(goodHeader, null, 1), canonicalJson(claims)), "header"],
  [
    "a header out of order",
    signed(JSON.stringify({ typ: goodHeader.typ, kid: "office", alg: "EdDSA" }), canonicalJson(claims)),
    "header",
  ],
  [
    "a duplicate header field",
    signed(`{"alg":"none",${canonicalJson(goodHeader).slice(1)}`, canonicalJson(claims)),
    "header",
  ],
  ["an unknown kid", withHeader({ kid: "nobody" }), "kid"],
  ["a kid from the prototype", withHeader({ kid: "constructor" }), "kid"],
  ["the kid of another issuer", withHeader({ kid: "other office" }), "signature"],
  ["another issuer's name in the claims", withClaims({ iss: "other office" }), "claims/iss"],
  ["claims with spaces", signed(canonicalJson(goodHeader), JSON.stringify(claims, null, 1)), "payload"],
  ["claims with a byte order mark", signed(canonicalJson(goodHeader), `\ufeff${canonicalJson(claims)}`), "payload"],
  [
    "claims out of order",
    signed(canonicalJson(goodHeader), JSON.stringify(Object.fromEntries(Object.entries(claims).reverse()))),
    "payload",
  ],
  [
    "a number written another way",
    signed(canonicalJson(goodHeader), canonicalJson(claims).replace('"iat":17', '"iat":17.0e0')),
    "payload",
  ],
  [
    "an escaped letter",
    signed(canonicalJson(goodHeader), canonicalJson(claims).replace("ana", "\\u0061na")),
    "payload",
  ],
  [
    "a duplicate claim",
    signed(canonicalJson(goodHeader), `${canonicalJson(claims).slice(0, -1)},"sub":"eve"}`),
    "payload",
  ],
  ["claims that are a list", signed(canonicalJson(goodHeader), "[]"), "claims"],
  ["an extra claim", withClaims({ admin: true }), "claims"],
  ["no limits", signed(canonicalJson(goodHeader), canonicalJson(without(claims, "limits"))), "claims/limits"],
  [
    "a limit of zero invocations",
    withClaims({ limits: { ...draft.limits, invocations: 0 } }),
    "claims/limits/invocations",
  ],
  ["a lifetime of 0", withClaims({ exp: draft.iat }), "claims/exp"],
  ["a lifetime of 1801", withClaims({ exp: draft.iat + 1801 }), "claims/exp"],
  ["a lifetime backwards", withClaims({ exp: draft.iat - 1 }), "claims/exp"],
  ["a lifetime in fractions", withClaims({ exp: draft.iat + 0.5 }), "claims/exp"],
  ["a wildcard method", withClaims(details("pricing", ["*"])), "claims/authorization_details/0/actions/0"],
  ["a method prefix", withClaims(details("pricing", ["quo*"])), "claims/authorization_details/0/actions/0"],
  ["a wildcard domain", withClaims(details("*", ["quote"])), "claims/authorization_details/0/identifier"],
  ["an empty domain", withClaims(details("", ["quote"])), "claims/authorization_details/0/identifier"],
  ["no domain", withClaims({ authorization_details: [] }), "claims/authorization_details"],
  ["methods out of order", withClaims(details("pricing", ["quote", "list"])), "claims/authorization_details/0/actions"],
  ["a method twice", withClaims(details("pricing", ["quote", "quote"])), "claims/authorization_details/0/actions"],
  [
    "domains out of order",
    withClaims({ authorization_details: [...draft.authorization_details].reverse() as JsonValue }),
    "claims/authorization_details",
  ],
  ["a trigger webhook", withClaims({ triggers: ["webhook"] }), "claims/triggers/0"],
  ["a trigger of every kind", withClaims({ triggers: ["*"] }), "claims/triggers/0"],
  ["a trigger twice", withClaims({ triggers: ["direct_command", "direct_command"] }), "claims/triggers"],
  ["an unknown mode", withClaims({ modes: ["simulated"] }), "claims/modes/0"],
  ["an unknown capability", withClaims({ capabilities: ["log-everything"] }), "claims/capabilities/0"],
  ["a parent that is not presented", withClaims({ parent: digestBytes("parent") }), "claims/parent"],
  ["a short jti", withClaims({ jti: "short" }), "claims/jti"],
  ["more characters than a token has", `${token}${"A".repeat(TOKEN_TEXT_MAX)}`, "form"],
  ["a child that is nothing", `${token}~`, "cnf"],
  ["a parent that is nothing", `~${token}`, "form"],
  ["three generations", `${token}~${token}~${token}`, "presentation"],
];

describe("a mutated token is not a token, with", () => {
  test("more than sixty mutations, each of its own name", () => {
    expect(new Set(mutations.map(([name]) => name)).size).toBe(mutations.length);
    expect(mutations.length).toBeGreaterThan(60);
  });

  test.each(mutations)("%s", (_, text, place) => {
    const reading = readToken(text, trust);

    expect(reading).toMatchObject({ kind: "refuse", reason: { code: "authority.token-unknown", place } });
    expect(text).not.toBe(token);
  });

  test("every single character changed", () => {
    const faults = Array.from(token, (letter, index) => {
      const other = letter === "A" ? "B" : "A";
      return readToken(`${token.slice(0, index)}${other}${token.slice(index + 1)}`, trust).kind;
    });

    expect(new Set(faults)).toEqual(new Set(["refuse"]));
  });
});

describe("recursion is refused", () => {
  test.each([
    ["a user that is an agent", { sub: "agent" }, "/sub"],
    ["a user that is a task-executor", { sub: "night TaskExecutor" }, "/sub"],
    ["a user that is a scheduler", { sub: "the_scheduler_7" }, "/sub"],
    ["a domain that is a planner", details("planner", ["plan"]), "/authorization_details/0/identifier"],
    ["a domain of agents", details("ai-agents", ["plan"]), "/authorization_details/0/identifier"],
  ])("for %s", (_, rest, place) => {
    expect(readToken(withClaims(rest as JsonObject), trust)).toMatchObject({
      kind: "refuse",
      reason: { code: "authority.recursion", place },
    });
  });

  test.each(["reagent", "Ana Botín", "social worker", "planning office", "operator", "local-operator"])(
    "not for `%s`",
    (sub) => {
      expect(readToken(withClaims({ sub }), trust).kind).toBe("token");
    },
  );
});

describe("nobody issues", () => {
  test.each<readonly [string, Partial<typeof draft>, string]>([
    ["a token of 1801 seconds", { exp: draft.iat + 1801 }, "/exp"],
    ["a token without a domain", { authorization_details: [] }, "/authorization_details"],
    ["a token for a scheduler", { sub: "scheduler" }, "/sub"],
    ["an empty label", { label: "" }, "/label"],
  ])("%s", (_, rest, pointer) => {
    expect(() => issueToken({ ...draft, ...rest }, issuer.signer)).toThrow(
      expect.toSatisfy((error: AuthorityError<"authority.claims-invalid">) => {
        expect(error.code).toBe("authority.claims-invalid");
        expect(error.details.issues[0]?.pointer).toBe(pointer);
        return true;
      }),
    );
  });

  test("as an agent", () => {
    const agent = { ...otherIssuer.signer, name: "agent" };

    expect(() => issueToken(draft, agent)).toThrow(expect.objectContaining({ code: "authority.claims-invalid" }));
  });
});

function details(identifier: string, actions: string[]): JsonObject {
  return { authorization_details: [{ type: "canonic-domain", identifier, actions }] };
}

function hs256(): string {
  const input = `${base64url(canonicalJson({ ...goodHeader, alg: "HS256" }))}.${payload}`;
  return `${input}.${createHmac("sha256", issuer.publicKey).update(input).digest("base64url")}`;
}

/** The last letter of 64 bytes carries two bits; the same bytes have four spellings for a lenient reader. */
function spareBits(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = alphabet.indexOf(text.at(-1) as string);
  const lenient = `${text.slice(0, -1)}${alphabet[last + 1]}`;
  expect(Buffer.from(lenient, "base64url").equals(Buffer.from(text, "base64url"))).toBe(true);
  return lenient;
}

/** The same scalar, written with the group's order added (RFC 8032, 5.1.7). */
function plusOrder(bytes: Buffer): Buffer {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const scalar = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString("hex")}`) + order;
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(scalar.toString(16).padStart(64, "0"), "hex").reverse()]);
}
