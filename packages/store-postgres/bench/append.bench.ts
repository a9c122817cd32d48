/**
 * Groups of leaves into PostgreSQL through the store, beside a bare INSERT of the same rows in a transaction of its own.
 *
 * The two alternate, and the medians are compared: on a busy machine only the ratio says something. Needs a server:
 * `CANONIC_POSTGRES_URL`, else the one on loopback.
 *
 * @module
 */
import { openPostgresStore } from "@canonic/store-postgres";
import pg from "pg";

const LEAF_BYTES = 450;
const GROUPS = 100;
const ROUNDS = 7;

const connectionString = process.env["CANONIC_POSTGRES_URL"] ?? "postgres://root@127.0.0.1:5432/test";
const schema = `canonic_bench_${process.pid}`;

type Leaf = { readonly index: number; readonly run: string; readonly seq: number; hash: Buffer; bytes: Buffer };
const leavesAt = (first: number, count: number): Leaf[] =>
  Array.from({ length: count }, (_, offset) => ({
    index: first + offset,
    run: `run_${String(Math.floor((first + offset) / 1000)).padStart(20, "0")}`,
    seq: (first + offset) % 1000,
    hash: Buffer.alloc(32, first + offset),
    bytes: Buffer.alloc(LEAF_BYTES, first + offset),
  }));

async function timed(groups: number, work: (group: number) => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  for (let group = 0; group < groups; group += 1) await work(group);
  return ((performance.now() - startedMs) * 1000) / groups;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const store = await openPostgresStore({ connectionString, schema });
const client = new pg.Client({ connectionString });
await client.connect();
try {
  await client.query(
    `SET synchronous_commit = on; CREATE TABLE ${schema}.bare (LIKE ${schema}.log_leaves INCLUDING ALL)`,
  );
  console.log(`append of a group against BEGIN, INSERT, COMMIT of the same rows; ${LEAF_BYTES} bytes a leaf`);
  let next = 0;
  for (const size of [1, 10, 100, 512]) {
    const [bare, ours]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = next;
      next += size * GROUPS;
      bare.push(
        await timed(GROUPS, async (group) => {
          const leaves = leavesAt(first + group * size, size);
          const row = (_: Leaf, at: number) =>
            `($${at * 5 + 1},$${at * 5 + 2},$${at * 5 + 3},$${at * 5 + 4},$${at * 5 + 5})`;
          await client.query("BEGIN");
          await client.query({
            name: `bare-${size}`,
            text: `INSERT INTO ${schema}.bare (position, run, seq, hash, bytes) VALUES ${leaves.map(row).join()}`,
            values: leaves.flatMap(({ index, run, seq, hash, bytes }) => [index, run, seq, hash, bytes]),
          });
          await client.query("COMMIT");
        }),
      );
      ours.push(
        await timed(GROUPS, (group) => {
          const leaves = leavesAt(first + group * size, size);
          return store.append({ expectedSize: first + group * size, leaves, payloads: [], nodes: [] });
        }),
      );
    }
    const [bareMicros, oursMicros] = [median(bare), median(ours)];
    console.log(
      `  ${String(size).padStart(4)} leaves  store ${oursMicros.toFixed(0).padStart(6)} µs  bare ${bareMicros.toFixed(0).padStart(6)} µs  ratio ${(bareMicros / oursMicros).toFixed(2)}  (${Math.round((size * 1e6) / oursMicros)} leaves/s)`,
    );
  }
} finally {
  await store.close();
  await client.query(`DROP SCHEMA ${schema} CASCADE`);
  await client.end();
}
