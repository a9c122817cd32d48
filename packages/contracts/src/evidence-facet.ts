/**
 * What an OpenLineage run event carries of a run's evidence: where in which log the event stands, and its digest.
 *
 * @see OpenLineage 2-0-2: a custom facet names its producer and the schema that it is of.
 * @module
 */
import { z } from "zod";
import { Digest } from "./digest.ts";
import { RunStatus } from "./event.ts";
import { RunId } from "./ids.ts";
import { boundedText } from "./text.ts";

/** Where this facet's schema is published; what `_schemaURL` says. */
export const EVIDENCE_FACET_SCHEMA = "https://canonic.dev/schemas/evidence-facet/v1.json";

/**
 * `eventDigest` is the SHA-256 of the event's canonical bytes, `leafHash` its hash in the log's tree (RFC 6962),
 * `leafIndex` its index there; `status` is null until the run is sealed.
 */
export const EvidenceFacet = z.strictObject({
  _producer: z.string().min(1),
  _schemaURL: z.literal(EVIDENCE_FACET_SCHEMA),
  origin: boundedText(128),
  run: RunId,
  plan: Digest,
  eventDigest: Digest,
  leafHash: Digest,
  leafIndex: z.int().min(0),
  status: RunStatus.nullable(),
});
export type EvidenceFacet = z.infer<typeof EvidenceFacet>;
