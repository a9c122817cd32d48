/**
 * The statements of a bundle: each made again from the record, and its signature, entry and place in the log checked.
 *
 * Invariants:
 *   V1. Statements are all there or not at all: a bundle without them says nothing, one with some of them hides others.
 *   V2. A statement is believed for its own bytes alone: payload, entry and envelope are printed again and compared.
 *   V3. Its entry stands behind the seal that it speaks of, in the tree of the bundle's own checkpoint. Which statement was
 *       entered first says nothing: what was left out once comes later.
 *   V4. Who may sign is in the trust file: a signer whom its list does not have makes the bundle INVALID, no list leaves
 *       it INDETERMINATE.
 *
 * @module
 */
import { CERTIFICATES } from "../bundle-layout.ts";
import { isEd25519Signature, type NoteKey } from "../keys.ts";
import { isIncluded } from "../proof.ts";
import { keyOf, parseNote, SIGNATURE_TYPE } from "../signed-note.ts";
import { leafHash, sameBytes } from "../tree-hash.ts";
import { trustedAttestorsOf } from "../trust.ts";
import type { ReaderPart, VerifyContext } from "../verify-context.ts";
import { preAuthEncoding } from "./dsse.ts";
import { StatedEvents } from "./record.ts";
import { entryOf, type LoggedStatement, logIdOf, readSigstoreBundle } from "./sigstore-bundle.ts";
import { statedCertificates } from "./stated-certificates.ts";
import { isStatementPath, type RunStatement, statementsOf } from "./statements-of.ts";

/** Keeps what statements speak of while the events pass; checks them at the end. */
export const statementReader: ReaderPart = ({ files }) => {
  const paths = files.paths.filter(isStatementPath);
  const stated = new StatedEvents();
  let seal: number | undefined;
  return {
    next(event, { index }) {
      if (event.type === "RUN_SEALED") seal ??= index;
      stated.next(event);
    },
    async end(context) {
      if (paths.length > 0) await checkAll(context, paths, stated, seal ?? -1);
    },
  };
};

async function checkAll(
  context: VerifyContext,
  paths: readonly string[],
  stated: StatedEvents,
  seal: number,
): Promise<void> {
  const { files, findings, manifest, options, planned } = context;
  const certificates = statedCertificates(await files.peek(CERTIFICATES));
  const record = stated.record({ origin: manifest.origin, run: manifest.run, plan: planned.plan, certificates });
  const expected = record === undefined ? [] : statementsOf(record);
  const known = new Set(expected.map(({ path }) => path));
  for (const path of paths)
    if (!known.has(path))
      findings.invalid("statement-unexpected", path, "the run's record does not give this statement");
  const attestors = trustedAttestorsOf(options.trust);
  if (attestors.length === 0)
    findings.open("statement-untrusted", "statements", "the trust file names nobody who may sign statements");
  for (const statement of expected) {
    const logged = await readStatement(context, statement);
    if (logged === undefined) continue;
    checkSigned(context, statement, logged, attestors);
    checkLogged(context, statement, logged, seal);
  }
}

/** The statement's own bytes (V2). */
async function readStatement(
  { files, findings }: VerifyContext,
  { path, payload }: RunStatement,
): Promise<LoggedStatement | undefined> {
  if (!files.has(path)) {
    findings.invalid("statement-missing", path, "other statements are in the bundle, and this one is not");
    return undefined;
  }
  const bytes = await files.bytes(path);
  if (bytes === undefined) return undefined;
  const logged = readSigstoreBundle(bytes);
  if (logged === undefined)
    findings.invalid("statement-malformed", path, "the file is not a Sigstore bundle as this format writes it");
  else if (!sameBytes(logged.payload, payload))
    findings.invalid("statement-wrong", path, "the run's record does not give what the statement says");
  return logged;
}

/** V4. */
function checkSigned(
  { findings }: VerifyContext,
  { path }: RunStatement,
  { payload, publicKey, signature }: LoggedStatement,
  attestors: readonly NoteKey[],
): void {
  if (!isEd25519Signature({ name: path, publicKey }, preAuthEncoding(payload), signature))
    findings.invalid("statement-signature", path, "the signature is not one of the statement by the key of its entry");
  if (attestors.length > 0 && !attestors.some((attestor) => sameBytes(attestor.publicKey, publicKey)))
    findings.invalid("statement-signer", path, "the statement is signed by nobody whom the trust file names for it");
}

/** V3. */
function checkLogged(
  { checkpoint, findings, keys }: VerifyContext,
  { path }: RunStatement,
  logged: LoggedStatement,
  seal: number,
): void {
  if (checkpoint === undefined) return;
  const { note, value } = checkpoint;
  const isItsLog = parseNote(note).signatures.some((signature) => {
    const key = keyOf(signature, keys.at(value.size), SIGNATURE_TYPE.ed25519);
    return key !== undefined && sameBytes(logIdOf(key), logged.logId);
  });
  if (!sameBytes(logged.note, note) || !isItsLog)
    findings.invalid("statement-checkpoint", path, "the statement's checkpoint or log is not the bundle's own");
  if (logged.index <= seal)
    findings.invalid("statement-order", path, "the log has the statement before the seal that it speaks of");
  if (!isIncluded(leafHash(entryOf(logged)), logged.index, value.size, value.root, logged.hashes))
    findings.invalid(
      "statement-inclusion",
      path,
      "the log that the checkpoint is of does not hold the statement there",
    );
}
