import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { canonicalJson, type JsonObject, type JsonValue } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type ImportReport, importAgentCard } from "../../src/index.ts";
import { CARD } from "./documents.ts";

const P256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const OTHER = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ED25519 = generateKeyPairSync("ed25519");
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });

const KEYS = {
  keys: [
    { ...P256.publicKey.export({ format: "jwk" }), kid: "p256" },
    { ...ED25519.publicKey.export({ format: "jwk" }), kid: "ed" },
    { ...RSA.publicKey.export({ format: "jwk" }), kid: "rsa" },
  ],
} as unknown as JsonValue;

function base64url(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}

/** A card with one more signature, over its canonical JSON or any other payload. */
function signed(card: object, header: object, key: KeyObject, hash: string | null, payload: object = card): JsonObject {
  const { signatures: _, ...body } = payload as { signatures?: unknown };
  const head = base64url(JSON.stringify(header));
  const bytes = Buffer.from(`${head}.${base64url(canonicalJson(body as JsonObject))}`);
  const signature = sign(hash, bytes, { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
  const { signatures = [], ...rest } = card as { signatures?: JsonValue[] };
  return { ...rest, signatures: [...signatures, { protected: head, signature }] } as unknown as JsonObject;
}

const es256 = (card: object, kid = "p256", key = P256.privateKey): JsonObject =>
  signed(card, { alg: "ES256", kid, typ: "JOSE" }, key, "sha256");

function stateOf(report: ImportReport): string {
  const [quarantined] = report.quarantined;
  if (quarantined !== undefined) return quarantined.reasons.map(({ code }) => code).join();
  const [contract] = report.contracts;
  return `${contract?.traits["signature"]} ${contract?.security.trust}`;
}

const stateUnder = (card: JsonObject, keys: JsonValue = KEYS) => stateOf(importAgentCard(card, "card.json", keys));

test("makes an agent a service, its skills capabilities, and calls its first interface over HTTP", () => {
  const [contract] = importAgentCard(CARD as unknown as JsonObject, "card.json").contracts;

  expect(contract).toMatchObject({
    service: "a2a/acme.example/recipe-agent",
    version: "1.0.0",
    owner: "Acme",
    capabilities: ["a2a", "input.image", "output.pdf", "skill.find-recipe", "streaming"],
    api: { kind: "a2a", url: "https://acme.example/a2a", skill: null },
    security: { permission: { has: "oauth:recipes:read" }, trustRequired: 0, trust: 0 },
    traits: { signature: "unsigned", binding: "JSONRPC", protocol: "1.0" },
  });
});

test("reads a card of protocol 0.3", () => {
  const old = {
    name: "Old",
    description: "",
    version: "0.1",
    protocolVersion: "0.3.0",
    url: "https://old.example/",
    preferredTransport: "JSONRPC",
    capabilities: {},
    defaultInputModes: [],
    defaultOutputModes: [],
    skills: [{ id: "s", name: "s", description: "s", tags: [] }],
    security: [{ apiKey: [] }],
  };
  const [contract] = importAgentCard(old as unknown as JsonObject, "card.json").contracts;

  expect(contract?.api).toEqual({ kind: "a2a", url: "https://old.example/", skill: null });
  expect(contract?.security.permission).toEqual({ has: "api-key" });
  expect(contract?.assumed).toContain("/version");
});

test("trusts a card signed under a key that the caller gave, in each algorithm (S1)", () => {
  expect(stateUnder(es256(CARD))).toBe("valid 2");
  expect(stateUnder(signed(CARD, { alg: "EdDSA", kid: "ed" }, ED25519.privateKey, null))).toBe("valid 2");
  expect(stateUnder(signed(CARD, { alg: "RS256", kid: "rsa" }, RSA.privateKey, "sha256"))).toBe("valid 2");
});

test("gives no trust without a signature, or under a key that nobody gave", () => {
  expect(stateUnder(CARD as unknown as JsonObject)).toBe("unsigned 0");
  expect(stateUnder(es256(CARD, "unknown"))).toBe("unchecked 0");
  expect(stateUnder(es256(CARD), null)).toBe("unchecked 0");
});

test("keeps a signed card out when any value of it is changed, added or taken away (S2)", () => {
  const card = es256(CARD);
  let changes = 0;
  const visit = (value: JsonValue, apply: (changed: JsonValue | undefined) => JsonObject): void => {
    changes += 1;
    expect(stateUnder(apply({ unheardOf: 1 }))).toMatch(/caio\.signature-invalid/);
    if (typeof value !== "object" || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      visit(child as JsonValue, (changed) => {
        const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, JsonValue>;
        if (changed === undefined) delete copy[key];
        else copy[key] = changed;
        return apply(copy);
      });
    }
  };

  for (const [key, child] of Object.entries(CARD))
    visit(child as JsonValue, (changed) => ({ ...card, [key]: changed as JsonValue }));
  expect(stateUnder({ ...card, more: 1 })).toMatch(/caio\.signature-invalid/);
  expect(changes).toBeGreaterThan(30);
});

test.each<[string, JsonObject]>([
  ["another key's signature under a known name", es256(CARD, "p256", OTHER.privateKey)],
  ["an algorithm that its key is not for", signed(CARD, { alg: "RS256", kid: "p256" }, RSA.privateKey, "sha256")],
  ["`none`", signed(CARD, { alg: "none", kid: "p256" }, P256.privateKey, "sha256")],
  ["a MAC under the public key's name", signed(CARD, { alg: "HS256", kid: "p256" }, P256.privateKey, "sha256")],
  [
    "extensions that must be understood",
    signed(CARD, { alg: "ES256", kid: "p256", crit: ["b64"], b64: false }, P256.privateKey, "sha256"),
  ],
  ["no name of a key", signed(CARD, { alg: "ES256" }, P256.privateKey, "sha256")],
  ["a good signature and a bad one", signed(es256(CARD), { alg: "ES256", kid: "p256" }, OTHER.privateKey, "sha256")],
  [
    "a header that is no JSON",
    { ...CARD, signatures: [{ protected: "AAAA", signature: "AAAA" }] } as unknown as JsonObject,
  ],
  [
    "text that is no base64url",
    { ...CARD, signatures: [{ protected: "a+b", signature: "AAAA" }] } as unknown as JsonObject,
  ],
  ["no list of signatures", { ...CARD, signatures: "x" } as unknown as JsonObject],
  ["seventeen signatures", { ...CARD, signatures: Array.from({ length: 17 }, () => ({})) } as unknown as JsonObject],
])("keeps out a card with %s", (_, card) => {
  expect(stateUnder(card)).toBe("caio.signature-invalid");
});

test("still asks for what was signed when an alternative without scopes is slipped into a card signed without what is empty", () => {
  const bare = { ...CARD, iconUrl: "" };
  const { iconUrl: _, ...printed } = bare;
  const { pushNotifications, ...flags } = printed.capabilities;
  expect(pushNotifications).toBe(false);
  const scheme = { oauth: { oauth2SecurityScheme: {} } };
  const base = { ...bare, capabilities: flags, securitySchemes: scheme };
  const covered = { ...printed, capabilities: flags } as Record<string, unknown>;
  delete covered["securitySchemes"];
  const card = signed(base, { alg: "ES256", kid: "p256" }, P256.privateKey, "sha256", covered);
  const forged = {
    ...card,
    securityRequirements: [...CARD.securityRequirements, { schemes: {} }],
  } as unknown as JsonObject;

  expect(stateUnder(card)).toBe("valid 2");
  expect(stateUnder(forged)).toBe("valid 2");
  expect(importAgentCard(forged, "card.json", KEYS).contracts[0]?.security.permission).toEqual({
    has: "oauth:recipes:read",
  });
});

test.each([
  ["caio.address-missing", { supportedInterfaces: [{ url: "https://a.example", protocolBinding: "GRPC" }] }],
  ["caio.address-missing", { supportedInterfaces: [{ url: "https://me:pw@a.example", protocolBinding: "JSONRPC" }] }],
  ["caio.address-missing", { supportedInterfaces: [{ url: "file:///etc/passwd", protocolBinding: "JSONRPC" }] }],
  ["caio.name-missing", { name: "" }],
  ["caio.skill-invalid", { skills: [{ name: "x" }] }],
  ["caio.security-unreadable", { securityRequirements: "none" }],
])("keeps out with %s %o", (code, change) => {
  expect(stateUnder({ ...CARD, ...change } as unknown as JsonObject)).toBe(code);
});
