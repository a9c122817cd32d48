/**
 * Moments at which a process is killed: from a seed, so that a failure can be told and tried again.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** `after` is a share of what the reference run took, from the moment that `since` names. */
export type Moment = { readonly name: string; readonly since: "start" | "store"; readonly share: number };

/** A share in [0, 1) that depends on nothing but the seed and the number. */
export function shareOf(seed: string, number: number): number {
  return createHash("sha256").update(`${seed}/${number}`).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * `count` moments: one in four anywhere in the command, the rest behind the opening of the store, where the journal, the
 * seal, the export and the results are written.
 */
export function momentsOf(seed: string, count: number): readonly Moment[] {
  return Array.from({ length: count }, (_, number) => {
    const share = shareOf(seed, number);
    const since = number % 4 === 0 ? "start" : "store";
    return { name: `${seed}/${number}: ${(100 * share).toFixed(1)} % after the ${since}`, since, share };
  });
}
