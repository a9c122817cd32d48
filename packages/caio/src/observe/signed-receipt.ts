/**
 * Receipts that somebody vouches for: by an Ed25519 signature, or because they are in a journal.
 *
 * @see RFC 8032; RFC 8785 for the bytes under the signature, behind the receipt's schema name and a newline.
 * @module
 */
import { verify } from "node:crypto";
import {
  ContractSignature,
  canonicalJson,
  type Digest,
  digestBytes,
  digestJson,
  ExecutionReceipt,
  ed25519KeyOf,
} from "@canonic/contracts";
import { z } from "zod";

/** `signature` is null where the receipt stands in a journal. */
export const SignedReceipt = z.strictObject({ receipt: ExecutionReceipt, signature: ContractSignature.nullable() });
export type SignedReceipt = z.infer<typeof SignedReceipt>;
type Signature = z.infer<typeof ContractSignature>;

/** Signs bytes; `publicKey` is the 32 bytes that verify it. */
export interface ReceiptSigner {
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

/** Who is believed: public keys of 32 bytes, and a journal that knows receipts by digest. */
export interface ReceiptTrust {
  readonly keys: readonly Uint8Array[];
  readonly isJournaled?: ((receipt: Digest) => boolean) | undefined;
}

export type ReceiptVerdict =
  | { readonly kind: "verified"; readonly digest: Digest; readonly receipt: ExecutionReceipt }
  | { readonly kind: "rejected"; readonly digest: Digest | null; readonly reason: "malformed" | "unverified" };

export function signReceipt(receipt: ExecutionReceipt, signer: ReceiptSigner): SignedReceipt {
  const value = Buffer.from(signer.sign(signingBytes(receipt))).toString("base64url");
  return { receipt, signature: { keyId: digestBytes(signer.publicKey), algorithm: "Ed25519", value } };
}

/** Takes values from anywhere, and throws for none. */
export function verifyReceipt(given: unknown, { keys, isJournaled }: ReceiptTrust): ReceiptVerdict {
  const parsed = SignedReceipt.safeParse(given).data;
  if (parsed === undefined) return { kind: "rejected", digest: null, reason: "malformed" };
  const { receipt, signature } = parsed;
  const digest = digestOf(receipt);
  if (digest === null) return { kind: "rejected", digest: null, reason: "malformed" };
  const isSigned = signature !== null && keys.some((key) => isSignature(key, signature, receipt));
  if (isSigned || isJournaled?.(digest) === true) return { kind: "verified", digest, receipt };
  return { kind: "rejected", digest, reason: "unverified" };
}

function isSignature(publicKey: Uint8Array, { keyId, value }: Signature, receipt: ExecutionReceipt): boolean {
  if (keyId !== digestBytes(publicKey)) return false;
  const signature = Buffer.from(value, "base64url");
  if (signature.length !== 64 || signature.toString("base64url") !== value) return false;
  const key = ed25519KeyOf(publicKey);
  return key !== undefined && verify(null, signingBytes(receipt), key, signature);
}

function signingBytes(receipt: ExecutionReceipt): Uint8Array {
  return Buffer.from(`${receipt.schema}\n${canonicalJson(receipt)}`, "utf8");
}

/** Null where the schema takes what has no canonical form: half a character, a negative zero. */
function digestOf(receipt: ExecutionReceipt): Digest | null {
  try {
    return digestJson(receipt);
  } catch {
    return null;
  }
}
