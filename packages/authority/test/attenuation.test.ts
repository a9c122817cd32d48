import { type Capability, isInScope, type Mode, type TokenClaims, type Trigger } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  attenuateToken,
  type ChildDraft,
  checkLimits,
  confirmationOf,
  excessOf,
  isAuthorityError,
  issueToken,
  type ReadToken,
  readToken,
} from "../src/index.ts";
import { signClaims } from "../src/token.ts";
import { draft, holder, issuer, otherIssuer, token, trust } from "./support.ts";

const parentText = issueToken(
  {
    ...draft,
    authorization_details: [
      { type: "canonic-domain", identifier: "inventory", actions: ["count", "list"] },
      { type: "canonic-domain", identifier: "pricing", actions: ["quote"] },
    ],
    triggers: ["async_request", "direct_command"],
    modes: ["dryrun", "live"],
    capabilities: ["access-secret", "log-prompt"],
    cnf: confirmationOf(holder.publicKey),
  },
  issuer.signer,
);
const parent = tokenOf(parentText);
const child: ChildDraft = { jti: "child-child-child", label: "narrower" };

function tokenOf(text: string): ReadToken {
  const reading = readToken(text, trust);
  if (reading.kind === "refuse") throw new Error(reading.reason.place);
  return reading.token;
}

/** A good child, without the parent in front. */
function presentedAlone(): string {
  return attenuateToken(parentText, holder.signer, child, trust).split("~")[1] as string;
}

function otherParent(): string {
  return issueToken({ ...draft, jti: "other-other-other", cnf: confirmationOf(holder.publicKey) }, issuer.signer);
}

function claimsOf(rest: Partial<TokenClaims> = {}): TokenClaims {
  return { ...parent.claims, ...child, iss: "ana", cnf: null, parent: parent.digest, ...rest };
}

describe("a child", () => {
  test("is made by the parent's holder alone, and read beside its parent", () => {
    const presented = attenuateToken(
      parentText,
      holder.signer,
      { ...child, modes: ["dryrun"], limits: { ...parent.claims.limits, invocations: 1 } },
      trust,
    );
    const found = tokenOf(presented);

    expect(presented.startsWith(`${parentText}~`)).toBe(true);
    expect(found.parent).toEqual(parent);
    expect(found.claims).toEqual(claimsOf({ modes: ["dryrun"], limits: { ...parent.claims.limits, invocations: 1 } }));
    expect(found.digest).not.toBe(parent.digest);
  });

  test.each<readonly [string, string, () => string]>([
    ["without its parent", "kid", () => presentedAlone()],
    ["of another parent", "kid", () => `${otherParent()}~${presentedAlone()}`],
    ["of a parent that confirms no key", "cnf", () => `${token}~${presentedAlone()}`],
    [
      "signed by another key",
      "signature",
      () => `${parentText}~${signClaims(claimsOf(), parent.digest, otherIssuer.signer)}`,
    ],
    ["signed by the issuer", "kid", () => `${parentText}~${signClaims(claimsOf(), "office", issuer.signer)}`],
    [
      "as the parent of a child",
      "presentation",
      () => `${attenuateToken(parentText, holder.signer, child, trust)}~${presentedAlone()}`,
    ],
    ["behind itself", "kid", () => `${presentedAlone()}~${presentedAlone()}`],
  ])("is refused %s", (_, place, make) => {
    expect(readToken(make(), trust)).toMatchObject({
      kind: "refuse",
      reason: { code: "authority.token-unknown", place },
    });
  });

  const limits = draft.limits;
  const beyond: readonly (readonly [string, Partial<TokenClaims>])[] = [
    ["parent", { parent: tokenOf(token).digest }],
    ["one-level", { cnf: confirmationOf(holder.publicKey) }],
    ["user", { sub: "eve" }],
    ["issuer", { iss: "office" }],
    ["lifetime", { exp: draft.exp + 1 }],
    ["lifetime", { iat: draft.iat - 1 }],
    ["domains", { authorization_details: [{ type: "canonic-domain", identifier: "ledger", actions: ["post"] }] }],
    ["domains", { authorization_details: [{ type: "canonic-domain", identifier: "pricing", actions: ["count"] }] }],
    ["triggers", { triggers: ["direct_command", "scheduled"] }],
    ["capabilities", { capabilities: ["capture-pii"] }],
    ["invocations", { limits: { ...limits, invocations: 4 } }],
    ["tokens-per-response", { limits: { ...limits, tokensPerResponse: 101 } }],
    ["tokens-total", { limits: { ...limits, tokensTotal: 201 } }],
    ["frequency", { limits: { ...limits, frequency: { count: 101, perSeconds: 60 } } }],
    ["frequency", { limits: { ...limits, frequency: { count: 100, perSeconds: 59 } } }],
  ];

  test.each(beyond)("that reaches beyond its parent's %s is refused, signed or not", (axis, rest) => {
    const claims = claimsOf(rest);

    expect(excessOf(claims, parent)).toEqual([axis]);
    expect(readToken(`${parentText}~${signClaims(claims, parent.digest, holder.signer)}`, trust)).toMatchObject({
      kind: "refuse",
      reason: { code: "authority.token-unknown", place: `attenuation/${axis}` },
    });
  });

  test("that reaches beyond its parent's modes is refused", () => {
    expect(
      excessOf(claimsOf({ modes: ["live"] }), { ...parent, claims: { ...parent.claims, modes: ["dryrun"] } }),
    ).toEqual(["modes"]);
  });

  test("is not made when it would be refused, and the error names the axes", () => {
    const wide = { ...child, exp: draft.exp + 1, triggers: ["scheduled" as const] };

    expect(() => attenuateToken(parentText, holder.signer, wide, trust)).toThrow(
      expect.objectContaining({ code: "authority.not-contained", details: { axes: ["lifetime", "triggers"] } }),
    );
    expect(() => attenuateToken(parentText, issuer.signer, child, trust)).toThrow(expect.toSatisfy(isAuthorityError));
    expect(() => attenuateToken(token, holder.signer, child, trust)).toThrow(
      expect.objectContaining({ code: "authority.token-invalid", details: { place: "cnf" } }),
    );
    expect(() => attenuateToken("no token", holder.signer, child, trust)).toThrow(
      expect.objectContaining({ code: "authority.token-invalid" }),
    );
  });
});

