/**
 * in-toto Statement v1: somebody says something (the predicate) about things with a digest (the subjects).
 *
 * The types hold what this package writes, no more. Digests stand bare, in hexadecimal, under their algorithm.
 *
 * @see https://github.com/in-toto/attestation, spec/v1: statement, resource descriptor.
 * @module
 */
import { canonicalBytes, type Digest, type JsonObject } from "@canonic/contracts";

/** A thing that a statement speaks of; in this package always with a digest. */
export interface ResourceDescriptor extends JsonObject {
  readonly name: string;
  readonly digest: { readonly sha256: string };
}

export interface Statement extends JsonObject {
  readonly _type: "https://in-toto.io/Statement/v1";
  readonly subject: readonly ResourceDescriptor[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

export function resourceOf(name: string, digest: Digest): ResourceDescriptor {
  return { name, digest: sha256Of(digest) };
}

export function sha256Of(digest: Digest): { readonly sha256: string } {
  return { sha256: digest.slice("sha256:".length) };
}

/** The one spelling of a statement: canonical JSON, so that equal records give equal bytes. */
export function writeStatement(
  subject: readonly ResourceDescriptor[],
  predicateType: string,
  predicate: JsonObject,
): Uint8Array {
  const statement: Statement = { _type: "https://in-toto.io/Statement/v1", subject, predicateType, predicate };
  return canonicalBytes(statement);
}
