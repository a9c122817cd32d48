/**
 * Runs one verification for a command line.
 *
 * Invariants:
 *   V1. Nothing is written but standard output and standard error, and no key but the trust file's is used.
 *   V2. What a person gave wrong is one line with a code and exit 2; what the bundle has wrong is the verdict.
 *
 * @module
 */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  isAuditError,
  parseLogPolicy,
  parseTrustFile,
  type RoutePort,
  verdictLines,
  verifyEvidence,
} from "@canonic/audit";
import { HELP, readArguments } from "./arguments.ts";

export type VerifierProcess = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
};

/** 0 VALID, 1 INVALID or INDETERMINATE, 2 bad usage or input; never throws. */
export async function runVerifier({ argv, cwd, stdout, stderr }: VerifierProcess): Promise<0 | 1 | 2> {
  const asked = readArguments(argv);
  const refuse = (code: string, message: string): 2 => {
    if (asked.kind !== "help" && asked.json) stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
    stderr.write(`canonic-verify: ${message} (${code})\n`);
    return 2;
  };
  if (asked.kind === "help") {
    stdout.write(HELP);
    return 0;
  }
  if (asked.kind === "wrong") return refuse("verifier.usage", asked.message);
  try {
    const trust = inFile(asked.trust, (file) => parseTrustFile(read(cwd, file)));
    const policy =
      asked.policy === undefined ? {} : { policy: inFile(asked.policy, (file) => parseLogPolicy(read(cwd, file))) };
    const anchors =
      asked.tsaCa === undefined ? {} : { stampAnchors: Buffer.from(read(cwd, asked.tsaCa)).toString("utf8") };
    const bundle = resolve(cwd, asked.bundle);
    statSync(bundle);
    const verification = await verifyEvidence(bundle, {
      trust,
      routes: openRouter,
      ...policy,
      ...anchors,
      ...(asked.at === undefined ? {} : { at: asked.at }),
    });
    if (asked.json) stdout.write(`${JSON.stringify(verification, null, 2)}\n`);
    else
      stdout.write(
        verdictLines(verification)
          .map((line) => `${line}\n`)
          .join(""),
      );
    return verification.verdict === "VALID" ? 0 : 1;
  } catch (error) {
    if (error instanceof InFile) return refuse(error.code, error.message);
    if (isAuditError(error)) return refuse(error.code, error.message);
    if (isSystemError(error))
      return refuse("verifier.file-unreadable", `\`${error.path}\` cannot be read: ${error.code}`);
    return refuse("verifier.failed", "an internal assertion failed; nothing was judged");
  }
}

/** The router, for bundles of which a task was routed. */
async function openRouter(): Promise<RoutePort> {
  const { openBudget, PlannedWorlds } = await import("@canonic/caio/planned");
  return new PlannedWorlds(openBudget());
}

/** What is wrong with a file that a person named. */
class InFile extends Error {
  readonly code: string;
  constructor(file: string, { code, message }: { readonly code: string; readonly message: string }) {
    super(`\`${file}\`: ${message}`);
    this.code = code;
  }
}

function inFile<T>(file: string, parse: (file: string) => T): T {
  try {
    return parse(file);
  } catch (error) {
    throw isAuditError(error) ? new InFile(file, error) : error;
  }
}

function read(cwd: string, file: string): Uint8Array {
  return readFileSync(resolve(cwd, file));
}

function isSystemError(error: unknown): error is { readonly code: string; readonly path: string } {
  return error instanceof Error && "code" in error && "path" in error && /^E[A-Z0-9]+$/.test(String(error.code));
}