test("what a contained child allows, its parent allows too (N2, N3)", () => {
  const subset = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
  const claims = fc
    .record({
      iat: fc.integer({ min: 0, max: 4 }),
      lifetime: fc.integer({ min: 1, max: 8 }),
      methods: subset(["count", "list", "quote"]),
      domains: subset(["inventory", "pricing"]),
      triggers: subset<Trigger>(["direct_command", "scheduled"]),
      modes: subset<Mode>(["dryrun", "live"]),
      capabilities: subset<Capability>(["access-secret", "log-prompt"]),
      invocations: fc.integer({ min: 1, max: 3 }),
      tokensPerResponse: fc.integer({ min: 0, max: 3 }),
      tokensTotal: fc.integer({ min: 0, max: 6 }),
      count: fc.integer({ min: 1, max: 3 }),
      perSeconds: fc.integer({ min: 1, max: 4 }),
    })
    .map((given): TokenClaims => {
      const { invocations, tokensPerResponse, tokensTotal, count, perSeconds } = given;
      return {
        ...parent.claims,
        iat: given.iat,
        exp: given.iat + given.lifetime,
        authorization_details: given.domains.map((identifier) => ({
          type: "canonic-domain",
          identifier,
          actions: given.methods,
        })),
        triggers: given.triggers,
        modes: given.modes,
        capabilities: given.capabilities,
        limits: { invocations, tokensPerResponse, tokensTotal, frequency: { count, perSeconds } },
      };
    });
  const uses = fc.array(fc.record({ at: fc.nat(8), tokens: fc.nat(1) }), { maxLength: 3 });
  const question = fc.record({
    at: fc.nat(8),
    domain: fc.constantFrom("inventory", "pricing"),
    method: fc.constantFrom("count", "list", "quote"),
    trigger: fc.constantFrom<Trigger>("direct_command", "scheduled"),
    mode: fc.constantFrom<Mode>("dryrun", "live"),
    capability: fc.constantFrom<Capability>("access-secret", "log-prompt"),
    need: fc.nat(1),
  });
  /** The whole of a token's meaning, without any of our code but equality and the limits' own check. */
  const allows = (
    { iat, exp, triggers, modes, capabilities, limits, ...claims }: TokenClaims,
    past: readonly { at: number; tokens: number }[],
    asked: typeof question extends fc.Arbitrary<infer T> ? T : never,
  ): boolean => {
    const counts = {
      invocationsUsed: past.length,
      invocationsReserved: 0,
      tokensUsed: past.reduce((sum, { tokens }) => sum + tokens, 0),
      tokensReserved: 0,
      recent: past.filter(({ at }) => at > asked.at - limits.frequency.perSeconds).length,
    };
    return (
      asked.at >= iat &&
      asked.at < exp &&
      isInScope({ ...claims, iat, exp, triggers, modes, capabilities, limits }, asked.domain, asked.method) &&
      triggers.includes(asked.trigger) &&
      modes.includes(asked.mode) &&
      capabilities.includes(asked.capability) &&
      checkLimits(counts, limits, asked.need).refusing === null
    );
  };
  let contained = 0;
  let allowed = 0;
  fc.assert(
    fc.property(
      claims,
      claims,
      uses,
      fc.array(question, { minLength: 40, maxLength: 40 }),
      (above, given, past, questions) => {
        const narrower = { ...given, iss: above.sub, parent: parent.digest, cnf: null };
        const wide = widened(above, given);
        if (excessOf(narrower, { digest: parent.digest, claims: wide, parent: null }).length > 0) return;
        contained += 1;
        for (const asked of questions.filter((each) => allows(narrower, past, each))) {
          allowed += 1;

          expect(allows(wide, past, asked)).toBe(true);
        }
      },
    ),
    { numRuns: 2000 },
  );

  expect(contained).toBeGreaterThan(500);
  expect(allowed).toBeGreaterThan(500);
});

/** Most pairs are not contained: the parent, made wide enough by the union of both, but for its frequency. */
function widened(above: TokenClaims, given: TokenClaims): TokenClaims {
  const union = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])];
  const [a, b] = [above.limits, given.limits];
  return {
    ...above,
    iat: Math.min(above.iat, given.iat),
    exp: Math.max(above.exp, given.exp),
    authorization_details: union(
      above.authorization_details.map(({ identifier }) => identifier),
      given.authorization_details.map(({ identifier }) => identifier),
    ).map((identifier) => ({
      type: "canonic-domain",
      identifier,
      actions: union(
        above.authorization_details[0]?.actions ?? [],
        given.authorization_details.find((detail) => detail.identifier === identifier)?.actions ?? [],
      ),
    })),
    triggers: union(above.triggers, given.triggers),
    modes: union(above.modes, given.modes),
    capabilities: union(above.capabilities, given.capabilities),
    limits: {
      invocations: Math.max(a.invocations, b.invocations),
      tokensPerResponse: Math.max(a.tokensPerResponse, b.tokensPerResponse),
      tokensTotal: Math.max(a.tokensTotal, b.tokensTotal),
      frequency: a.frequency,
    },
  };
}
