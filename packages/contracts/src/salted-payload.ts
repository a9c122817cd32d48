/**
 * Salted payloads: personal values that a digest in the log does not betray once they are erased.
 *
 * The digest of a short value (a name, a yes or a no) is found by trying: it stays in the leaf when the payload is redacted.
 * So what a contract calls personal is kept, and named by digest, inside an envelope of this one spelling:
 *
 *     {"pad":"000…","salt":"<64 hex>","schema":"canonic/salted-payload/v1","value":<the value>}
 *
 * and the digest is the SHA-256 of the envelope's canonical bytes. Whoever has the envelope computes the digest again, offline
 * and without a key; a redaction takes value and salt away together. The salt is
 *
 *     HMAC-SHA256(the store's salt key, canonical JSON of {schema, context, digest of the value})
 *
 * which no clock or chance enters: the same store gives the same plan the same bytes, on a replay, a recheck and after a
 * crash. The context is the plan and the task (for inputs, the request and the place in it), so that equal values of two
 * people have unlike digests, and one that is kept says nothing of one that was erased.
 *
 * Invariants:
 *   Z1. Without the salt key nobody can tell which of two values of one size class a digest stands for.
 *   Z2. The size of an envelope is a multiple of {@link SALTED_BLOCK_BYTES}: the length of a short value does not show.
 *   Z3. An envelope has one spelling, and a reader takes no other.
 *   Z4. The key leaves its holder in no value that is made here.
 *
 * @see RFC 2104. Halevi and Micali, Practical and provably-secure commitment schemes from collision-free hashing, CRYPTO 1996.
 * @module
 */
import { createHmac } from "node:crypto";
import { z } from "zod";
import { canonicalJson, type JsonValue } from "./canonical-json.ts";
import { type Digest, digestBytes } from "./digest.ts";
import { ContractsError } from "./errors.ts";
import type { TaskId } from "./ids.ts";
import type { OperationContract, PersonalSide } from "./operation-contract.ts";
import { Json } from "./record-schema.ts";

/** Envelopes are padded to a multiple of this many bytes. */
export const SALTED_BLOCK_BYTES = 256;

/** A salt key has exactly this many bytes. */
export const SALT_KEY_BYTES = 32;

const SCHEMA = "canonic/salted-payload/v1";

export const SaltedPayload = z.strictObject({
  schema: z.literal(SCHEMA),
  pad: z.string().regex(/^0{0,255}$/),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  value: Json,
});
/** The envelope of a personal value. */
export type SaltedPayload = z.infer<typeof SaltedPayload>;

/** What a salt is for; a `failure` is what an operation threw, of which only a digest is kept. */
export type SaltContext =
  | { readonly purpose: "output" | "failure"; readonly plan: Digest; readonly task: TaskId }
  | { readonly purpose: "input"; readonly request: Digest; readonly place: string };

/** Gives the salt of a value by its digest; whoever has the key makes one with {@link saltsOf}. */
export interface Salts {
  saltOf(context: SaltContext, value: Digest): string;
}

/** True when the contract says that what goes in, or what comes out, is personal. */
export function isPersonal(contract: Pick<OperationContract, "personal"> | undefined, side: PersonalSide): boolean {
  return contract?.personal?.includes(side) ?? false;
}

/**
 * Salts under a key.
 *
 * @param key - {@link SALT_KEY_BYTES} secret bytes; they are copied, and nothing of what is returned shows them.
 * @throws {ContractsError} `contracts.bad-salt-key` for another length.
 */
export function saltsOf(key: Uint8Array): Salts {
  if (key.length !== SALT_KEY_BYTES) {
    const details = { expectedBytes: SALT_KEY_BYTES, foundBytes: key.length };
    throw new ContractsError("contracts.bad-salt-key", `a salt key has ${SALT_KEY_BYTES} bytes`, details);
  }
  const held = Uint8Array.from(key);
  return Object.freeze({
    saltOf: (context: SaltContext, value: Digest): string => {
      const text = canonicalJson({ context, schema: "canonic/salt/v1", value });
      return createHmac("sha256", held).update(text, "utf8").digest("hex");
    },
  });
}

/**
 * The envelope of a value, as its canonical text.
 *
 * @param salt - 64 lower-case hexadecimal digits.
 * @throws {ContractsError} `contracts.not-json` for a value that is nested too deep to stand in one.
 */
export function saltedText(value: JsonValue, salt: string): string {
  const textWith = (pad: string): string => canonicalJson({ pad, salt, schema: SCHEMA, value });
  const sizeBytes = Buffer.byteLength(textWith(""), "utf8");
  return textWith("0".repeat((SALTED_BLOCK_BYTES - (sizeBytes % SALTED_BLOCK_BYTES)) % SALTED_BLOCK_BYTES));
}

/** The digest of a value under a salt: that of its envelope. */
export function saltedDigest(value: JsonValue, salt: string): Digest {
  return digestBytes(saltedText(value, salt));
}

/** The envelope that a value is; undefined for every other value, and for one with too much or too little padding (Z3). */
export function openSalted(value: JsonValue | undefined): SaltedPayload | undefined {
  const { data } = SaltedPayload.safeParse(value);
  if (data === undefined) return undefined;
  return canonicalJson(data as JsonValue) === saltedText(data.value, data.salt) ? data : undefined;
}
