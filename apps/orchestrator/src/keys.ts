/**
 * The store's keys and whom it trusts: `keys/log.pem` signs the log, `keys/operator.pem` issues tokens, `keys/attestor.pem`
 * signs statements about runs, `keys/salt.key` salts personal values, `trust.json` holds the public halves, and those of the people who may approve.
 *
 * Invariants:
 *   K1. A key is never replaced but by a rotation that its log knows (`log-key-files.ts`): a log without its key is an error,
 *       not a reason for a new one, and of two processes that make one at the same time both use the first.
 *   K2. A private key leaves its file for its signer alone; no message, journal or bundle holds it.
 *   K3. A key has one office: the log's key issues nothing, the operator's approves nothing, and an approver's private key
 *       is never in the store: its file is where the person put it, and only `canonic approve` reads it.
 *   K4. A store from before there were attestors gets one when it is next opened to be written; who only reads makes nothing.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  createKeyPair,
  currentKey,
  type LogIdentity,
  type LogReader,
  type NoteSigner,
  openLogCheckpoint,
  parseTrustFile,
  readCheckpoint,
  signerFromPem,
  trustedKeysOf,
  trustFileOf,
} from "@canonic/audit";
import { createTrust, type Signer } from "@canonic/authority";
import { digestBytes, Principal, type Salts, type TrustFile } from "@canonic/contracts";
import { LOCAL_USER } from "@canonic/planner";
import { OrchestratorError } from "./errors.ts";
import { readNamedFile, writeNew, writeOnce } from "./files.ts";
import { inFile } from "./in-file.ts";
import { logKeyFile, nextKeyFile, readNextKey, writtenOrigin } from "./log-key-files.ts";
import { openSalts } from "./salt-key.ts";
import { changeTrust, printedTrust } from "./trust-file.ts";

export type LogKeys = {
  readonly origin: string;
  readonly signer: NoteSigner;
  /** The log's keeper: the key, and the next one while a rotation may not have come to its end. */
  readonly identity: LogIdentity;
  /** Issues the tokens of this store. */
  readonly operator: Signer;
  readonly trust: TrustFile;
  readonly trustFile: string;
};

/** The keys of who writes to the store. */
export type WriterKeys = LogKeys & {
  /** Signs statements about this store's runs. */
  readonly attestor: NoteSigner;
  /** Salts for personal values. */
  readonly salts: Salts;
};

/** True where a log is, or a checkpoint says that there was one. */
export function hasLog(store: string): boolean {
  return existsSync(join(store, "log.sqlite")) || existsSync(join(store, "checkpoint"));
}

/**
 * For who only asks about a store: nothing is made where a name was mistyped.
 *
 * @throws {OrchestratorError} `orchestrator.store-missing` where there is neither a log nor keys made for one.
 */
export function assertKeys(store: string): void {
  if (hasLog(store) || existsSync(trustPathOf(store))) return;
  const message = `there is no store at \`${store}\`; \`canonic keys init\` makes the keys of a new one`;
  throw new OrchestratorError("orchestrator.store-missing", message, { directory: store });
}

export function trustPathOf(store: string): string {
  return join(store, "trust.json");
}

/**
 * Reads the store's keys and its trust file, or makes what is not there: the log's key only where there is no log.
 *
 * @throws {OrchestratorError} `orchestrator.keys-invalid` when the log's key is missing beside a log, or a file is no key,
 *   `audit.trust-invalid` and `authority.trust-invalid` for a trust file that is none.
 */
