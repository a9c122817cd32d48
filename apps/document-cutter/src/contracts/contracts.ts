/**
 * The operation contracts of both modes, made from what each phase states.
 *
 * @module
 */
import { byCodeUnit, type Mode, type OperationContract, type OperationId } from "@canonic/contracts";
import { STOPS } from "../stop.ts";
import { PHASES, type PhaseName } from "./phase-contracts.ts";

export const OPERATION_VERSION = "1.0.0";

/** The phases of a mode: a dry run writes nothing, so nothing of it can be taken back. */
export function phaseNames(mode: Mode): readonly PhaseName[] {
  const all = Object.keys(PHASES) as PhaseName[];
  return all.filter((name) => mode === "live" || !name.startsWith("revert-")).sort(byCodeUnit);
}

export function operationIdOf(phase: PhaseName): OperationId {
  return `cutter.${phase}` as OperationId;
}

/** The contract of a phase in a mode, in full. */
export function contractOf(phase: PhaseName, mode: Mode): OperationContract {
  const { does, effect, determinism, input, output, stops, owes, verification } = PHASES[phase];
  return {
    schema: "canonic/operation-contract/v1",
    operation: operationIdOf(phase),
    version: OPERATION_VERSION,
    description: mode === "live" ? does : `Simulates in memory what it is to do live. ${does}`,
    input,
    output: output(mode),
    effect,
    mode,
    determinism,
    idempotent: true,
    successCriteria: [{ id: "owed", statement: owes }],
    failureModes: [...stops].sort(byCodeUnit).map((code) => ({ code, when: STOPS[code] })),
    termination: {
      timeoutMs: phase === "pre-write-backup" ? 600_000 : 120_000,
      outputBytesMax: 4 * 1024 * 1024,
      memoryLimitMb: 512,
      condition:
        "Every unit, at most 1000, is looked at a fixed number of times; the database has its own time limits.",
    },
    verification,
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
  };
}

/** All contracts, of both modes. */
export const CONTRACTS: readonly OperationContract[] = (["dryrun", "live"] as const).flatMap((mode) =>
  phaseNames(mode).map((phase) => contractOf(phase, mode)),
);
