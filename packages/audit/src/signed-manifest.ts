/**
 * A manifest and the note that signs it, of a bundle or of an archive.
 *
 * Invariants:
 *   S1. Nothing of a manifest is believed before its signature by a trusted key was checked, but the origin: it says which
 *       keys to check with.
 *   S2. What nobody signed is cheap: a large manifest is parsed only after its signature was checked, under the origin that
 *       the note names. One that is not signed is parsed for its origin while it is small, to say what is wrong with it.
 *
 * @module
 */
import { type Digest, digestBytes, type JsonValue, parseCanonicalJson } from "@canonic/contracts";
import { MANIFEST, MANIFEST_NOTE } from "./bundle-layout.ts";
import { type BundleEntry, type BundleSource, readWhole } from "./bundle-source.ts";
import type { Findings } from "./findings.ts";
import type { NoteKey } from "./keys.ts";
import type { LogKeys } from "./log-keys.ts";
import { openNote, parseNote } from "./signed-note.ts";

const NOTE_BYTES_MAX = 64 * 1024;
export const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;
/** A manifest that nobody signed says its origin up to this size. */
const UNSIGNED_BYTES_MAX = 1024 * 1024;

export interface SignedManifest {
  readonly value: JsonValue;
  readonly digest: Digest;
  readonly keys: LogKeys;
  /** Those of the keys that signed it. */
  readonly signers: readonly NoteKey[];
}

/** Reads and authenticates a manifest; undefined, with findings, when it is not to be trusted. */
export async function readSignedManifest(
  {
    source,
    entries,
    openKeys,
    textOf,
  }: {
    readonly source: BundleSource;
    readonly entries: ReadonlyMap<string, BundleEntry>;
    openKeys(origin: string): Promise<LogKeys>;
    /** What the note signs. */
    textOf(origin: string, manifest: Digest): string;
  },
  findings: Findings,
): Promise<SignedManifest | undefined> {
  for (const path of [MANIFEST, MANIFEST_NOTE]) {
    if (entries.get(path)?.isFile === true) continue;
    findings.invalid("manifest-missing", path, `\`${path}\` is missing or is no plain file`);
    return undefined;
  }
  if (
    (entries.get(MANIFEST)?.sizeBytes ?? 0) > MANIFEST_BYTES_MAX ||
    (entries.get(MANIFEST_NOTE)?.sizeBytes ?? 0) > NOTE_BYTES_MAX
  ) {
    findings.invalid("manifest-malformed", MANIFEST, "the manifest or its note is too large");
    return undefined;
  }
  const bytes = await readWhole(source, MANIFEST, MANIFEST_BYTES_MAX);
  const note = await readWhole(source, MANIFEST_NOTE, NOTE_BYTES_MAX);
  const digest = digestBytes(bytes);
  const origin = bytes.length > UNSIGNED_BYTES_MAX ? originNamed(note) : originOf(parsed(bytes));
  if (origin === undefined) {
    findings.invalid("manifest-malformed", MANIFEST, "the manifest is not canonical JSON with an origin");
    return undefined;
  }
  const keys = await openKeys(origin);
  if (keys.all.length === 0) {
    findings.invalid("origin-untrusted", MANIFEST, `the trust file names no key for origin \`${origin}\``);
    return undefined;
  }
  const text = textOf(origin, digest);
  const signers = isSignedBy(note, keys.all, text) ? keys.all.filter((key) => isSignedBy(note, [key], text)) : [];
  if (signers.length === 0) {
    findings.invalid("manifest-signature", MANIFEST_NOTE, "the manifest is not signed by a trusted key of its origin");
    return undefined;
  }
  const value = parsed(bytes);
  if (value !== undefined && originOf(value) === origin) return { value, digest, keys, signers };
  findings.invalid(
    "manifest-malformed",
    MANIFEST,
    "the manifest is not canonical JSON with the origin that was signed",
  );
  return undefined;
}

/** Only the origin is taken from a manifest before its signature is checked: it says which keys to check it with. */
function originOf(value: JsonValue | undefined): string | undefined {
  const { origin } = (value ?? {}) as { readonly origin?: unknown };
  return typeof origin === "string" && origin.length <= 128 ? origin : undefined;
}

/** The origin that a note names: what the manifest says itself is compared when its signature has been checked (S2). */
function originNamed(note: Uint8Array): string | undefined {
  try {
    return parseNote(note).text.split("\n")[1];
  } catch {
    return undefined;
  }
}

function parsed(bytes: Uint8Array): JsonValue | undefined {
  try {
    return parseCanonicalJson(bytes);
  } catch {
    return undefined;
  }
}

function isSignedBy(note: Uint8Array, keys: readonly NoteKey[], text: string): boolean {
  try {
    return openNote(note, keys).text === text;
  } catch {
    return false;
  }
}
