/** A bundle's files in memory, from an export and back into a verification. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunId, TrustFile } from "@canonic/contracts";
import { readWhole } from "../src/bundle-source.ts";
import {
  directorySource,
  exportBundle,
  type LogIdentity,
  type LogStorage,
  memorySource,
  verifyBundle,
} from "../src/index.ts";

export type Files = Map<string, Uint8Array>;

export async function exported(storage: LogStorage, identity: LogIdentity, run: RunId): Promise<Files> {
  const scratch = mkdtempSync(join(tmpdir(), "canonic-files-"));
  try {
    const directory = join(scratch, "bundle");
    await exportBundle({ storage, identity, run, directory });
    const source = directorySource(directory);
    const files: Files = new Map();
    for (const { path, sizeBytes } of await source.list()) files.set(path, await readWhole(source, path, sizeBytes));
    return files;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The verdict, and each code once. */
export async function judged(files: ReadonlyMap<string, Uint8Array>, trust: TrustFile): Promise<string[]> {
  const { verdict, reasons } = await verifyBundle(memorySource(files), { trust });
  return [verdict, ...new Set(reasons.map(({ code }) => code))];
}

export function without(files: ReadonlyMap<string, Uint8Array>, ...paths: readonly string[]): Files {
  return new Map([...files].filter(([path]) => !paths.includes(path)));
}
