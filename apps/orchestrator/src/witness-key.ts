/**
 * A witness's key, and the folder that it was made with.
 *
 * Invariants:
 *   K1. Key and folder are made together, and neither without the other: with a folder that was lost, a key would sign a
 *       second history.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createKeyPair, type NoteSigner, printVerifierKey, SIGNATURE_TYPE, signerFromPem } from "@canonic/audit";
import { OrchestratorError } from "./errors.ts";
import { readNamedFile, writeNew } from "./files.ts";

/** Explanatory text before a PEM's first line is allowed (RFC 7468 section 2), and holds whose key it is. */
const NAME_LINE = /^Witness: (.+)\n-----BEGIN PRIVATE KEY-----\n/;
const MARK = "witness";

/**
 * Reads a witness's key, or makes it with its folder where neither is there.
 *
 * @param name - The witness's name, where the key is made.
 * @throws {OrchestratorError} `orchestrator.keys-invalid` for a key without its folder or a folder without its key,
 *   `orchestrator.option-invalid` for a name that cannot stand in a note.
 */
export function openWitnessKey(file: string, state: string, name: string | undefined): NoteSigner {
  const mark = join(state, MARK);
  if (!existsSync(file) && !existsSync(mark)) makeWitness(file, mark, name);
  if (!existsSync(file)) throw keysInvalid(file, `is missing, and \`${state}\` is a witness's memory`);
  const text = Buffer.from(readNamedFile(file)).toString("utf8");
  const owner = NAME_LINE.exec(text)?.[1];
  if (owner === undefined) throw keysInvalid(file, "is no witness's key");
  const signer = signerFromPem(owner, text);
  const isIts = existsSync(mark) && Buffer.from(readNamedFile(mark)).toString("utf8") === markOf(signer);
  if (isIts) return signer;
  throw keysInvalid(file, `was not made with \`${state}\`: what it has cosigned is not known there`);
}

function makeWitness(file: string, mark: string, name: string | undefined): void {
  if (name === undefined || !/^[^\s+\p{Cc}]{1,128}$/u.test(name)) {
    const expected = "a name of 1 to 128 characters without spaces and plus signs, to make the key with";
    throw new OrchestratorError("orchestrator.option-invalid", `--name takes ${expected}`, {
      option: "name",
      expected,
    });
  }
  const { privateKeyPem } = createKeyPair();
  // The folder's mark first: a crash between the two leaves a folder without a key, which nothing takes for a new one.
  writeNew(mark, markOf(signerFromPem(name, privateKeyPem)));
  writeNew(file, `Witness: ${name}\n${privateKeyPem}`, 0o600);
}

function markOf(signer: NoteSigner): string {
  return `${printVerifierKey(signer, SIGNATURE_TYPE.cosignature)}\n`;
}

function keysInvalid(file: string, fault: string): OrchestratorError<"orchestrator.keys-invalid"> {
  return new OrchestratorError("orchestrator.keys-invalid", `\`${file}\` ${fault}`, { file });
}
