/**
 * One use of a token, reserved and committed, and one durable decision, on the stores that there are.
 *
 * PostgreSQL is measured where one answers (`CANONIC_POSTGRES_URL`, else the one on loopback); schema `canonic_bench` stays
 * there.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AuthorityStorage, createMemoryAuthorityStorage } from "@canonic/authority";
import { type AuthorityEventDraft, type Digest, digestBytes } from "@canonic/contracts";
import { isStorePostgresError, openPostgresAuthority } from "@canonic/store-postgres";
import { openSqliteAuthority } from "@canonic/store-sqlite";

const USES = 400;
const ROUNDS = 5;
const at = "2026-01-31T12:00:00.000Z";
/** All uses lie in the window, as those of a token that was issued for one run do. */
const since = "2026-01-31T11:59:01.000Z";
const connectionString = process.env["CANONIC_POSTGRES_URL"] ?? "postgres://root@127.0.0.1:5432/test";

/** Medians in microseconds. */
export interface StoreCosts {
  readonly store: string;
  readonly use: number;
  readonly useUnderTwoTokens: number;
  readonly decision: number;
}

/** Measures every store that is there, prints a line for each, and returns them. */
export async function run(): Promise<readonly StoreCosts[]> {
  const directory = mkdtempSync(join(tmpdir(), "canonic-bench-"));
  const stores: (readonly [string, AuthorityStorage])[] = [
    ["memory", createMemoryAuthorityStorage()],
    ["sqlite", openSqliteAuthority({ directory })],
  ];
  try {
    stores.push(["postgres", await openPostgresAuthority({ connectionString, schema: "canonic_bench" })]);
  } catch (error) {
    if (!isStorePostgresError(error) || error.code !== "store-postgres.open-failed") throw error;
    console.log("postgres: no server answers");
  }
  const costs: StoreCosts[] = [];
  for (const [name, store] of stores) {
    const cost = await measure(name, store);
    costs.push(cost);
    const shown = (value: number) => `${value.toFixed(1).padStart(8)} µs`;
    console.log(
      `${name.padEnd(10)} reserve and commit ${shown(cost.use)}, under two tokens ${shown(cost.useUnderTwoTokens)}, revoke ${shown(cost.decision)}`,
    );
    await store.close();
  }
  rmSync(directory, { recursive: true });
  return costs;
}

async function measure(name: string, store: AuthorityStorage): Promise<StoreCosts> {
  const mine = `${process.pid}/${performance.timeOrigin}`;
  const [child, parent] = [digestBytes(`${mine} child`), digestBytes(`${mine} parent`)];
  const use = (prefix: string, tokens: readonly Digest[]) => async (index: number) => {
    const id = `${mine}/${prefix}/${index}`;
    const request = { id, at, need: 10, tokens: tokens.map((token) => ({ token, since })) };
    const { reserved } = await store.reserve(request, (counts) => counts.length === tokens.length);
    if (!reserved) throw new Error("the bench's own use was refused");
    await store.commit(id, 10);
  };
  const revoke = async (index: number) => {
    const token = digestBytes(`${mine} ${index}`);
    const data = { token, by: "bench", reason: "bench", occurredAt: at };
    const event: AuthorityEventDraft = { type: "TOKEN_REVOKED", subject: token, data };
    await store.revoke(token, at, event);
  };
  return {
    store: name,
    use: await perCall(USES, use("one", [child])),
    useUnderTwoTokens: await perCall(USES, use("two", [child, parent])),
    decision: await perCall(USES / 4, revoke),
  };
}

async function perCall(count: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedMs = performance.now();
    for (let index = 0; index < count; index += 1) await work(round * count + index);
    rounds.push(((performance.now() - startedMs) * 1000) / count);
  }
  return rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run();
