/**
 * Whether a certificate may stamp time, under authorities that a verifier trusts.
 *
 * Invariants:
 *   A1. Nothing of a stamp is an anchor: a chain ends at a certificate of the verifier's own file.
 *   A2. Every certificate of the chain was valid at the stamp's time, and every issuer is an authority.
 *   A3. The signer may stamp time and do nothing else.
 *
 * @see RFC 3161, section 2.3. RFC 5280, sections 4.1.2.5 and 6.1.
 * @module
 */
import { X509Certificate } from "node:crypto";
import { contentOf, type Der, derInvalid, elementsOf, readDer, TAG } from "./der.ts";

const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a file of PEM.
 *
 * @throws {AuditError} `audit.stamp-invalid` when there is none, or one that is not a certificate.
 */
export function parseAnchors(pem: string): X509Certificate[] {
  const texts = pem.match(PEM) ?? [];
  if (texts.length === 0) throw derInvalid("judged by a file of certificates in PEM");
  return texts.map(certificateOf);
}

export function certificateOf(bytes: string | Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch {
    throw derInvalid("with certificates that can be read");
  }
}

/** True when the signer stamps time under one of the anchors (A1, A2, A3); `at` is an ISO time. */
export function mayStamp(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  at: string,
): boolean {
  const usages = signer.keyUsage as readonly string[] | undefined;
  if (signer.ca || usages?.length !== 1 || usages[0] !== TIME_STAMPING) return false;
  return leadsToAnchor(signer, others, anchors, at);
}

/** Each certificate is looked at once, so that many that issue each other cost no more than their number squared. */
function leadsToAnchor(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  at: string,
): boolean {
  const reached = [signer];
  for (const certificate of reached) {
    if (!wasValid(certificate, at)) continue;
    const issues = (issuer: X509Certificate) =>
      issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
    if (anchors.some((anchor) => issues(anchor) && wasValid(anchor, at))) return true;
    reached.push(...others.filter((other) => !reached.includes(other) && issues(other)));
  }
  return false;
}

/** Times are compared as ISO texts of one length. */
function wasValid(certificate: X509Certificate, at: string): boolean {
  const [body] = elementsOf(readDer(certificate.raw), TAG.sequence);
  const fields = elementsOf(body, TAG.sequence);
  // Version [0] is optional; then serial, algorithm, issuer, validity.
  const validity = fields[(fields[0] as Der).tag === 0xa0 ? 4 : 3];
  const [from = "", to = ""] = elementsOf(validity, TAG.sequence).map(isoOf);
  return from <= at && at <= to;
}

/** ISO of UTCTime or GeneralizedTime to the second, in UTC. */
export function isoOf(time: Der): string {
  const text = (time.tag === TAG.utcTime ? time : { content: contentOf(time, TAG.time) }).content.toString("latin1");
  const full = time.tag === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d*[1-9])?Z$/.exec(full);
  if (parts === null) throw derInvalid("with times to the second in UTC");
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
