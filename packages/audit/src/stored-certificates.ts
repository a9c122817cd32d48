/**
 * The certificates of a run as its log holds it, before any bundle.
 *
 * @module
 */
import {
  type CertifiedRun,
  type Digest,
  digestBytes,
  type JsonValue,
  Plan,
  parseCanonicalJson,
  RegistrySnapshot,
  type RunId,
} from "@canonic/contracts";
import { CertificateFacts } from "./certificate-facts.ts";
import { AuditError } from "./errors.ts";
import { readLogChain } from "./log-chain.ts";
import { environmentOf } from "./named-payloads.ts";
import { readRun } from "./runs.ts";
import type { LogReader } from "./storage.ts";

/**
 * Reads a run with all that certificates look at; undefined while it is not sealed. A payload that is not there is left
 * out, and shows as missing in what is certified; without plan and registry there is nothing to certify.
 *
 * @throws {AuditError} `audit.run-unknown`, `audit.log-damaged`, `audit.payload-missing`.
 */
export async function readCertifiable(reader: LogReader, run: RunId): Promise<CertifiedRun | undefined> {
  const { events } = await readRun(reader, run);
  const [first] = events;
  if (first?.type !== "PLAN_FROZEN") throw new Error("assertion failed: a run that was read starts with PLAN_FROZEN");
  const plan = Plan.parse(await required(reader, first.data.plan));
  const snapshot = RegistrySnapshot.parse(await required(reader, first.data.registry));
  const facts = new CertificateFacts(plan);
  const named = new Set<Digest>(plan.artifacts);
  const completed = new Map<string, Digest>();
  for (const event of events) {
    facts.next(event);
    for (const digest of environmentOf(event)) named.add(digest);
    if (event.type === "CONTRACT_VERDICT") named.add(event.data.evidence);
    if (event.type === "EXECUTION_COMPLETED") completed.set(event.subject, event.data.output);
  }
  const artifacts = new Map<Digest, JsonValue>();
  for (const digest of named) {
    const value = await payloadValue(reader, digest);
    if (value !== undefined) artifacts.set(digest, value);
  }
  const seal = events.at(-1);
  const hasOutputs = seal?.type === "RUN_SEALED" && seal.data.outputs !== null;
  const outputs: (JsonValue | undefined)[] = [];
  for (const { id } of hasOutputs ? plan.tasks : []) {
    const digest = completed.get(id);
    outputs.push(digest === undefined ? undefined : await payloadValue(reader, digest));
  }
  const { redactions } = await readLogChain(reader, undefined);
  return facts.certified({ plan, snapshot, artifacts, outputs, redacted: new Set(redactions.keys()) });
}

async function payloadValue(reader: LogReader, digest: Digest): Promise<JsonValue | undefined> {
  const bytes = await reader.payload(digest);
  return bytes !== undefined && digestBytes(bytes) === digest ? parseCanonicalJson(bytes) : undefined;
}

async function required(reader: LogReader, digest: Digest): Promise<JsonValue> {
  const value = await payloadValue(reader, digest);
  if (value !== undefined) return value;
  throw new AuditError("audit.payload-missing", `the log has no payload \`${digest}\``, { digest });
}
