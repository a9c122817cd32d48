/**
 * Where a held command stands still: the test writes the name of a place into the folder, and the command that comes there
 * says so and goes no further. It is killed there; nothing else lets it go.
 *
 * @module
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** The environment variable that names the folder. */
export const HOLD_VARIABLE = "HELD_IN";
export const RESULTS = "the results";

const wanted = (folder: string) => join(folder, "hold");
const reached = (folder: string) => join(folder, "held");

/** Makes the next command stand still at a place. */
export function holdAt(folder: string, place: string): void {
  rmSync(reached(folder), { force: true });
  writeFileSync(wanted(folder), place);
}

export function letGo(folder: string): void {
  rmSync(wanted(folder), { force: true });
}

export function isHeld(folder: string): boolean {
  return existsSync(reached(folder));
}

/** Stands still at a place that is wanted; other work of the process goes on. */
export async function hold(folder: string, place: string): Promise<void> {
  while (isWanted(folder, place)) await wait(1000);
}

/** The same where nobody can wait: the whole process stands still. */
export function holdAtResults(folder: string): void {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  while (isWanted(folder, RESULTS)) Atomics.wait(nobody, 0, 0, 1000);
}

function isWanted(folder: string, place: string): boolean {
  if (!existsSync(wanted(folder)) || readFileSync(wanted(folder), "utf8") !== place) return false;
  writeFileSync(reached(folder), place);
  return true;
}
