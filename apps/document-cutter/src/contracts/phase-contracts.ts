/**
 * What each phase takes, gives, may stop with, and owes: the material of the contracts of both modes.
 *
 * @module
 */
import type { Effect, JsonObject, Mode, OperationContract } from "@canonic/contracts";
import type { StopCode } from "../stop.ts";
import { adapterOf, backupOf, closed, VALUES } from "./schemas.ts";

export type PhaseName =
  | "source-pin"
  | "mark"
  | "cutplan"
  | "pre-write-backup"
  | "grant-probe"
  | "cut-leg-a"
  | "structural-verify"
  | "leg-b-record"
  | "write-verify"
  | "lifecycle-enact"
  | "closeout"
  | "revert-probe"
  | "revert-apply"
  | "revert-verify";

export type PhaseContract = {
  readonly does: string;
  readonly effect: Effect;
  /** `recorded` where the world decides what comes out. */
  readonly determinism: "deterministic" | "recorded";
  readonly input: JsonObject;
  readonly output: (mode: Mode) => JsonObject;
  readonly stops: readonly StopCode[];
  readonly owes: string;
  readonly verification: OperationContract["verification"];
};

const { anyAdapter, digest, uuid, run, count, name, text, offset, markedRows, plannedRows, compensation } = VALUES;
const RECEIPT = {
  strategy: "receipt",
  statement: "The receipt is written in the transaction of the effect; entered again, it is the same.",
} as const;
const SECOND_LOOK = { strategy: "recompute", statement: "The same document gives the same bytes." } as const;
const SECOND_PRINCIPAL = {
  strategy: "second-principal",
  statement: "The rows are digested again and the signature is checked by a principal that cannot have written them.",
} as const;

const CUT = {
  run,
  document: name,
  version: name,
  sourceDigest: digest,
  rows: plannedRows,
  writerDigest: digest,
  count,
  changeSet: uuid,
  databaseId: text,
};
const CUT_STOPS = [
  "cutter.database-differs",
  "cutter.unknown-document",
  "cutter.drift",
  "cutter.pin-differs",
  "cutter.database-failed",
] as const;
const WRITE_STOPS = [...CUT_STOPS, "cutter.fenced", "cutter.count-differs", "cutter.status-differs"] as const;
const REVERT_STOPS = [
  "cutter.database-differs",
  "cutter.already-reverted",
  "cutter.count-differs",
  "cutter.database-failed",
  "cutter.pin-differs",
  "cutter.state-differs",
] as const;

const INVARIANTS = [
  "anchorsExact",
  "bodyDigestsMatch",
  "countAsExpected",
  "noForbiddenIds",
  "sectionCardinality",
  "uniformDraft",
];

/** An output that says which adapter gave it. */
const given = (properties: JsonObject) => (mode: Mode) => closed({ adapter: adapterOf(mode), ...properties });

