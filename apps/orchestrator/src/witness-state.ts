/**
 * What a witness remembers, in files: `<hash of the origin>/<generation>.note`, the highest generation counts.
 *
 * Invariants:
 *   W1. A generation is on disk, its name too, before it counts; a crash leaves the one before or the one after.
 *   W2. A generation is made by linking a new name, which one of any number of processes can do: who finds the name taken,
 *       or a higher one beside it, has lost, and answers nobody. Lower generations are removed only when a higher one is there.
 *   W3. A folder that a witness was made with is never made again: who lost it cannot know what was cosigned.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { WitnessState } from "@canonic/audit";
import { digestBytes } from "@canonic/contracts";
import { makeRoomFor, syncFolder, writeNew } from "./files.ts";

const GENERATION = /^([0-9]{16})\.note$/;

/** The state in a folder, with a place for each of these logs. */
export function openWitnessState(directory: string, origins: readonly string[]): WitnessState {
  for (const origin of origins) makeFolder(folderOf(directory, origin));
  return {
    last: (origin) => latest(folderOf(directory, origin))?.note,
    swap: (origin, expected, next) => swap(folderOf(directory, origin), expected, next),
  };
}

function swap(folder: string, expected: Uint8Array | undefined, next: Uint8Array): boolean {
  const found = latest(folder);
  const isExpected =
    found === undefined || expected === undefined
      ? found === undefined && expected === undefined
      : Buffer.compare(found.note, expected) === 0;
  const generation = (found?.generation ?? 0) + 1;
  if (!isExpected || !writeNew(fileOf(folder, generation), next)) return false;
  const generations = generationsIn(folder);
  if (generations.at(-1) !== generation) return false;
  for (const older of generations) if (older < generation) rmSync(fileOf(folder, older), { force: true });
  return true;
}

function latest(folder: string): { readonly generation: number; readonly note: Uint8Array } | undefined {
  for (;;) {
    const generation = generationsIn(folder).at(-1);
    if (generation === undefined) return undefined;
    try {
      return { generation, note: readFileSync(fileOf(folder, generation)) };
    } catch (error) {
      // Another process has made a higher one meanwhile and removed this.
      const isGone = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isGone || generationsIn(folder).at(-1) === generation) throw error;
    }
  }
}

function generationsIn(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => GENERATION.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function fileOf(folder: string, generation: number): string {
  return join(folder, `${String(generation).padStart(16, "0")}.note`);
}

function folderOf(directory: string, origin: string): string {
  return join(directory, digestBytes(origin).slice(7, 39));
}

/** A folder whose name is on disk before anything stands in it. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeRoomFor(fileOf(folder, 1));
  syncFolder(dirname(folder));
}
