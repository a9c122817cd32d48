/**
 * A decision as a file: the record and all that it was made from, so that a stranger derives it again offline.
 *
 * Invariants:
 *   F1. The file is canonical JSON and a newline, and has exactly the parts that the record names by digest.
 *   F2. What is too large to be verified is refused before it is read, or written.
 *   F3. Whoever holds a file with a false record, or a world that is not the record's, is told so: each part by name.
 *
 * @module
 */
import { existsSync, statSync } from "node:fs";
import {
  AuthorizationTable,
  canonicalJson,
  type JsonObject,
  ObservationSnapshot,
  PrivacyProfile,
  parseCanonicalJson,
  RouteDecision,
  RouteIdentity,
  RouteRequest,
  Rule,
  RuleSet,
  ScoreProfile,
  ServiceEntry,
  ServiceObservation,
  ServiceSnapshot,
} from "@canonic/contracts";
import { z } from "zod";
import { OrchestratorError } from "../errors.ts";
import { firstByteOf, readNamedFile, writeNew } from "../files.ts";
import { PART_VALUES_MAX, type PartList, readInParts } from "./routed-parts.ts";

/** `policies` are the texts behind `authorization`; both or neither are there. */
export const RoutedFile = z.strictObject({
  schema: z.literal("canonic/routed/v1"),
  decision: RouteDecision,
  request: RouteRequest,
  identity: RouteIdentity.nullable(),
  authorization: AuthorizationTable.nullable(),
  policies: z.array(z.strictObject({ name: z.string().max(4096), text: z.string().max(1_048_576) })).max(256),
  world: z.strictObject({
    snapshot: ServiceSnapshot,
    rules: RuleSet,
    observations: ObservationSnapshot.nullable(),
    scoreProfile: ScoreProfile,
    privacyProfile: PrivacyProfile,
  }),
});
export type RoutedFile = z.infer<typeof RoutedFile>;

/** The lists that have no bound, or a large one, by the schemas of their items. */
const LISTS: readonly PartList[] = [
  { path: ["world", "snapshot", "services"], item: ServiceEntry },
  { path: ["world", "rules", "rules"], item: Rule },
  { path: ["world", "observations", "services"], item: ServiceObservation },
  { path: ["authorization", "refused"], item: AuthorizationTable.shape.refused.element },
  { path: ["decision", "clauses"], item: RouteDecision.shape.clauses.element },
  { path: ["decision", "warnings"], item: RouteDecision.shape.warnings.element },
  { path: ["decision", "guarantees"], item: RouteDecision.shape.guarantees.element },
];
/** The fields that hold any JSON: schemas of a contract, and what a clause requires. */
const FREE: ReadonlySet<string> = new Set(["input", "output", "required"]);

/** Of one file; 10,000 services of public catalogues under 1,000 rules are 12 MB. */
const ROUTED_BYTES_MAX = 16 * 1024 * 1024;
/** Values and keys of one file: each takes far more room than bytes. */
const ROUTED_VALUES_MAX = 1_500_000;

/**
 * @throws {OrchestratorError} `orchestrator.out-not-empty` when something is there, `orchestrator.decision-too-large` for what nobody
 *   would verify.
 */
export function writeRouted(file: string, routed: RoutedFile): void {
  const bytes = Buffer.from(`${canonicalJson(routed as unknown as JsonObject)}\n`, "utf8");
  refuseTooLarge(file, bytes.length, bytes);
  if (writeNew(file, bytes)) return;
  throw new OrchestratorError("orchestrator.out-not-empty", `\`${file}\` is there already; it is left as it is`, {
    directory: file,
  });
}

/** True for what begins like one: a JSON object, and so neither a folder nor a tar. One byte is read: a tar may have gigabytes. */
export function isRoutedFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile() && firstByteOf(path) === 0x7b;
}

/**
 * The bytes of a file that holds a decision.
 *
 * @throws {OrchestratorError} `orchestrator.decision-too-large`, by its size before it is read; `orchestrator.file-unreadable`.
 */
function readBytes(path: string, name: string): Uint8Array {
  if (existsSync(path)) refuseTooLarge(name, statSync(path).size);
  const bytes = readNamedFile(path);
  refuseTooLarge(name, bytes.length, bytes);
  return bytes;
}

/**
 * Reads a routed file.
 *
 * @throws {OrchestratorError} `orchestrator.decision-invalid` for what is not canonical JSON of the schema,
 *   `orchestrator.decision-too-large`, `orchestrator.file-unreadable`.
 */
export function readRouted(path: string, file: string): RoutedFile {
  const bytes = readBytes(path, file);
  let value: unknown;
  try {
    value = parseCanonicalJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\n$/, ""));
  } catch {
    throw invalid(file, "expected canonical JSON, as `canonic route --out` writes it");
  }
  const read = readInParts(RoutedFile, value, LISTS, FREE);
  if (read.kind === "value") return read.value;
  if (read.kind === "too-large") throw tooLarge(file, `at most ${PART_VALUES_MAX} values in \`/${read.at}\``);
  throw invalid(file, `expected \`canonic/routed/v1\`, the first fault is at \`/${read.at}\``);
}

/** The decision of a routed file, or of a file that is a record alone. */
export function readDecision(path: string, name: string): RouteDecision {
  const bytes = readBytes(path, name);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw invalid(name, "expected JSON");
  }
  const whole = z.object({ decision: z.unknown() }).safeParse(value);
  const parsed = RouteDecision.safeParse(whole.success ? whole.data.decision : value);
  if (parsed.success) return parsed.data;
  throw invalid(name, "expected `canonic/route-decision/v1`, or a file that holds one as `decision`");
}

/** @param bytes - Looked into only when there are not too many. */
function refuseTooLarge(file: string, sizeBytes: number, bytes?: Uint8Array): void {
  const expected =
    sizeBytes > ROUTED_BYTES_MAX
      ? `at most ${ROUTED_BYTES_MAX} bytes`
      : bytes !== undefined && valuesIn(bytes) > ROUTED_VALUES_MAX
        ? `at most ${ROUTED_VALUES_MAX} values and keys`
        : null;
  if (expected !== null) throw tooLarge(file, expected);
}

function tooLarge(file: string, expected: string): OrchestratorError<"orchestrator.decision-too-large"> {
  const message = `\`${file}\` is too large to be verified: expected ${expected}`;
  return new OrchestratorError("orchestrator.decision-too-large", message, { file, expected });
}

/** How many values and keys a JSON text has at most: what follows a comma, a colon or an opening bracket outside of texts. */
function valuesIn(bytes: Uint8Array): number {
  let count = 1;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) isText = !isText;
    else if (isText) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === COMMA || byte === COLON || byte === BRACKET || byte === BRACE) count += 1;
  }
  return count;
}

const [QUOTE, BACKSLASH, COMMA, COLON, BRACKET, BRACE] = [...'"\\,:[{'].map((sign) => sign.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
];

function invalid(file: string, expected: string): OrchestratorError<"orchestrator.decision-invalid"> {
  return new OrchestratorError("orchestrator.decision-invalid", `\`${file}\` is no decision: ${expected}`, {
    file,
    expected,
  });
}
