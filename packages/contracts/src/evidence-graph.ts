/**
 * The evidence graph of a run: what there is, by content, and how one thing bears on another.
 *
 * Invariants:
 *   N1. A node's id is the digest of its kind and the digest of its content; neither holds a time or a run number, so two
 *       runs of one plan that gave the same have the same graph.
 *   N2. An edge leads from what stood first to what rests on it, whatever its type; there is no cycle.
 *   N3. Nodes are in the order of their ids, edges in that of `from`, `to` and type; each stands once.
 *
 * How an edge reads, from `from` to `to`:
 *
 *     supports     bytes of a document support a conclusion
 *     contradicts  the two cannot both hold; `from` is the one that stood first
 *     causes       `from` is why `to` came about
 *     correlates   the two go together, and nothing says why
 *     precedes     `to` could not begin before `from`
 *     derives      `to` was made of `from`
 *     cites        `to` names `from` as what it looked at
 *     aggregates   `to` is counted or summed up from `from`, among others
 *
 * @module
 */
import { z } from "zod";
import { Digest, digestJson } from "./digest.ts";
import { boundedText } from "./text.ts";

export const EvidenceNodeKind = z.enum([
  "approval",
  "artifact",
  "certificate",
  "chunk",
  "cluster",
  "document",
  "macro",
  "output",
  "passage",
  "question",
  "seal",
  "signal",
  "span",
  "task",
]);
export type EvidenceNodeKind = z.infer<typeof EvidenceNodeKind>;

export const EvidenceEdgeType = z.enum([
  "supports",
  "contradicts",
  "causes",
  "correlates",
  "precedes",
  "derives",
  "cites",
  "aggregates",
]);
export type EvidenceEdgeType = z.infer<typeof EvidenceEdgeType>;

/** `label` is for people and part of no id. */
export const EvidenceNode = z.strictObject({
  id: Digest,
  kind: EvidenceNodeKind,
  content: Digest,
  label: boundedText(128),
});
export type EvidenceNode = z.infer<typeof EvidenceNode>;

export const EvidenceEdge = z.strictObject({ type: EvidenceEdgeType, from: Digest, to: Digest });
export type EvidenceEdge = z.infer<typeof EvidenceEdge>;

export const EvidenceGraph = z.strictObject({
  schema: z.literal("canonic/evidence-graph/v1"),
  nodes: z.array(EvidenceNode),
  edges: z.array(EvidenceEdge),
});
export type EvidenceGraph = z.infer<typeof EvidenceGraph>;

/** The id of a node (N1). */
export function evidenceNodeId(kind: EvidenceNodeKind, content: Digest): Digest {
  return digestJson({ content, kind });
}
