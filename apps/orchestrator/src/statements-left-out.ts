/**
 * Statements that a crash between a seal and its entries left out, entered by whoever next opens the log to run something.
 *
 * Invariants:
 *   L1. What is looked for costs next to nothing where nothing is missing: the list of chains, and the last leaf of each of
 *       the newest runs that has no chain of statements. A chain that a crash cut short is completed by the next export.
 *   L2. What cannot be entered (a run that is not sealed, a payload that is not there) stands in nobody's way.
 *
 * @module
 */
import { RunId, statementChainOf } from "@canonic/contracts";
import { enterStatements } from "./statements.ts";
import type { WritableStore } from "./store.ts";

/** Of the runs without statements so many are looked at, newest first: more than run at once, and so can be cut off by one crash. */
const LOOKED_AT_MAX = 64;
/** And so many are tried: a store from before there were statements is not caught up with in one go. */
const TRIED_MAX = 16;

/** @returns The runs whose statements were entered, newest first. */
export async function enterLeftOut(store: WritableStore): Promise<readonly RunId[]> {
  const chains = (await store.storage.runs()).map(({ run }) => run);
  const known = new Set(chains);
  const unstated = chains.flatMap((chain) => {
    const run = RunId.safeParse(chain).data;
    return run === undefined || known.has(statementChainOf(run)) ? [] : [run];
  });
  const entered: RunId[] = [];
  let tried = 0;
  for (const run of unstated.toReversed().slice(0, LOOKED_AT_MAX)) {
    if (tried === TRIED_MAX) break;
    const code = await codeOf(() => enterStatements(store, run));
    if (code !== "audit.run-not-sealed") tried += 1;
    if (code === null) entered.push(run);
  }
  return entered;
}

/** Null when it was done. */
async function codeOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
    throw error;
  }
}
