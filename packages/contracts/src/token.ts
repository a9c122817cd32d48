/**
 * Tokens: who may run what, how often, for how long. What is here are the claims; the signed form belongs to
 * `@canonic/authority`, and no log ever holds it: events name a token by the SHA-256 of its bytes.
 *
 * No wildcard, prefix or pattern exists: a domain or method that is not listed is not granted.
 *
 * @see RFC 7519 (claims), RFC 7515 (JWS), RFC 9396 (authorization_details).
 * @module
 */
import { z } from "zod";
import { Capability } from "./capability.ts";
import { Digest } from "./digest.ts";
import { Mode } from "./operation-contract.ts";
import { boundedText } from "./text.ts";

/** How a run was started. Whatever is not here (background, polling, timer, webhook, autonomous, …) starts nothing. */
export const Trigger = z.enum(["direct_command", "async_request", "acknowledgment", "scheduled"]);
export type Trigger = z.infer<typeof Trigger>;

/** The four limits, in the order in which they are checked. */
export const LimitName = z.enum(["invocations", "tokens-per-response", "tokens-total", "frequency"]);
export type LimitName = z.infer<typeof LimitName>;

/** A person or a system of theirs. */
export const Principal = boundedText(128);

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

export const TokenLimits = z.strictObject({
  invocations: z.int().min(1),
  tokensPerResponse: z.int().min(0),
  tokensTotal: z.int().min(0),
  frequency: z.strictObject({ count: z.int().min(1), perSeconds: z.int().min(1) }),
});
export type TokenLimits = z.infer<typeof TokenLimits>;

/** Seconds that a token lives, at most. */
export const TOKEN_LIFETIME_SECONDS_MAX = 1800;

/**
 * `iat` and `exp` are seconds since 1970, `exp` 1 to {@link TOKEN_LIFETIME_SECONDS_MAX} after `iat`. `cnf` is the key that
 * may sign children (RFC 7800), `parent` the SHA-256 of the token that this one was attenuated from. `jti` makes two
 * tokens with equal claims two tokens.
 */
export const TokenClaims = z.strictObject({
  schema: z.literal("canonic/token/v1"),
  jti: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  iss: Principal,
  sub: Principal,
  label: boundedText(128),
  iat: z.int().min(0),
  exp: z.int().min(1),
  authorization_details: z
    .array(
      z.strictObject({ type: z.literal("canonic-domain"), identifier: Name, actions: z.array(Name).min(1).max(256) }),
    )
    .min(1)
    .max(256),
  triggers: z.array(Trigger).min(1),
  modes: z.array(Mode).min(1),
  capabilities: z.array(Capability),
  limits: TokenLimits,
  cnf: z
    .strictObject({
      jwk: z.strictObject({
        kty: z.literal("OKP"),
        crv: z.literal("Ed25519"),
        x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
      }),
    })
    .nullable(),
  parent: Digest.nullable(),
});
export type TokenClaims = z.infer<typeof TokenClaims>;

/** True when the claims list exactly this domain with exactly this method. */
export function isInScope(claims: TokenClaims, domain: string, method: string): boolean {
  return claims.authorization_details.some(
    ({ identifier, actions }) => identifier === domain && actions.includes(method),
  );
}
