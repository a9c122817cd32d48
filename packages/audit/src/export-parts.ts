/**
 * What a bundle is made of, in the order in which it is put together: each part adds its files, and sees those before it.
 *
 * @module
 */
import { addCertificates, addEnvironments } from "./add-certificates.ts";
import { addStamp } from "./checkpoint-stamp.ts";
import { addAuthority } from "./export-authority.ts";
import type { ExportPart } from "./export-context.ts";
import { addLogEvents } from "./export-log-events.ts";
import { addProof } from "./export-proof.ts";
import { addArtifacts, addAttachments, addDocument, addNamedByEvents, addOutputs, addRecord } from "./export-record.ts";
import { addStart } from "./export-start.ts";
import { addProvenance } from "./lineage/export-lineage.ts";
import { addPage } from "./page/bundle-page.ts";
import { addSealProof } from "./seal-proof.ts";
import { addStatements } from "./statements/add-statements.ts";

export const EXPORT_PARTS: readonly ExportPart[] = [
  // What the log's own chain says comes first: it names the payloads that were redacted.
  addLogEvents,
  addStart,
  addAuthority,
  addProof,
  addSealProof,
  addStamp,
  addRecord,
  addArtifacts,
  addNamedByEvents,
  addEnvironments,
  addOutputs,
  addDocument,
  // What is derived from the record.
  addCertificates,
  addProvenance,
  // What is said about the run by others.
  addStatements,
  addAttachments,
  // For people: lists the files of all the others.
  addPage,
];
