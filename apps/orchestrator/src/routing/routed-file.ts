/**
 * A decision as a file: the record and all that it was made from, so that a stranger derives it again offline.
 *
 * Invariants:
 *   F1. The file is canonical JSON and a newline, and has exactly the parts that the record names by digest.
 *   F2. Whoever holds a file with a false record, or a world that is not the record's, is told so: each part by name.
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
  RuleSet,
  ScoreProfile,
  ServiceSnapshot,
} from "@canonic/contracts";
import { z } from "zod";
import { OrchestratorError } from "../errors.ts";
import { firstByteOf, readNamedFile, writeNew } from "../files.ts";

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

/** @throws {OrchestratorError} `orchestrator.out-not-empty` when something is there. */
export function writeRouted(file: string, routed: RoutedFile): void {
  if (writeNew(file, `${canonicalJson(routed as unknown as JsonObject)}\n`)) return;
  throw new OrchestratorError("orchestrator.out-not-empty", `\`${file}\` is there already; it is left as it is`, {
    directory: file,
  });
}

/** True for what begins like one: a JSON object, and so neither a folder nor a tar. One byte is read: a tar may have gigabytes. */
export function isRoutedFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile() && firstByteOf(path) === 0x7b;
}

/** @throws {OrchestratorError} `orchestrator.decision-invalid` for what is not canonical JSON of the schema. */
export function parseRouted(bytes: Uint8Array, file: string): RoutedFile {
  let value: unknown;
  try {
    value = parseCanonicalJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\n$/, ""));
  } catch {
    throw invalid(file, "expected canonical JSON, as `canonic route --out` writes it");
  }
  const parsed = RoutedFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const at = (parsed.error.issues[0]?.path ?? []).map(String).join("/");
  throw invalid(file, `expected \`canonic/routed/v1\`, the first fault is at \`/${at}\``);
}

/** The decision of a routed file, or of a file that is a record alone. */
export function readDecision(path: string, name: string): RouteDecision {
  const bytes = readNamedFile(path);
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

function invalid(file: string, expected: string): OrchestratorError<"orchestrator.decision-invalid"> {
  return new OrchestratorError("orchestrator.decision-invalid", `\`${file}\` is no decision: ${expected}`, {
    file,
    expected,
  });
}
