/**
 * What a person types next, for a run that waits or stands still.
 *
 * @module
 */
import type { RunId } from "@canonic/contracts";

/** What a person has to do first, or the run stops at the same place again. */
const BEFORE: Readonly<Record<string, string>> = {
  "authority.halted": "canonic arm --reason TEXT",
  "authority.not-armed": "canonic arm --reason TEXT",
  "runner.withheld": "canonic arm --reason TEXT",
};

export type WhereItStands = {
  readonly run: RunId;
  /** The gate that it waits at, or stopped at. */
  readonly gate: { readonly name: string; readonly reviewDecision: boolean } | null;
  /** Why it stopped; null while it waits. */
  readonly stop: string | null;
};

/** @param again - The options that a resume needs, as they are typed; ends the line. */
export function nextCommands({ run, gate, stop }: WhereItStands, again: string): string[] {
  if (gate !== null) {
    const decision = gate.reviewDecision ? " --review-decision ID" : "";
    return [
      `canonic approve ${run} ${gate.name} --key FILE --meaning TEXT${decision} --out approval.json`,
      resumeCommand(run, "approval.json", again),
    ];
  }
  if (stop === null) return [];
  const before = BEFORE[stop];
  const first = before === undefined ? [] : [before];
  return [...first, `canonic resume ${run}${again}`, `canonic void ${run} --reason TEXT`];
}

export function resumeCommand(run: RunId, approval: string, again: string): string {
  return `canonic resume ${run} --approval ${approval}${again}`;
}

/** The word before each line: what comes first, what follows, and what may be done instead. */
export function labelOf(command: string, index: number): string {
  if (index === 0) return "next";
  return command.startsWith("canonic void") ? "or" : "then";
}
