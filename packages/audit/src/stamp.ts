/**
 * RFC 3161 time stamps of a checkpoint's text: asked for, read, and judged.
 *
 * A stamp says that an authority saw the text's SHA-256 at a time. It binds the bytes to its own certificate by itself; that
 * the certificate is one to believe takes anchors of the verifier's.
 *
 * Invariants:
 *   S1. The signature is over the attributes, those hold the digest of the content and of the signer's certificate, and the
 *       content holds the digest of exactly this text: nothing in between is taken on trust.
 *   S2. SHA-1 names a certificate in old stamps (RFC 3161 knew no other); no content or signature rests on it.
 *
 * @see RFC 3161. RFC 5816. RFC 5652, section 5.
 * @module
 */
import { hash, verify, type X509Certificate } from "node:crypto";
import { contentOf, type Der, derInvalid, elementsOf, readDer, TAG, writeDer, writeInteger } from "./der.ts";
import { certificateOf, isoOf, mayStamp, parseAnchors } from "./stamp-authority.ts";

const OID = {
  signedData: "2a864886f70d010702",
  stampContent: "2a864886f70d0109100104",
  contentType: "2a864886f70d010903",
  messageDigest: "2a864886f70d010904",
  signingCertificate: "2a864886f70d010910020c",
  signingCertificateV2: "2a864886f70d010910022f",
  sha256: "608648016503040201",
} as const;
const DIGESTS: Readonly<Record<string, string>> = {
  [OID.sha256]: "sha256",
  "608648016503040202": "sha384",
  "608648016503040203": "sha512",
};
/** Signature algorithms: PKCS #1 and ECDSA, with their digest when they name one. */
const SIGNATURES: Readonly<Record<string, string | null>> = {
  "2a864886f70d010101": null,
  "2a864886f70d01010b": "sha256",
  "2a864886f70d01010c": "sha384",
  "2a864886f70d01010d": "sha512",
  "2a8648ce3d0201": null,
  "2a8648ce3d040302": "sha256",
  "2a8648ce3d040303": "sha384",
  "2a8648ce3d040304": "sha512",
};
export const STAMP_BYTES_MAX = 64 * 1024;
const CERTIFICATES_MAX = 16;

/** What a stamp says. */
export interface Stamp {
  /** When, by the authority's clock; ISO, to the second. */
  readonly at: string;
  /** The subject of the certificate that signed. */
  readonly authority: string;
  /** True when anchors were given and the certificate stamps time under one of them. */
  readonly isTrusted: boolean;
}

/** The request for a stamp of a text; the authority is asked to send its certificates. */
export function stampRequest(text: string, nonce: Uint8Array): Uint8Array {
  const algorithm = writeDer(TAG.sequence, writeDer(TAG.oid, Buffer.from(OID.sha256, "hex")), Buffer.of(0x05, 0x00));
  const imprint = writeDer(
    TAG.sequence,
    algorithm,
    writeDer(TAG.octets, digestOf("sha256", Buffer.from(text, "utf8"))),
  );
  const certReq = writeDer(TAG.boolean, Buffer.of(0xff));
  return writeDer(TAG.sequence, writeInteger(Buffer.of(1)), imprint, writeInteger(nonce), certReq);
}

/**
 * Reads an authority's answer as a stamp of this text (S1).
 *
 * @param options.anchors - Certificates in PEM that the verifier trusts to name authorities; without, nothing is trusted.
 * @param options.nonce - What the request held, for whoever asked.
 * @throws {AuditError} `audit.stamp-invalid`.
 */
export function openStamp(
  response: Uint8Array,
  text: string,
  { anchors, nonce }: { readonly anchors?: string; readonly nonce?: Uint8Array } = {},
): Stamp {
  if (response.length > STAMP_BYTES_MAX) throw derInvalid(`at most ${STAMP_BYTES_MAX} bytes`);
  const [status, token] = elementsOf(readDer(response), TAG.sequence);
  const granted = contentOf(elementsOf(status, TAG.sequence)[0], TAG.integer);
  if (granted.length !== 1 || (granted[0] as number) > 1) throw derInvalid("granted");
  const { content, certificates, signer } = signedDataOf(token);
  const certificate = signerOf(signer, content, certificates);
  const info = elementsOf(readDer(content), TAG.sequence);
  const [algorithm, imprint] = elementsOf(info[2], TAG.sequence);
  const isOfText =
    oidIn(algorithm) === OID.sha256 &&
    contentOf(imprint, TAG.octets).equals(digestOf("sha256", Buffer.from(text, "utf8")));
  if (!isOfText) throw derInvalid("of this text");
  // Behind the time, the only integer is the nonce.
  if (nonce !== undefined && !info.slice(5).some(({ bytes }) => bytes.equals(writeInteger(nonce))))
    throw derInvalid("the answer to this request");
  const at = isoOf(info[4] as Der);
  const trusted = anchors !== undefined && mayStamp(certificate, certificates, parseAnchors(anchors), at);
  return { at, authority: certificate.subject.replaceAll("\n", ", "), isTrusted: trusted };
}