export const PHASES: { readonly [Name in PhaseName]: PhaseContract } = {
  "source-pin": {
    does: "Pins the digest, region digest and version of the document, reading only.",
    effect: "read",
    determinism: "recorded",
    input: closed({ document: name }),
    output: () => closed({ digest, regionDigest: digest, sizeBytes: offset, version: name }),
    stops: ["cutter.unknown-document"],
    owes: "The digest is of the document's bytes, the region digest of the address, content and order of its units.",
    verification: SECOND_LOOK,
  },
  mark: {
    does: "Cuts the document into addressed units and compares it with what was asked for and pinned.",
    effect: "read",
    determinism: "recorded",
    input: closed({ document: name, expectedDigest: digest, sourceDigest: digest, regionDigest: digest }),
    output: () => closed({ count, regionDigest: digest, rows: markedRows }),
    stops: ["cutter.unknown-document", "cutter.drift", "cutter.no-units", "cutter.too-many-units"],
    owes: "Every unit's anchor spans exactly the bytes that its digest is of.",
    verification: SECOND_LOOK,
  },
  cutplan: {
    does: "Plans the rows that will be written, twice, in ways that must not matter.",
    effect: "pure",
    determinism: "deterministic",
    input: closed({ document: name, version: name, rows: markedRows }),
    output: () => closed({ count, rows: plannedRows, writerDigest: digest }),
    stops: ["cutter.digests-differ", "cutter.vocabulary", "cutter.keys-not-unique"],
    owes: "The writer digest is of the rows alone; every row has its own idempotency key.",
    verification: { strategy: "recompute", statement: "The same marked rows give the same bytes." },
  },
  "pre-write-backup": {
    does: "Keeps an encrypted dump of the database, and pins what would take the cut back.",
    effect: "write",
    determinism: "recorded",
    input: closed({ adapter: anyAdapter, document: name, version: name, writerDigest: digest, count }),
    output: (mode) => closed({ adapter: adapterOf(mode), backup: backupOf(mode), compensation }),
    stops: ["cutter.already-cut", "cutter.backup-failed", "cutter.database-differs", "cutter.database-failed"],
    owes: "A live dump is complete, encrypted and restorable; a dry run leaves a marker that says so.",
    verification: { strategy: "receipt", statement: "The digest is of the encrypted dump's bytes." },
  },
  "grant-probe": {
    does: "Compares the database's own catalogue with the expected rights of executor, verifier, application and public.",
    effect: "read",
    determinism: "recorded",
    input: closed({ document: name }),
    output: given({
      grants: closed(
        Object.fromEntries(["application", "executor", "public", "verifier"].map((who) => [who, { const: true }])),
      ),
      matrixDigest: digest,
    }),
    stops: ["cutter.grant-delta", "cutter.database-failed"],
    owes: "No right is missing and none is too many.",
    verification: { strategy: "recompute", statement: "The catalogue can be read again." },
  },
  "cut-leg-a": {
    does: "Writes the planned units as drafts in one transaction.",
    effect: "write",
    determinism: "recorded",
    input: closed(CUT),
    output: given({ changeSet: uuid, count, status: { const: "draft" } }),
    stops: [...WRITE_STOPS, "cutter.already-cut", "cutter.approval-missing"],
    owes: "All units are drafts, as many as planned, or none is there.",
    verification: RECEIPT,
  },
  "structural-verify": {
    does: "Looks at six invariants of the drafts in the database.",
    effect: "read",
    determinism: "recorded",
    input: closed(CUT),
    output: given({
      changeSet: uuid,
      invariants: closed(Object.fromEntries(INVARIANTS.map((one) => [one, { const: true }]))),
      rowsDigest: digest,
    }),
    stops: [
      ...CUT_STOPS,
      "cutter.invariant-uniform-draft",
      "cutter.invariant-section-cardinality",
      "cutter.invariant-forbidden-ids",
      "cutter.invariant-anchors-exact",
      "cutter.invariant-body-digests",
      "cutter.invariant-count",
    ],
    owes: "All six hold, or the first that does not is named.",
    verification: { strategy: "recompute", statement: "The drafts can be looked at again." },
  },
  "leg-b-record": {
    does: "Records the manifest of the change set, signed by the executor, once.",
    effect: "write",
    determinism: "recorded",
    input: closed(CUT),
    output: given({ changeSet: uuid, envelopeId: uuid, executorKeyId: digest, signatureId: uuid }),
    stops: [...WRITE_STOPS, "cutter.already-recorded"],
    owes: "The ids of envelope and signature follow from the change set.",
    verification: SECOND_PRINCIPAL,
  },
  "write-verify": {
    does: "Verifies manifest and rows as a second principal, once.",
    effect: "write",
    determinism: "recorded",
    input: closed({ ...CUT, envelopeId: uuid, executorKeyId: digest }),
    output: given({ changeSet: uuid, principal: text, signatureId: uuid, verificationId: uuid, verifierKeyId: digest }),
    stops: [...WRITE_STOPS, "cutter.already-verified", "cutter.manifest-differs", "cutter.same-principal"],
    owes: "The verifier's session and key are not the executor's.",
    verification: SECOND_PRINCIPAL,
  },
  "lifecycle-enact": {
    does: "Enacts the drafts under a review decision, with triggers on and one lifecycle row for each.",
    effect: "write",
    determinism: "recorded",
    input: closed({ ...CUT, verificationId: uuid }),
    output: given({ changeSet: uuid, enacted: count, lifecycleRows: count, reviewDecision: text }),
    stops: [
      ...WRITE_STOPS,
      "cutter.already-enacted",
      "cutter.approval-missing",
      "cutter.phase-missing",
      "cutter.triggers-disabled",
    ],
    owes: "All units are enacted, or all are drafts still.",
    verification: RECEIPT,
  },
  closeout: {
    does: "Asks the database for the trace of every phase, and adds the run to the run index.",
    effect: "write",
    determinism: "recorded",
    input: closed({
      ...CUT,
      regionDigest: digest,
      backup: text,
      matrixDigest: digest,
      rowsDigest: digest,
      envelopeId: uuid,
      verificationId: uuid,
      enacted: count,
      reviewDecision: text,
    }),
    output: given({ changeSet: uuid, enacted: count, state: { const: "closeout_reported" }, summaryDigest: digest }),
    stops: [
      "cutter.database-differs",
      "cutter.pin-differs",
      "cutter.phase-missing",
      "cutter.fenced",
      "cutter.database-failed",
    ],
    owes: "Every earlier phase has passed.",
    verification: RECEIPT,
  },
  "revert-probe": {
    does: "Looks whether the change set can be taken back whole.",
    effect: "read",
    determinism: "recorded",
    input: closed({ compensation }),
    output: given({ changeSet: uuid, units: count }),
    stops: REVERT_STOPS,
    owes: "The change set is the newest of its document, whole, and not reverted.",
    verification: { strategy: "recompute", statement: "The database can be looked at again." },
  },
  "revert-apply": {
    does: "Takes the change set back in one transaction.",
    effect: "write",
    determinism: "recorded",
    input: closed({ compensation }),
    output: given({ changeSet: uuid, reverted: count }),
    stops: [...REVERT_STOPS, "cutter.approval-missing", "cutter.fenced"],
    owes: "All units of the change set are gone, or none.",
    verification: RECEIPT,
  },
  "revert-verify": {
    does: "Compares the document's rows with what they were before the cut.",
    effect: "read",
    determinism: "recorded",
    input: closed({ compensation }),
    output: given({ changeSet: uuid, state: digest }),
    stops: [
      "cutter.database-differs",
      "cutter.count-differs",
      "cutter.database-failed",
      "cutter.phase-missing",
      "cutter.state-differs",
    ],
    owes: "The rows' digest is the one that was pinned before the first write.",
    verification: { strategy: "recompute", statement: "The database can be looked at again." },
  },
};
