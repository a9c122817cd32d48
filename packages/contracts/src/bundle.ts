/**
 * The evidence bundle's own documents: its manifest, its proof of inclusion, and the trust file that stays outside.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "./digest.ts";
import { RunId } from "./ids.ts";
import { boundedText } from "./text.ts";

/** A relative path with `/`, no `.` or `..` step, no leading slash. */
export const BundlePath = z
  .string()
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/)
  .max(256);

export const BundleManifest = z.strictObject({
  schema: z.literal("canonic/bundle-manifest/v1"),
  run: RunId,
  plan: Digest,
  origin: boundedText(128),
  sealed: z.boolean(),
  files: z.array(z.strictObject({ path: BundlePath, digest: Digest, sizeBytes: z.int().min(0) })).min(1),
});
/** Files sorted by path, code units; everything in the bundle but the manifest and its signature. */
export type BundleManifest = z.infer<typeof BundleManifest>;

export const ArchiveManifest = z.strictObject({
  schema: z.literal("canonic/archive-manifest/v1"),
  origin: boundedText(128),
  checkpoint: Digest,
  from: z.int().min(1),
  to: z.int().min(1),
  runs: z.array(z.strictObject({ run: RunId, number: z.int().min(1), manifest: Digest })).min(1),
});
/**
 * Several runs of one log in one bundle, each whole under `runs/<run id>/`: the runs numbered `from` to `to` without a gap, in
 * that order, each by the digest of its own manifest, all under the checkpoint note of this digest.
 */
export type ArchiveManifest = z.infer<typeof ArchiveManifest>;

/**
 * Where the run's leaves stand in the log's tree and what is needed to recompute its root: `ranges` are half-open leaf
 * index ranges in order, `hashes` the roots of the maximal complete subtrees without a leaf of the run, left to right.
 */
export const InclusionProof = z.strictObject({
  schema: z.literal("canonic/inclusion-proof/v1"),
  treeSize: z.int().min(1),
  ranges: z.array(z.tuple([z.int().min(0), z.int().min(1)])).min(1),
  hashes: z.array(Digest),
});
export type InclusionProof = z.infer<typeof InclusionProof>;

/**
 * That the log's tree of `from` leaves is the beginning of its tree of `to` leaves: RFC 6962, section 2.1.2. From the empty
 * tree there is nothing to prove, and `hashes` is empty.
 */
export const ConsistencyProof = z.strictObject({
  schema: z.literal("canonic/consistency-proof/v1"),
  from: z.int().min(0),
  to: z.int().min(1),
  hashes: z.array(Digest),
});
export type ConsistencyProof = z.infer<typeof ConsistencyProof>;

const TrustedKey = z.strictObject({ name: boundedText(128), publicKey: z.base64() });

/**
 * Public keys that a verifier trusts: of logs by the origin that they sign for, of those who may issue tokens, of the
 * people who may approve at gates, of those who sign statements about runs, and of witnesses that cosign checkpoints, of
 * which `witnessQuorum` must have (absent asks for none). Keys are raw Ed25519, 32 bytes, standard base64. An absent list
 * trusts nobody.
 */
export const TrustFile = z.strictObject({
  schema: z.literal("canonic/trust/v1"),
  logs: z
    .array(
      z.strictObject({
        origin: boundedText(128),
        keys: z.array(TrustedKey).min(1),
      }),
    )
    .min(1),
  issuers: z.array(TrustedKey).exactOptional(),
  approvers: z.array(TrustedKey).exactOptional(),
  attestors: z.array(TrustedKey).exactOptional(),
  witnesses: z.array(TrustedKey).exactOptional(),
  witnessQuorum: z.int().min(1).max(16).exactOptional(),
});
export type TrustFile = z.infer<typeof TrustFile>;
