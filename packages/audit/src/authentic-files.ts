/**
 * The files of a bundle behind its signed manifest: each is read once, and its digest checked on that read.
 *
 * Invariants:
 *   A1. Nothing of a bundle is parsed before the manifest's signature by a trusted key was checked.
 *   A2. Every listed file is read or reported, every file that is there is listed or reported.
 *
 * @module
 */
import { createHash } from "node:crypto";
import {
  BundleManifest,
  type Digest,
  digestBytes,
  type JsonValue,
  parseCanonicalJson,
  type TrustFile,
} from "@canonic/contracts";
import { MANIFEST, MANIFEST_NOTE, manifestNoteText } from "./bundle-layout.ts";
import { type BundleEntry, type BundleSource, readWhole } from "./bundle-source.ts";
import type { Findings } from "./findings.ts";
import type { NoteKey } from "./keys.ts";
import { type LogKeys, openLogKeys } from "./log-keys.ts";
import { readSignedManifest } from "./signed-manifest.ts";

/** A file that is parsed as a whole; leaves and outputs are streamed. */
export const WHOLE_FILE_BYTES_MAX = 256 * 1024 * 1024;

export interface Manifest {
  readonly manifest: BundleManifest;
  /** The keys of the manifest's origin. */
  readonly keys: LogKeys;
  /** Those of the keys that signed the manifest. */
  readonly signers: readonly NoteKey[];
}

/** Reads and authenticates the manifest; undefined, with findings, when it is not to be trusted (A1). */
export async function openManifest(
  source: BundleSource,
  entries: ReadonlyMap<string, BundleEntry>,
  trust: TrustFile,
  findings: Findings,
): Promise<Manifest | undefined> {
  const openKeys = (origin: string) => openLogKeys(source, entries, trust, origin);
  const signed = await readSignedManifest({ source, entries, openKeys, textOf: manifestNoteText }, findings);
  if (signed === undefined) return undefined;
  const { value, keys, signers } = signed;
  const parsed = BundleManifest.safeParse(value);
  if (parsed.success) return { manifest: parsed.data, keys, signers };
  findings.invalid("manifest-malformed", MANIFEST, "the manifest is not of its schema");
  return undefined;
}

export class AuthenticFiles {
  readonly #source: BundleSource;
  readonly #listed: ReadonlyMap<string, BundleManifest["files"][number]>;
  readonly #findings: Findings;
  readonly #unread: Set<string>;

  constructor(
    source: BundleSource,
    entries: ReadonlyMap<string, BundleEntry>,
    manifest: BundleManifest,
    findings: Findings,
  ) {
    this.#source = source;
    this.#findings = findings;
    this.#listed = new Map(manifest.files.map((file) => [file.path as string, file]));
    this.#unread = new Set(this.#listed.keys());
    checkListing(manifest, entries, findings);
    for (const [path, file] of this.#listed) {
      const entry = entries.get(path);
      if (entry?.isFile === true && entry.sizeBytes === file.sizeBytes) continue;
      this.#unread.delete(path);
      if (entry === undefined) findings.invalid("file-missing", path, `\`${path}\` is listed and missing`);
      else findings.invalid("file-changed", path, `\`${path}\` is no plain file of ${file.sizeBytes} bytes`);
    }
  }

