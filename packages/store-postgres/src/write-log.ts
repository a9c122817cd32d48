/**
 * Writing a log: groups in, a torn tail out.
 *
 * Invariants:
 *   T1. Every public function here is one transaction: all of it or nothing.
 *   T2. Every transaction holds the writer's row and finds this writer's fence in it: whoever was overtaken writes nothing.
 *
 * @module
 */
import { type Digest, digestBytes, digestToBytes } from "@canonic/contracts";
import { readCheckpointFile, swapCheckpointFile } from "./checkpoint-file.ts";
import { StorePostgresError } from "./errors.ts";
import { encodeFrames } from "./frames.ts";
import type { LogStatements } from "./log-part.ts";
import { leafOf } from "./read-log.ts";
import type { Query, Session } from "./session.ts";
import type { LogBatch, PostgresStore, StoredNode } from "./types.ts";

type LogWrites = Pick<
  PostgresStore,
  "append" | "tail" | "repair" | "removePayload" | "rebuildNodes" | "swapCheckpoint"
>;

/** The writing half of a store, under a fence; `directory` is where the checkpoint is, if it is not in the database. */
export function writesOf(
  session: Session,
  statements: LogStatements,
  fence: number,
  directory: string | undefined,
): LogWrites {
  const put = async (query: Query, batch: LogBatch): Promise<void> => {
    const [answer] = await query(statements.append, appendValues(fence, batch));
    if (answer?.["done"] === true) return;
    if (answer?.["holds"] !== true) throw fenced(fence);
    const found = Number(answer["size"]);
    throw new StorePostgresError(
      "store-postgres.size-conflict",
      `the log has ${found} leaves, not ${batch.expectedSize}`,
      { expected: batch.expectedSize, found },
    );
  };

  const transact = <T>(work: (query: Query) => Promise<T>): Promise<T> =>
    session.transact("BEGIN", async (query) => {
      if ((await query(statements.holdFence, [fence])).length === 0) throw fenced(fence);
      return work(query);
    });

  const tailOf = async (query: Query, size: number): Promise<Buffer> =>
    encodeFrames((await query(statements.tail, [size])).map(leafOf));

  const cut = async (query: Query, size: number, quarantine: Digest): Promise<void> => {
    const tail = await tailOf(query, size);
    if (digestBytes(tail) !== quarantine)
      throw new StorePostgresError("store-postgres.quarantine-mismatch", "the tail is not what the repair names", {
        digest: quarantine,
      });
    await query(statements.insertQuarantine, [digestToBytes(quarantine), size, tail]);
    await query(statements.deleteLeaves, [size]);
    await query(statements.deleteNodes, [size]);
  };

  return {
    append: (batch) => put(session.query, batch),
    tail: (size) => tailOf(session.query, size),
    repair: (quarantine, batch) =>
      transact(async (query) => {
        await cut(query, batch.expectedSize, quarantine);
        await put(query, batch);
      }),
    removePayload: async (digest) => {
      const [answer] = await session.query(statements.deletePayload, [fence, digestToBytes(digest)]);
      if (answer?.["holds"] !== true) throw fenced(fence);
    },
    rebuildNodes: (nodes) =>
      transact(async (query) => {
        await query(statements.deleteAllNodes);
        await query(statements.insertNodes, nodeValues(nodes));
      }),
    swapCheckpoint: async (expected, next) => {
      if (directory !== undefined) return transact(async () => swapCheckpointFile(directory, expected, next));
      const [answer] = await session.query(statements.swapCheckpoint, [fence, expected ?? null, next]);
      if (answer?.["holds"] !== true) throw fenced(fence);
      return answer["done"] === true;
    },
  };
}

/** The checkpoint, from its file or its table. */
export async function readCheckpoint(
  query: Query,
  statements: LogStatements,
  directory: string | undefined,
): Promise<Uint8Array | undefined> {
  if (directory !== undefined) return readCheckpointFile(directory);
  return (await query(statements.checkpoint))[0]?.["note"] as Uint8Array | undefined;
}

function fenced(fence: number): StorePostgresError {
  return new StorePostgresError("store-postgres.fenced", `writer ${fence} of this log has been overtaken`, { fence });
}

function appendValues(fence: number, { expectedSize, leaves, payloads, nodes, mark }: LogBatch): readonly unknown[] {
  const leafBytes = leaves.map(({ bytes }) => bytes);
  const payloadBytes = payloads.map(({ bytes }) => bytes);
  return [
    fence,
    expectedSize,
    leaves.map(({ run }) => run),
    leaves.map(({ seq }) => seq),
    leafBytes.map(({ length }) => length),
    Buffer.concat(leaves.map(({ hash }) => hash)),
    Buffer.concat(leafBytes),
    startsOf(leafBytes),
    Buffer.concat(payloads.map(({ digest }) => digestToBytes(digest))),
    Buffer.concat(payloadBytes),
    payloadBytes.map(({ length }) => length),
    startsOf(payloadBytes),
    ...nodeValues(nodes),
    mark ?? null,
  ];
}

function nodeValues(nodes: readonly StoredNode[]): readonly unknown[] {
  return [
    nodes.map(({ level }) => level),
    nodes.map(({ index }) => index),
    Buffer.concat(nodes.map(({ hash }) => hash)),
  ];
}

/** Where each piece begins in all of them together; SQL counts from 1. */
function startsOf(pieces: readonly Uint8Array[]): readonly number[] {
  let next = 1;
  return pieces.map(({ length }) => {
    const start = next;
    next += length;
    return start;
  });
}