export function openKeys(store: string): LogKeys {
  const file = logKeyFile(store);
  const operatorFile = join(store, "keys", "operator.pem");
  makeKey(file, hasLog(store) ? "there is a log that it signs" : undefined);
  makeKey(operatorFile, existsSync(trustPathOf(store)) ? "there is a trust file from after it was made" : undefined);
  const operator = signerOf(LOCAL_USER, operatorFile);
  // Read before the key that it replaces: a rotation that ends meanwhile moves it there, and is seen in one of both places.
  const nextKey = readNextKey(store);
  const { publicKey } = signerOf("canonic.local", file);
  const origin = writtenOrigin(store) ?? `canonic.local/${digestBytes(publicKey).slice(7, 23)}`;
  const trustFile = trustPathOf(store);
  if (!existsSync(trustFile)) {
    const attestors = [makeAttestor(store, origin)];
    const trust = trustFileOf(origin, [{ name: origin, publicKey }], { issuers: [operator], approvers: [], attestors });
    writeOnce(trustFile, printedTrust(trust));
  }
  const trust = readTrust(trustFile);
  createTrust(trust);
  const signer = signerOf(origin, file);
  const next = nextKey === undefined ? {} : { next: signerOf(origin, nextKeyFile(store), nextKey) };
  return { origin, signer, identity: { origin, signer, ...next }, operator, trust, trustFile };
}

/** The key that a rotation hands over to; a log's key is named by its origin. */
export function nextSignerOf(file: string, origin: string): NoteSigner {
  return signerOf(origin, file);
}

/**
 * The same with the attestor's key and the salts; a trust file that says nothing of attestors is extended by this one (K4).
 *
 * @throws {OrchestratorError} as {@link openKeys}, and `orchestrator.keys-invalid` when the trust file names an attestor of
 *   this store whose key is missing, or the salt key is.
 */
export function openWriterKeys(store: string): WriterKeys {
  const keys = openKeys(store);
  const named = keys.trust.attestors?.some(({ name }) => name === attestorNameOf(keys.origin)) ?? false;
  const attestor = makeAttestor(store, keys.origin, named ? "the trust file names it" : undefined);
  const salts = openSalts(store);
  if (keys.trust.attestors !== undefined) return { ...keys, attestor, salts };
  const publicKey = Buffer.from(attestor.publicKey).toString("base64");
  const attestors = [{ name: attestor.name, publicKey }];
  const trust = changeTrust(store, keys.trustFile, (now) =>
    now.attestors === undefined ? { ...now, attestors } : now,
  );
  return { ...keys, trust, attestor, salts };
}

function makeAttestor(store: string, origin: string, unlessLost?: string): NoteSigner {
  const file = join(store, "keys", "attestor.pem");
  makeKey(file, unlessLost);
  return signerOf(attestorNameOf(origin), file);
}

function attestorNameOf(origin: string): string {
  return `${origin}/attestor`;
}

function makeKey(file: string, unlessLost: string | undefined): void {
  if (existsSync(file)) return;
  if (unlessLost !== undefined) {
    const message = `\`${file}\` is missing, and ${unlessLost}`;
    throw new OrchestratorError("orchestrator.keys-invalid", message, { file });
  }
  writeOnce(file, createKeyPair().privateKeyPem, 0o600);
}

/**
 * Reads a trust file.
 *
 * @throws {OrchestratorError} `orchestrator.file-unreadable`, {@link AuditError} `audit.trust-invalid`.
 */
export function readTrust(file: string): TrustFile {
  return inFile(file, () => parseTrustFile(readNamedFile(file)));
}

/**
 * The origin of the store's log, as its checkpoint says it under a signature that the store trusts; no private key is read.
 *
 * @throws {OrchestratorError} `orchestrator.keys-invalid` without a checkpoint, `orchestrator.file-unreadable` without a trust
 *   file; {@link AuditError} `audit.note-invalid` for a checkpoint that no key of the trust file signed.
 */
export async function originOf(store: string, reader: Pick<LogReader, "checkpoint" | "readRun">): Promise<string> {
  const note = await reader.checkpoint();
  if (note === undefined) {
    const file = join(store, "checkpoint");
    throw new OrchestratorError("orchestrator.keys-invalid", `\`${file}\` is missing: nothing says which log this is`, {
      file,
    });
  }
  const { origin } = readCheckpoint(note);
  return (await openLogCheckpoint(reader, note, trustedKeysOf(readTrust(trustPathOf(store)), origin))).origin;
}

