export type { BundleEntry, BundleSource } from "./bundle-source.ts";
export { directorySource, memorySource } from "./bundle-source.ts";
export type { Checkpoint } from "./checkpoint.ts";
export { openCheckpoint, readCheckpoint, signCheckpoint } from "./checkpoint.ts";
export type { Cosignature } from "./cosignature.ts";
export { cosign, cosignaturesOf, withCosignatures } from "./cosignature.ts";
export type { AuditErrorCode, AuditErrorDetails } from "./errors.ts";
export { AuditError, isAuditError } from "./errors.ts";
export type { ArchiveOptions, ExportedArchive } from "./export-archive.ts";
export { exportArchive, numbersOfPeriod } from "./export-archive.ts";
export type { ExportedBundle } from "./export-bundle.ts";
export { exportBundle } from "./export-bundle.ts";
export type { ExportOptions } from "./export-context.ts";
export type { NodeSink } from "./frontier.ts";
export { Frontier } from "./frontier.ts";
export type { FsckOptions, FsckReport } from "./fsck.ts";
export { fsck } from "./fsck.ts";
export type { Clock, Journal, JournalOptions } from "./journal.ts";
export { openJournal } from "./journal.ts";
export type { NoteKey, NoteSigner } from "./keys.ts";
export { createKeyPair, isEd25519Signature, signerFromPem } from "./keys.ts";
export type { LoggedEvent } from "./lineage/cloud-events.ts";
export { cloudEventOf } from "./lineage/cloud-events.ts";
export type { Contradiction, ContradictionEnd } from "./lineage/contradictions.ts";
export type { EvidenceReading } from "./lineage/evidence-graph.ts";
export { readEvidence } from "./lineage/evidence-graph.ts";
export type { Gap } from "./lineage/gaps.ts";
export { EvidenceGraphBuilder } from "./lineage/graph-builder.ts";
export { orderNodes, parseEvidenceGraph } from "./lineage/graph-order.ts";
export { openLineageOf } from "./lineage/open-lineage.ts";
export { PROV_TASKS_MAX, provenanceOf } from "./lineage/provenance.ts";
export { readBundleLineage, readLineage } from "./lineage/read-lineage.ts";
export type { LineageRecord } from "./lineage/record.ts";
export { currentKey, openLogCheckpoint } from "./log-chain.ts";
export type { LogIdentity } from "./log-identity.ts";
export type { MemoryStorage, MemoryStorageOptions } from "./memory-storage.ts";
export { createMemoryStorage } from "./memory-storage.ts";
export {
  isConsistent,
  isConsistentSubtree,
  isIncluded,
  isIncludedInSubtree,
  proveConsistency,
  proveInclusion,
} from "./proof.ts";
export type { Repair } from "./recovery.ts";
export type { RedactionOrder } from "./redaction.ts";
export { proveRun, rootOfRunProof } from "./run-proof.ts";
export type { RunRecord, RunSummary } from "./runs.ts";
export { listRuns, readRun } from "./runs.ts";
export type { SignatureType } from "./signed-note.ts";
export { keyIdOf, openNote, SIGNATURE_TYPE, signNote } from "./signed-note.ts";
export type { Stamp } from "./stamp.ts";
export { openStamp, STAMP_BYTES_MAX, stampRequest } from "./stamp.ts";
export type { StatementDraft } from "./statement-chain.ts";
export { enterMissing, readStatements } from "./statement-chain.ts";
export type { StatedRun } from "./statements/sign-statements.ts";
export { countUnstated, signStatements } from "./statements/sign-statements.ts";
export type { AttestorKey } from "./statements/trusted-root.ts";
export { attestorKeysOf, trustedRootOf } from "./statements/trusted-root.ts";
export type { Answer, LogBatch, LogReader, LogStorage, StoredLeaf, StoredNode, StoredRun } from "./storage.ts";
export { TILE_LEVELS } from "./storage.ts";
export { readCertifiable } from "./stored-certificates.ts";
export { tarSource } from "./tar-source.ts";
export type { TilesOptions } from "./tiles.ts";
export { exportTiles } from "./tiles.ts";
export type { LogPolicy, PolicyJudgement, Quorum } from "./tlog-policy.ts";
export { isSatisfied, judgeByPolicy, parseLogPolicy } from "./tlog-policy.ts";
export type { LogProof } from "./tlog-proof.ts";
export { openLogProof, parseLogProof, printLogProof } from "./tlog-proof.ts";
export { EMPTY_ROOT, leafHash, nodeHash } from "./tree-hash.ts";
export type { NodeSource } from "./tree-reader.ts";
export { frontierAt, nodesOf } from "./tree-reader.ts";
export type { TrustedPeople } from "./trust.ts";
export {
  parseTrustFile,
  trustedApproversOf,
  trustedAttestorsOf,
  trustedIssuersOf,
  trustedKeysOf,
  trustedWitnessesOf,
  trustFileOf,
} from "./trust.ts";
export { verdictLines } from "./verdict-lines.ts";
export type { VerifierKey } from "./verifier-key.ts";
export { parseVerifierKey, printVerifierKey } from "./verifier-key.ts";
export type { ArchiveVerification } from "./verify-archive.ts";
export type { Verification, VerifiedRun } from "./verify-bundle.ts";
export { verifyBundle } from "./verify-bundle.ts";
export type { VerifyOptions } from "./verify-context.ts";
export { verifyEvidence } from "./verify-evidence.ts";
export type { ReplayAnswer, ReplayCount, ReplayPort, ReplayRequest } from "./verify-replay.ts";
export type { RoutePort, RouteQuestion } from "./verify-routes.ts";
export type { WitnessAnswer, WitnessOptions, WitnessState } from "./witness.ts";
export { addCheckpoint, WITNESS_REQUEST_BYTES_MAX } from "./witness.ts";
