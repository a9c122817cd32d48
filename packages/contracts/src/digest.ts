/**
 * Digests: `sha256:` and 64 lower-case hexadecimal digits, nothing else.
 *
 * @see FIPS 180-4 for SHA-256.
 * @module
 */
import { hash } from "node:crypto";
import { z } from "zod";
import { canonicalJson, type JsonValue } from "./canonical-json.ts";
import { ContractsError } from "./errors.ts";

export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand<"Digest">();
/** The SHA-256 of some bytes, as `sha256:<64 hex>`. */
export type Digest = z.infer<typeof Digest>;

/** The digest of exactly these bytes; a string stands for its UTF-8 bytes. */
export function digestBytes(bytes: Uint8Array | string): Digest {
  return `sha256:${hash("sha256", bytes, "hex")}` as Digest;
}

/**
 * The digest of a value's canonical JSON.
 *
 * @throws {ContractsError} `contracts.not-json` when the value has no canonical form.
 */
export function digestJson(value: JsonValue): Digest {
  return digestBytes(canonicalJson(value));
}

/** The 32 bytes that a digest spells. */
export function digestToBytes(digest: Digest): Uint8Array {
  return Buffer.from(digest.slice(7), "hex");
}

/** The spelling of a 32-byte SHA-256 value. */
export function digestFromBytes(bytes: Uint8Array): Digest {
  if (bytes.length !== 32) {
    throw new ContractsError("contracts.bad-digest", `a SHA-256 digest has 32 bytes, not ${bytes.length}`, {
      found: `${bytes.length} bytes`,
    });
  }
  return `sha256:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}` as Digest;
}

/**
 * Reads a digest from outside.
 *
 * @throws {ContractsError} `contracts.bad-digest` for every other spelling.
 */
export function parseDigest(text: string): Digest {
  const parsed = Digest.safeParse(text);
  if (parsed.success) return parsed.data;
  const found = text.slice(0, 80);
  throw new ContractsError("contracts.bad-digest", `\`${found}\` is not \`sha256:\` and 64 lower-case hex digits`, {
    found,
  });
}
