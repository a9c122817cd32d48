/**
 * A verification as lines for people: the verdict and its first reason, each run, then every reason.
 *
 * @module
 */
import type { Stamp } from "./stamp.ts";
import type { ArchiveVerification } from "./verify-archive.ts";
import type { Verification, VerifiedRun } from "./verify-bundle.ts";

/**
 * No line holds a control character of the bundle's; a terminal shows what is there and does nothing else.
 *
 * @param paint - The first word as it is shown; plain when left out.
 */
export function verdictLines(
  verification: Verification | ArchiveVerification,
  paint: (verdict: Verification["verdict"]) => string = (word) => word,
): readonly string[] {
  const { verdict, reasons, findings } = verification;
  const [first] = reasons;
  const runs = "runs" in verification ? verification.runs : [verification.run];
  const kept = reasons.length < findings ? [`  and ${findings - reasons.length} more`] : [];
  return [
    first === undefined ? paint(verdict) : `${paint(verdict)}: ${shown(first.message)}`,
    ...("runs" in verification ? [`  an archive of ${counted(runs.length, "run")}`] : []),
    ...runs.flatMap((run) => (run === null ? [] : runLines(run))),
    ...reasons.map(({ code, place, message }) => shown(`  ${code}  ${place}  ${message}`)),
    ...kept,
  ];
}

function runLines({ run, status, outputs, events, replay, stamp }: VerifiedRun): string[] {
  const line = `  ${run}: ${status ?? "unsealed"}, ${counted(outputs, "output")}, ${counted(events, "event")}`;
  return [line, ...(stamp === undefined ? [] : [shown(stampLine(stamp))]), ...replayLines(replay)];
}

function stampLine({ at, authority, isTrusted }: Stamp): string {
  return `  stamped ${at} by ${authority}${isTrusted ? "" : ", which is not trusted here"}`;
}

function replayLines(replay: VerifiedRun["replay"]): string[] {
  if (replay === undefined) return [];
  const { same, different, unavailable, excluded } = replay;
  return [
    `    executed again: ${same} the same, ${different} different, ${unavailable} not here, ${excluded} not to be`,
  ];
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function shown(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, "\ufffd");
}
