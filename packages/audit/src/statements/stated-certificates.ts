/**
 * What statements say of the certificates of a bundle: read from their lines, which others check.
 *
 * @module
 */
import { Certificate, digestBytes, parseCanonicalJson } from "@canonic/contracts";
import type { StatedCertificate } from "./record.ts";

/** Line by line; a line that is no certificate says nothing here, and is reported where certificates are checked. */
export function statedCertificates(lines: Uint8Array | undefined): readonly StatedCertificate[] {
  if (lines === undefined) return [];
  const texts = Buffer.from(lines).toString("utf8").split("\n");
  return texts.flatMap((text) => {
    const certificate = parsed(text);
    if (certificate === undefined) return [];
    const { id, status, effectiveDate } = certificate;
    return [{ id, status, effectiveDate, digest: digestBytes(text) }];
  });
}

function parsed(text: string): Certificate | undefined {
  try {
    return Certificate.safeParse(parseCanonicalJson(text)).data;
  } catch {
    return undefined;
  }
}
