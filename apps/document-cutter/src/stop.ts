/**
 * Stops: the stated ways in which a phase ends without an output. Each is a failure mode of a contract, and its code is
 * the code of the run's STOP record.
 *
 * Invariants:
 *   S1. A phase that stops has changed nothing: it stops before its transaction begins, or the transaction is rolled back.
 *   S2. A stop carries words of ours only: no text of a library or a server, no path, no address.
 *
 * @module
 */

/** When each stop happens, as the contracts state it. */
export const STOPS = {
  "cutter.unknown-document": "The document is not where the run was told to look for it, or is no UTF-8 text.",
  "cutter.drift": "The document is no longer the one that was asked for, pinned or approved.",
  "cutter.no-units": "The document has no units.",
  "cutter.too-many-units": "The document has more than 1000 units.",
  "cutter.digests-differ": "The plan, built again from the reversed rows and with another salt, has another digest.",
  "cutter.vocabulary": "A unit's kind or section type is not in the vocabulary.",
  "cutter.keys-not-unique": "Two units have the same idempotency key.",
  "cutter.already-cut": "This version of the document is in the database already.",
  "cutter.backup-failed": "The database cannot be backed up: no tool, another version, no room, or no right to read.",
  "cutter.grant-delta": "The rights that the database grants are not those that are expected.",
  "cutter.approval-missing": "The approval of the gate, or the review decision in it, is not at hand.",
  "cutter.database-differs":
    "The database is not of the kind that this run was planned for, or not the one that was backed up for it.",
  "cutter.pin-differs": "A pinned value is not the one that follows from the others.",
  "cutter.count-differs": "The number of rows is not the number of units.",
  "cutter.status-differs": "A unit is not in the state that this phase gives or needs.",
  "cutter.invariant-uniform-draft": "Not every unit of the change set is a draft.",
  "cutter.invariant-section-cardinality": "A section type has another number of units than the plan says.",
  "cutter.invariant-forbidden-ids": "The change set holds an address that is not of the plan, or shares one.",
  "cutter.invariant-anchors-exact": "An anchor does not lie where the plan says, or marks other bytes of the document.",
  "cutter.invariant-body-digests": "A body is not what its digest says.",
  "cutter.invariant-count": "The change set has another number of units than the plan says.",
  "cutter.already-recorded": "The change set has a manifest already.",
  "cutter.already-verified": "The change set is verified already.",
  "cutter.same-principal": "The verifier is the executor.",
  "cutter.manifest-differs":
    "The manifest is missing, its signature is wrong, or the database holds other rows than it names.",
  "cutter.triggers-disabled": "A trigger that keeps the units is missing, changed or disabled.",
  "cutter.already-enacted": "The change set is enacted already.",
  "cutter.phase-missing": "An earlier phase has not passed.",
  "cutter.already-reverted": "The change set is reverted already.",
  "cutter.state-differs": "The document has other rows than before the cut, beside those of the change set.",
  "cutter.fenced": "A later holder of this run has written already.",
  "cutter.database-failed": "The database cannot be reached, or refused a statement.",
} as const;

export type StopCode = keyof typeof STOPS;

/** Thrown by a phase. The runner keeps the code and the digest of the rest; `reasons` are for who calls a phase directly. */
export class CutterStop extends Error {
  override readonly name = "CutterStop";
  readonly code: StopCode;
  readonly reasons: readonly string[];
  constructor(code: StopCode, reasons: readonly string[] = []) {
    super(reasons.length === 0 ? code : `${code}: ${reasons.join("; ")}`);
    this.code = code;
    this.reasons = reasons;
  }
}

/** Stops unless the condition holds. */
export function demand(condition: boolean, code: StopCode, ...reasons: readonly string[]): asserts condition {
  if (!condition) throw new CutterStop(code, reasons);
}
