/**
 * The document of a policy run: its record, its package and what the request says of both, recomputed from the text.
 *
 * Invariants:
 *   D1. Record and package are found among the plan's artifacts by the schema that they name; each stands there once.
 *   D2. A policy run whose text, record or package is not in the bundle is left open: nothing shows that it is false, and
 *       nothing that it is true. What is there and disagrees is false.
 *
 * Not decidable here: title, source file, media type and normaliser of the record. The source does not travel.
 *
 * @module
 */
import {
  Chunk,
  type Digest,
  DocumentRecord,
  deriveId,
  digestBytes,
  integrityRootOf,
  type JsonValue,
  type PageSpan,
  PolicyPackage,
} from "@canonic/contracts";
import { artifactPath, DOCUMENT } from "./bundle-layout.ts";
import type { Findings } from "./findings.ts";
import { isPolicyPlan, schemaOf } from "./plan-shape.ts";
import { lacksArtifacts, type Planned } from "./verify-plan.ts";

type Found<Value> = { readonly digest: Digest; readonly value: Value };

/** @param text - The normalised text; undefined when it is not in the bundle. */
export function verifyDocument(planned: Planned, text: Uint8Array | undefined, findings: Findings): void {
  const { plan, artifacts } = planned;
  if (!isPolicyPlan(plan, artifacts)) return;
  const record = onlyOne(planned, "canonic/document/v1", DocumentRecord, findings);
  const policyPackage = onlyOne(planned, "canonic/policy-package/v1", PolicyPackage, findings);
  if (text === undefined) {
    findings.open("document-missing", DOCUMENT, "the text of the policy run is not in the bundle");
    return;
  }
  const digest = digestBytes(text);
  const chunks = chunksOf(planned);
  for (const chunk of chunks)
    checkSame(findings, chunk.value.id, "the document of the chunk", chunk.value.document, digest);
  if (record !== undefined) checkRecord(record, text, digest, chunks, findings);
  if (policyPackage !== undefined && !lacksArtifacts(planned))
    checkPackage(policyPackage, text, digest, chunks, findings);
  checkRequest(planned, { digest, record, policyPackage }, findings);
}

/** The one artifact of a schema (D1). */
function onlyOne<Value>(
  { plan, artifacts }: Planned,
  schema: string,
  type: { safeParse(value: unknown): { readonly success: boolean; readonly data?: Value } },
  findings: Findings,
): Found<Value> | undefined {
  const found = plan.artifacts.filter((digest) => schemaOf(artifacts.get(digest)) === schema);
  const [digest] = found;
  if (digest === undefined) {
    findings.open("document-missing", schema, `the plan of the policy run names no artifact of \`${schema}\``);
    return undefined;
  }
  if (found.length > 1)
    findings.invalid("document-untrue", schema, `the plan names ${found.length} artifacts of \`${schema}\``);
  const value = type.safeParse(artifacts.get(digest)).data;
  if (value !== undefined) return { digest, value };
  findings.invalid("document-untrue", artifactPath(digest), `the artifact is not of \`${schema}\``);
  return undefined;
}

/** The chunks that the tasks are bound to, in id order. */
function chunksOf({ plan, artifacts }: Planned): Found<Chunk>[] {
  const digests = new Set(plan.tasks.flatMap(({ binding }) => (binding === null ? [] : [binding.chunkDigest])));
  return [...digests]
    .flatMap((digest) => {
      const { data } = Chunk.safeParse(artifacts.get(digest));
      return data === undefined ? [] : [{ digest, value: data }];
    })
    .sort((a, b) => (a.value.id < b.value.id ? -1 : 1));
}

function checkRecord(
  { digest, value: record }: Found<DocumentRecord>,
  text: Uint8Array,
  textDigest: Digest,
  chunks: readonly Found<Chunk>[],
  findings: Findings,
): void {
  const place = artifactPath(digest);
  checkSame(findings, place, "the text of the document record", record.text.digest, textDigest);
  checkSame(findings, place, "the size of the document record", record.text.sizeBytes, text.length);
  checkSame(findings, place, "the id of the document record", record.id, deriveId("doc", record.source.digest));
  if (!coversText(record.pages, text.length))
    findings.invalid("document-untrue", place, "the pages of the document record do not cover the text without gaps");
  for (const { value } of chunks) {
    checkSame(findings, value.id, "the number of paragraphs searched", value.search.paragraphs, record.paragraphs);
    checkSame(findings, value.id, "the language of the chunk", value.language, record.language);
  }
}

function coversText(pages: readonly PageSpan[], sizeBytes: number): boolean {
  let end = 0;
  return (
    pages.every((page, index) => {
      const follows = page.page === index + 1 && page.start === end && page.end >= page.start;
      end = page.end;
      return follows;
    }) && end === sizeBytes
  );
}

function checkPackage(
  { digest, value: said }: Found<PolicyPackage>,
  text: Uint8Array,
  textDigest: Digest,
  chunks: readonly Found<Chunk>[],
  findings: Findings,
): void {
  const place = artifactPath(digest);
  const passages = chunks.flatMap(({ value }) => (value.kind === "found" ? value.passages : []));
  const listed = chunks.map((chunk) => ({ id: chunk.value.id, digest: chunk.digest }));
  const chunksFound = chunks.filter(({ value }) => value.kind === "found").length;
  const metrics: PolicyPackage["metrics"] = {
    chunksFound,
    chunksEmpty: chunks.length - chunksFound,
    passages: passages.length,
    passageBytes: passages.reduce((sum, { span }) => sum + span.end - span.start, 0),
    documentBytes: text.length,
  };
  const rows = (list: PolicyPackage["chunks"]) => list.map((chunk) => `${chunk.id} ${chunk.digest}`).join("\n");
  checkSame(findings, place, "the document of the policy package", said.document, textDigest);
  if (rows(said.chunks) !== rows(listed))
    findings.invalid("document-untrue", place, "the policy package does not list the chunks of the plan in id order");
  checkSame(findings, place, "the integrity root of the policy package", said.integrityRoot, integrityRootOf(listed));
  for (const [name, is] of Object.entries(metrics))
    checkSame(findings, place, `\`${name}\` of the policy package`, said.metrics[name as keyof typeof metrics], is);
}

/** What a request says under these names is so, whatever its schema. */
function checkRequest(
  { plan, artifacts }: Planned,
  document: {
    readonly digest: Digest;
    readonly record: Found<DocumentRecord> | undefined;
    readonly policyPackage: Found<PolicyPackage> | undefined;
  },
  findings: Findings,
): void {
  const request = artifacts.get(plan.request);
  if (typeof request !== "object" || request === null || Array.isArray(request)) return;
  const facts: Readonly<Record<string, JsonValue | undefined>> = {
    seed: plan.seed,
    language: document.record?.value.language,
    document: document.record?.digest,
    text: document.digest,
    package: document.policyPackage?.digest,
  };
  for (const [name, is] of Object.entries(facts)) {
    const said = Object.hasOwn(request, name) ? (request as Record<string, JsonValue>)[name] : undefined;
    if (said !== undefined && is !== undefined)
      checkSame(findings, artifactPath(plan.request), `\`${name}\` of the request`, said, is);
  }
}

function checkSame(findings: Findings, place: string, what: string, said: unknown, is: unknown): void {
  if (said !== is)
    findings.invalid("document-untrue", place, `${what} is said to be \`${String(said)}\`, it is \`${String(is)}\``);
}
