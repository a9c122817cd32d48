/**
 * DSSE: what is signed of a statement, and the envelope around it.
 *
 *     PAE = "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload      (LEN in decimal, of bytes)
 *
 * Invariants:
 *   D1. What is signed is the pre-authentication encoding (PAE), never the payload alone: a signature over one type of
 *       payload is none over another.
 *
 * @see https://github.com/secure-systems-lab/dsse, protocol and envelope, version 1.
 * @module
 */
import type { JsonObject } from "@canonic/contracts";

/** The payload type of every statement. */
const IN_TOTO_TYPE = "application/vnd.in-toto+json";

/** The bytes that a signature of this payload is made over. */
export function preAuthEncoding(payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${IN_TOTO_TYPE.length} ${IN_TOTO_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head, "ascii"), payload]);
}

/** The envelope as JSON; `keyid` is a hint for whoever has several keys, and nothing rests on it. */
export function envelopeOf(payload: Uint8Array, signature: Uint8Array, keyid: string): JsonObject {
  return {
    payload: Buffer.from(payload).toString("base64"),
    payloadType: IN_TOTO_TYPE,
    signatures: [{ keyid, sig: Buffer.from(signature).toString("base64") }],
  };
}