interface SignedData {
  readonly content: Buffer;
  readonly certificates: readonly X509Certificate[];
  readonly signer: readonly Der[];
}

function signedDataOf(token: Der | undefined): SignedData {
  const [type, wrapped] = elementsOf(token, TAG.sequence);
  if (contentOf(type, TAG.oid).toString("hex") !== OID.signedData) throw derInvalid("signed data");
  const [, , encapsulated, ...rest] = elementsOf(elementsOf(wrapped, 0xa0)[0], TAG.sequence);
  const [contentType, content] = elementsOf(encapsulated, TAG.sequence);
  if (contentOf(contentType, TAG.oid).toString("hex") !== OID.stampContent) throw derInvalid("a stamp's content");
  const listed = rest.find(({ tag }) => tag === 0xa0);
  const signers = elementsOf(
    rest.find(({ tag }) => tag === TAG.set),
    TAG.set,
  );
  if (signers.length !== 1) throw derInvalid("signed once");
  const certificates = listed === undefined ? [] : elementsOf(listed);
  if (certificates.length > CERTIFICATES_MAX) throw derInvalid(`with at most ${CERTIFICATES_MAX} certificates`);
  return {
    content: contentOf(elementsOf(content, 0xa0)[0], TAG.octets),
    certificates: certificates.map(({ bytes }) => certificateOf(bytes)),
    signer: elementsOf(signers[0], TAG.sequence),
  };
}

/** The certificate that signed the content, of those that came with it (S1). */
function signerOf(signer: readonly Der[], content: Buffer, certificates: readonly X509Certificate[]): X509Certificate {
  const [, , digestAlgorithm, signed, signatureAlgorithm, signature] = signer;
  const digest = DIGESTS[oidIn(digestAlgorithm)];
  if (digest === undefined || signed?.tag !== 0xa0) throw derInvalid("signed over attributes with SHA-2");
  const attributes = new Map(elementsOf(signed).map(attributeOf));
  if (attributes.get(OID.contentType)?.content.toString("hex") !== OID.stampContent)
    throw derInvalid("signed as a stamp");
  if (!contentOf(attributes.get(OID.messageDigest), TAG.octets).equals(digestOf(digest, content)))
    throw derInvalid("signed over its content");
  const certificate = certificates.find((candidate) => isNamedBy(attributes, candidate));
  if (certificate === undefined) throw derInvalid("signed by a certificate that it names and holds");
  const named = SIGNATURES[oidIn(signatureAlgorithm)];
  if (named === undefined || (named !== null && named !== digest))
    throw derInvalid("signed by an algorithm that is known");
  // What is signed is the set of attributes, not the tagged field that carries it.
  const message = Buffer.concat([Buffer.of(TAG.set), signed.bytes.subarray(1)]);
  if (!verify(digest, message, certificate.publicKey, contentOf(signature, TAG.octets)))
    throw derInvalid("signed by its signer");
  return certificate;
}

function attributeOf(attribute: Der): [string, Der | undefined] {
  const [type, values] = elementsOf(attribute, TAG.sequence);
  return [contentOf(type, TAG.oid).toString("hex"), elementsOf(values, TAG.set)[0]];
}

/** ESSCertID holds SHA-1 (S2), ESSCertIDv2 SHA-256 unless it says otherwise. */
function isNamedBy(attributes: ReadonlyMap<string, Der | undefined>, { raw }: X509Certificate): boolean {
  const second = attributes.get(OID.signingCertificateV2);
  const named = second ?? attributes.get(OID.signingCertificate);
  if (named === undefined) return false;
  const [first] = elementsOf(elementsOf(named, TAG.sequence)[0], TAG.sequence);
  const fields = elementsOf(first, TAG.sequence);
  const hasAlgorithm = fields[0]?.tag === TAG.sequence;
  const algorithm = second === undefined ? "sha1" : hasAlgorithm ? DIGESTS[oidIn(fields[0])] : "sha256";
  if (algorithm === undefined) return false;
  return contentOf(fields[hasAlgorithm ? 1 : 0], TAG.octets).equals(digestOf(algorithm, raw));
}

function oidIn(algorithm: Der | undefined): string {
  return contentOf(elementsOf(algorithm, TAG.sequence)[0], TAG.oid).toString("hex");
}

function digestOf(algorithm: string, bytes: Uint8Array): Buffer {
  return hash(algorithm, bytes, "buffer");
}