  /** Listed paths in manifest order. */
  get paths(): readonly string[] {
    return [...this.#listed.keys()];
  }

  has(path: string): boolean {
    return this.#listed.has(path);
  }

  /** The digest that the manifest says of a file; that the file has it is checked when it is read, or by `checkRest`. */
  digestOf(path: string): Digest | undefined {
    return this.#listed.get(path)?.digest;
  }

  /** The bytes of a file; undefined, with a finding, when they are not those that were signed. */
  async bytes(path: string): Promise<Uint8Array | undefined> {
    const file = this.#opened(path);
    if (file === undefined) return undefined;
    const bytes = await this.#reading(path, () => readWhole(this.#source, path, file.sizeBytes + 1));
    return bytes !== undefined && this.#isSigned(path, digestBytes(bytes), file.digest) ? bytes : undefined;
  }

  /** Gives the bytes of a file in pieces; false, with a finding, when they were not those that were signed. */
  async stream(path: string, take: (piece: Uint8Array) => void): Promise<boolean> {
    const file = this.#opened(path);
    if (file === undefined) return false;
    const hash = createHash("sha256");
    const read = await this.#reading(path, async () => {
      for await (const piece of this.#source.read(path, file.sizeBytes + 1)) {
        hash.update(piece);
        take(piece);
      }
      return true;
    });
    return read === true && this.#isSigned(path, `sha256:${hash.digest("hex")}`, file.digest);
  }

  /** The bytes of a file that another part reads and reports on; undefined when they are not those that were signed. */
  async peek(path: string): Promise<Uint8Array | undefined> {
    const file = this.#listed.get(path);
    if (file === undefined || file.sizeBytes > WHOLE_FILE_BYTES_MAX) return undefined;
    const bytes = await readWhole(this.#source, path, file.sizeBytes + 1).catch(() => undefined);
    return bytes !== undefined && digestBytes(bytes) === file.digest ? bytes : undefined;
  }

  /** A file's canonical JSON; undefined, with a finding, when it is none. */
  async json(path: string): Promise<JsonValue | undefined> {
    const bytes = await this.bytes(path);
    if (bytes === undefined) return undefined;
    try {
      return parseCanonicalJson(bytes);
    } catch {
      this.#findings.invalid("file-malformed", path, `\`${path}\` is not canonical JSON`);
      return undefined;
    }
  }

  /** The lines of a file without their line feeds; findings for what is no such line and for a wrong digest at the end. */
  async *lines(path: string, lineBytesMax: number): AsyncGenerator<Uint8Array> {
    const file = this.#listed.get(path);
    if (file === undefined) this.#findings.invalid("file-missing", path, `\`${path}\` is not in the manifest`);
    if (file === undefined || !this.#unread.delete(path)) return;
    const hash = createHash("sha256");
    let rest: Uint8Array = Buffer.alloc(0);
    try {
      for await (const piece of this.#source.read(path, file.sizeBytes + 1)) {
        hash.update(piece);
        let from = 0;
        for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, from)) {
          yield rest.length === 0 ? piece.subarray(from, end) : Buffer.concat([rest, piece.subarray(from, end)]);
          rest = Buffer.alloc(0);
          from = end + 1;
        }
        rest = Buffer.concat([rest, piece.subarray(from)]);
        if (rest.length > lineBytesMax) {
          this.#findings.invalid("line-too-long", path, `\`${path}\` has a line of more than ${lineBytesMax} bytes`);
          return;
        }
      }
    } catch {
      this.#findings.open("file-unreadable", path, `\`${path}\` cannot be read`);
      return;
    }
    if (rest.length > 0) this.#findings.invalid("line-torn", path, `the last line of \`${path}\` has no line feed`);
    this.#isSigned(path, `sha256:${hash.digest("hex")}`, file.digest);
  }

  /** Reads what nobody asked for, for its digest alone (A2). */
  async checkRest(): Promise<void> {
    for (const path of [...this.#unread]) {
      const file = this.#listed.get(path);
      this.#unread.delete(path);
      const hash = createHash("sha256");
      const read = await this.#reading(path, async () => {
        for await (const piece of this.#source.read(path, (file?.sizeBytes ?? 0) + 1)) hash.update(piece);
        return true;
      });
      if (read !== undefined && `sha256:${hash.digest("hex")}` !== file?.digest) {
        this.#findings.invalid("file-changed", path, `\`${path}\` does not have the digest in the manifest`);
      }
    }
  }

  /** What the manifest says of a file that is to be read now; undefined, reported, when it cannot be. */
  #opened(path: string): BundleManifest["files"][number] | undefined {
    const file = this.#listed.get(path);
    if (file === undefined) this.#findings.invalid("file-missing", path, `\`${path}\` is not in the manifest`);
    if (file === undefined || !this.#unread.delete(path)) return undefined;
    if (file.sizeBytes <= WHOLE_FILE_BYTES_MAX) return file;
    this.#findings.open("file-too-large", path, `\`${path}\` is larger than ${WHOLE_FILE_BYTES_MAX} bytes`);
    return undefined;
  }

  #isSigned(path: string, digest: string, signed: Digest): boolean {
    if (digest === signed) return true;
    this.#findings.invalid("file-changed", path, `\`${path}\` does not have the digest in the manifest`);
    return false;
  }

  async #reading<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch {
      this.#findings.open("file-unreadable", path, `\`${path}\` cannot be read`);
      return undefined;
    }
  }
}

function checkListing(manifest: BundleManifest, entries: ReadonlyMap<string, BundleEntry>, findings: Findings): void {
  let previous = "";
  for (const { path } of manifest.files) {
    if (path <= previous || path === MANIFEST || path === MANIFEST_NOTE) {
      findings.invalid("manifest-malformed", path, "the manifest's files are not in order, or one stands twice");
    }
    previous = path;
  }
  const listed = new Set<string>(manifest.files.map(({ path }) => path));
  for (const { path, isFile } of entries.values()) {
    if (path === MANIFEST || path === MANIFEST_NOTE || (isFile && listed.has(path))) continue;
    findings.invalid("file-unlisted", path, `\`${path}\` is not in the manifest`);
  }
}
