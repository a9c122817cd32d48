/**
 * Puts an evidence graph together, node by node.
 *
 * Invariants:
 *   G1. Acyclic by construction: an edge leads from a node to one that was added after it, and no other is taken. Of the two
 *       symmetric types, `contradicts` and `correlates`, the edge is turned round to be so.
 *   G2. What is added twice stands once: a node by kind and content, an edge by type and ends.
 *   G3. Equal calls in equal order give equal graphs; what is built is sorted, so most other orders do too.
 *
 * @module
 */
import {
  byCodeUnit,
  cutText,
  type Digest,
  type EvidenceEdge,
  EvidenceEdgeType,
  type EvidenceGraph,
  type EvidenceNode,
  EvidenceNodeKind,
  evidenceNodeId,
} from "@canonic/contracts";
import { AuditError } from "../errors.ts";

const SYMMETRIC: readonly EvidenceEdgeType[] = ["contradicts", "correlates"];

export class EvidenceGraphBuilder {
  readonly #nodes = new Map<Digest, EvidenceNode>();
  /** When each node was added, counted from 0. */
  readonly #added = new Map<Digest, number>();
  readonly #edges = new Map<string, EvidenceEdge>();

  /**
   * Adds a node, or finds it where it was added before; the first label stays.
   *
   * @param label - For people; cut to 128 characters.
   * @returns The node's id.
   * @throws {AuditError} `audit.graph-invalid` for an unknown kind.
   */
  node(kind: EvidenceNodeKind, content: Digest, label: string): Digest {
    if (!EvidenceNodeKind.options.includes(kind)) throw invalid(`\`${String(kind)}\` is no kind of node`);
    const id = evidenceNodeId(kind, content);
    if (!this.#nodes.has(id)) {
      this.#added.set(id, this.#nodes.size);
      this.#nodes.set(id, { id, kind, content, label: cutText(label, 128) || kind });
    }
    return id;
  }

  /**
   * Connects two nodes that were added.
   *
   * @throws {AuditError} `audit.graph-invalid` for an unknown type or end, or a node and itself; `audit.graph-cycle` for a
   *   directed edge that leads back to what was added earlier (G1).
   */
  connect(type: EvidenceEdgeType, from: Digest, to: Digest): void {
    if (!EvidenceEdgeType.options.includes(type)) throw invalid(`\`${String(type)}\` is no type of edge`);
    const first = this.#added.get(from);
    const second = this.#added.get(to);
    if (first === undefined || second === undefined)
      throw invalid(`an end of a \`${type}\` edge, \`${first === undefined ? from : to}\`, was not added`);
    if (first === second) throw invalid(`a \`${type}\` edge would lead from \`${from}\` to itself`);
    if (first > second) {
      if (SYMMETRIC.includes(type)) this.connect(type, to, from);
      else
        throw new AuditError(
          "audit.graph-cycle",
          `a \`${type}\` edge would lead from \`${from}\` back to \`${to}\`, which stood first`,
          { blocked: [from, to] },
        );
      return;
    }
    this.#edges.set(`${from} ${to} ${type}`, { type, from, to });
  }

  has(id: Digest): boolean {
    return this.#nodes.has(id);
  }

  build(): EvidenceGraph {
    return {
      schema: "canonic/evidence-graph/v1",
      nodes: [...this.#nodes.values()].sort((a, b) => byCodeUnit(a.id, b.id)),
      edges: [...this.#edges].sort(([a], [b]) => byCodeUnit(a, b)).map(([, edge]) => edge),
    };
  }
}

function invalid(fault: string): AuditError<"audit.graph-invalid"> {
  return new AuditError("audit.graph-invalid", fault, { fault });
}
