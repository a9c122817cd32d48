/**
 * Which faults a test run injects: all of them, or the same few each time, spread over all calls and files.
 *
 * Invariants:
 *   S1. The sample is a function of the list: no chance, no clock.
 *   S2. Every kind of call is in it, however small it is; of whole commands with one of the faults, in turn, else with each.
 *
 * @module
 */
import { type Call, FAULTS, type Fault, type FaultPoint } from "./strace.ts";

export type PlannedFault = FaultPoint & { readonly fault: Fault };

/** One fault for each point, in turn; `turn` says which is first. */
export function inTurns(faults: readonly PlannedFault[], turn: number): readonly PlannedFault[] {
  return faults.filter((_, at) => at % FAULTS.length === (Math.floor(at / FAULTS.length) + turn) % FAULTS.length);
}

/** Every point with every fault. */
export function allFaults(points: readonly FaultPoint[]): readonly PlannedFault[] {
  return points.flatMap((point) => FAULTS.map((fault) => ({ ...point, fault })));
}

/** At least `count` of them, evenly over the list, and the middle one of each kind; a kind is a call with a fault unless said. */
export function sampleOf(
  faults: readonly PlannedFault[],
  count: number,
  kindOf: (planned: PlannedFault) => string = ({ call, fault }) => `${call} ${fault}`,
): readonly PlannedFault[] {
  const chosen = new Set<PlannedFault>();
  const kinds = new Map<string, PlannedFault[]>();
  for (const planned of faults) {
    const kind = kindOf(planned);
    kinds.set(kind, [...(kinds.get(kind) ?? []), planned]);
  }
  for (const members of kinds.values()) chosen.add(members[Math.floor(members.length / 2)] as PlannedFault);
  // A step that shares no factor with the three faults, so that neighbours in the sample differ in them.
  const wanted = Math.max(1, Math.floor(faults.length / Math.max(1, count - chosen.size)));
  const step = wanted % FAULTS.length === 0 ? wanted + 1 : wanted;
  for (let at = 0; at < faults.length && chosen.size < count; at += step) chosen.add(faults[at] as PlannedFault);
  return faults.filter((planned) => chosen.has(planned));
}

/** How many of each kind of call, for people: `fsync 12, pwrite64 80`. */
export function countsOf(calls: readonly { readonly call: Call }[]): string {
  const counts = new Map<Call, number>();
  for (const { call } of calls) counts.set(call, (counts.get(call) ?? 0) + 1);
  return [...counts].map(([call, count]) => `${call} ${count}`).join(", ");
}
