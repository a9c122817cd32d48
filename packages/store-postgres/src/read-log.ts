/**
 * Reading a log.
 *
 * @module
 */
import { digestFromBytes, digestToBytes } from "@canonic/contracts";
import type { LogStatements } from "./log-part.ts";
import type { Query, Row } from "./session.ts";
import type { PostgresReader, StoredLeaf } from "./types.ts";

const NO_DIGEST = Buffer.alloc(0);

/** The reading half of a store; checkpoint and `close` are the opener's. */
export function readsOf(query: Query, statements: LogStatements): Omit<PostgresReader, "checkpoint" | "close"> {
  return {
    size: async () => Number((await query(statements.size))[0]?.["size"]),
    readLeaves: async (from, limit) => {
      const found: StoredLeaf[] = [];
      for (const row of await query(statements.leaves, [from, from + limit])) {
        const leaf = leafOf(row);
        if (leaf.index !== from + found.length) break;
        found.push(leaf);
      }
      return found;
    },
    readRun: async (run, seq, limit) => (await query(statements.run, [run, seq, limit])).map(leafOf),
    runs: async () =>
      (await query(statements.runs)).map((row) => ({ run: String(row["run"]), first: Number(row["position"]) })),
    payload: async (digest) =>
      (await query(statements.payload, [digestToBytes(digest)]))[0]?.["bytes"] as Uint8Array | undefined,
    payloadDigests: async (after, limit) => {
      const rows = await query(statements.payloadDigests, [after === null ? NO_DIGEST : digestToBytes(after), limit]);
      return rows.map((row) => digestFromBytes(row["digest"] as Uint8Array));
    },
    readNodes: async (level, from, limit) => {
      const hashes: Uint8Array[] = [];
      for (const row of await query(statements.nodes, [level, from, limit])) {
        if (Number(row["position"]) !== from + hashes.length) break;
        hashes.push(row["hash"] as Uint8Array);
      }
      return hashes;
    },
    nodeCount: async () => Number((await query(statements.nodeCount))[0]?.["count"]),
    mark: async (size) => ((await query(statements.mark, [size]))[0]?.["mark"] ?? undefined) as Uint8Array | undefined,
    quarantined: async (digest) =>
      (await query(statements.quarantined, [digestToBytes(digest)]))[0]?.["frames"] as Uint8Array | undefined,
  };
}

/** 64-bit integers arrive as text; a position is far below 2^53. */
export function leafOf(row: Row): StoredLeaf {
  return {
    index: Number(row["position"]),
    run: String(row["run"]),
    seq: Number(row["seq"]),
    hash: row["hash"] as Uint8Array,
    bytes: row["bytes"] as Uint8Array,
  };
}