/**
 * Writes a trust file that names the log's key in force alone, and the people of the store's own.
 *
 * @throws {OrchestratorError} `orchestrator.out-not-empty` when the file exists.
 */
export async function trustInForce(
  reader: Pick<LogReader, "readRun">,
  { origin, identity, trust }: LogKeys,
  out: string,
): Promise<{ readonly publicKey: string }> {
  const { publicKey } = await currentKey(reader, identity);
  const text = Buffer.from(publicKey).toString("base64");
  const next = { ...trust, logs: [{ origin, keys: [{ name: origin, publicKey: text }] }] };
  if (!writeNew(out, printedTrust(next)))
    throw new OrchestratorError("orchestrator.out-not-empty", `\`${out}\` exists already`, { directory: out });
  return { publicKey: text };
}

/** Explanatory text before a PEM's first line is allowed (RFC 7468 section 2), and holds whose key it is. */
const NAME_LINE = /^Approver: (.+)\n-----BEGIN PRIVATE KEY-----\n/;

/**
 * Makes a person's key in a file of their own, and trusts its public half to approve.
 *
 * @throws {OrchestratorError} `orchestrator.out-not-empty` when the file exists, `orchestrator.option-invalid` for a name
 *   that nobody can have; {@link AuthorityError} `authority.trust-invalid` for a name of something that executes.
 */
export function createApprover(store: string, name: string, out: string): { readonly publicKey: string } {
  if (!Principal.safeParse(name).success || /[\r\n]/.test(name)) {
    const expected = "a name of 1 to 128 characters on one line";
    throw new OrchestratorError("orchestrator.option-invalid", `<name> takes ${expected}`, {
      option: "name",
      expected,
    });
  }
  const { trustFile } = openKeys(store);
  const pair = createKeyPair();
  const publicKey = Buffer.from(pair.publicKey).toString("base64");
  changeTrust(store, trustFile, (trust) => {
    const next = { ...trust, approvers: [...(trust.approvers ?? []), { name, publicKey }] };
    createTrust(next);
    if (!writeNew(out, `Approver: ${name}\n${pair.privateKeyPem}`, 0o600)) {
      const message = `\`${out}\` exists already; a key is never replaced`;
      throw new OrchestratorError("orchestrator.out-not-empty", message, { directory: out });
    }
    return next;
  });
  return { publicKey };
}

/**
 * Reads an approver's key file, as `canonic keys approver` made it.
 *
 * @throws {OrchestratorError} `orchestrator.file-unreadable`, `orchestrator.keys-invalid`.
 */
export function readApprover(file: string): Signer {
  const name = NAME_LINE.exec(Buffer.from(readNamedFile(file)).toString("utf8"))?.[1];
  if (name !== undefined) return signerOf(name, file);
  throw new OrchestratorError("orchestrator.keys-invalid", `\`${file}\` is no approver's key`, { file });
}

/** A key made for a token's confirmation, or read back: whoever has the file may attenuate that token. */
export function openConfirmationKey(
  file: string,
  canMake = true,
): { readonly publicKey: Uint8Array; readonly signer: Signer } {
  if (!existsSync(file)) {
    if (!canMake) readNamedFile(file);
    writeOnce(file, createKeyPair().privateKeyPem, 0o600);
  }
  const signer = signerOf("confirmation", file);
  return { publicKey: signer.publicKey, signer };
}

function signerOf(name: string, file: string, read?: string): NoteSigner {
  const pem = read ?? Buffer.from(readNamedFile(file)).toString("utf8");
  try {
    return signerFromPem(name, pem);
  } catch (cause) {
    throw new OrchestratorError(
      "orchestrator.keys-invalid",
      `\`${file}\` holds no Ed25519 private key`,
      { file },
      { cause },
    );
  }
}
