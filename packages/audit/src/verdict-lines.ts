/**
 * A verification as lines for people: the verdict and its first reason, the run, then every reason.
 *
 * @module
 */
import type { Verification } from "./verify-bundle.ts";

/**
 * No line holds a control character of the bundle's; a terminal shows what is there and does nothing else.
 *
 * @param paint - The first word as it is shown; plain when left out.
 */
export function verdictLines(
  { verdict, reasons, findings, run }: Verification,
  paint: (verdict: Verification["verdict"]) => string = (word) => word,
): readonly string[] {
  const [first] = reasons;
  const kept = reasons.length < findings ? [`  and ${findings - reasons.length} more`] : [];
  return [
    first === undefined ? paint(verdict) : `${paint(verdict)}: ${shown(first.message)}`,
    ...(run === null
      ? []
      : [`  ${run.run}: ${run.status ?? "unsealed"}, ${run.outputs} outputs, ${run.events} events`]),
    ...reasons.map(({ code, place, message }) => shown(`  ${code}  ${place}  ${message}`)),
    ...kept,
  ];
}

function shown(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, "\ufffd");
}
