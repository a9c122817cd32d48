/**
 * What a question is decided in beside its services: rules, profiles, observations and policies, from the files that somebody names.
 *
 * @module
 */
import { resolve } from "node:path";
import { NO_RULES, type PolicySource, type RouteWorld } from "@canonic/caio";
import {
  CHEAPEST_SCORE_PROFILE,
  DEFAULT_PRIVACY_PROFILE,
  DEFAULT_SCORE_PROFILE,
  ObservationSnapshot,
  PrivacyProfile,
  ScoreProfile,
  type ServiceSnapshot,
} from "@canonic/contracts";
import { OrchestratorError } from "../errors.ts";
import { readNamedFile } from "../files.ts";
import { readRuleFile } from "./rule-file.ts";
import type { WorldOptions } from "./world-options.ts";
import { readWritten } from "./written-document.ts";

/**
 * The world of a snapshot.
 *
 * @throws {OrchestratorError} `orchestrator.document-invalid`, `orchestrator.file-unreadable`.
 */
export function readWorld(snapshot: ServiceSnapshot, options: WorldOptions, cwd: string): RouteWorld {
  const { rules, privacy, observations } = options;
  const bytesOf = (file: string) => readNamedFile(resolve(cwd, file));
  return {
    snapshot,
    rules: rules === undefined ? NO_RULES : readRuleFile(bytesOf(rules), rules),
    observations: observations === undefined ? null : observationsIn(bytesOf(observations), observations),
    scoreProfile: scoreProfileOf(options.profile ?? "default", bytesOf),
    privacyProfile:
      privacy === undefined
        ? DEFAULT_PRIVACY_PROFILE
        : readWritten(PrivacyProfile, bytesOf(privacy), privacy, "privacy profile").value,
  };
}

/** The texts of policies, named as they were on the command line. */
export function readPolicies(files: readonly string[], cwd: string): PolicySource[] {
  return files.map((name) => ({ name, text: Buffer.from(readNamedFile(resolve(cwd, name))).toString("utf8") }));
}

function scoreProfileOf(named: string, bytesOf: (file: string) => Uint8Array): ScoreProfile {
  if (named === "default") return DEFAULT_SCORE_PROFILE;
  if (named === "cheapest") return CHEAPEST_SCORE_PROFILE;
  return readWritten(ScoreProfile, bytesOf(named), named, "score profile").value;
}

/** Written by a program and possibly large: read as JSON, with the first fault by pointer. */
function observationsIn(bytes: Uint8Array, name: string): ObservationSnapshot {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    value = undefined;
  }
  const parsed = ObservationSnapshot.safeParse(value);
  if (parsed.success) return parsed.data;
  const at = (parsed.error.issues[0]?.path ?? []).map(String).join("/");
  const faults = [
    { line: 1, column: 1, message: `expected \`canonic/observation-snapshot/v1\`, the first fault is at \`/${at}\`` },
  ];
  throw new OrchestratorError("orchestrator.document-invalid", `\`${name}\` is no observation snapshot`, {
    file: name,
    faults,
  });
}
