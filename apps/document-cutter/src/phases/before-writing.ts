/**
 * The phases right before the first gate: pre_write_backup and grant_probe.
 *
 * @module
 */
import { type Digest, digestJson } from "@canonic/contracts";
import { EXECUTOR } from "../database/connection.ts";
import { expectedGrants } from "../database/rights.ts";
import { CutterStop, demand } from "../stop.ts";
import { changeSetOf, stateDigestOf } from "./cut.ts";
import { type Adapter, type BackupReceipt, type PhaseContext, type World, writerOf } from "./world.ts";

/** What a revert takes back, pinned before anything is written; `canonic revert` runs exactly this. */
export type Compensation = {
  readonly schema: "canonic-cutter/compensation/v1";
  readonly run: string;
  readonly document: string;
  readonly version: string;
  readonly writerDigest: Digest;
  readonly count: number;
  readonly changeSet: string;
  readonly databaseId: string;
  /** Names the document's rows before the cut; after the revert they must have this digest again. */
  readonly stateBefore: Digest;
};

type BackupInput = {
  readonly adapter: Adapter;
  readonly document: string;
  readonly version: string;
  readonly writerDigest: Digest;
  readonly count: number;
};

/** pre_write_backup: keeps the database as it is, and says what would undo what is planned. */
export async function preWriteBackup(input: BackupInput, context: PhaseContext, world: World) {
  const { run, key } = writerOf(context);
  const { document, version, writerDigest, count } = input;
  demand(world.adapter === input.adapter, "cutter.database-differs", `planned for ${input.adapter}`);
  const changeSet = changeSetOf(run, writerDigest);
  const before = await world.open(EXECUTOR, async (connection) => {
    const find = "SELECT change_set FROM sources WHERE document = $1 AND version = $2";
    demand((await connection.rows(find, [document, version])).length === 0, "cutter.already-cut");
    const stateBefore = await stateDigestOf(connection, document, changeSet);
    return { databaseId: await world.identityOf(connection), stateBefore };
  });
  const compensation: Compensation = {
    schema: "canonic-cutter/compensation/v1",
    run,
    document,
    version,
    writerDigest,
    count,
    changeSet,
    ...before,
  };
  return { adapter: world.adapter, backup: await keptBackup(key, world), compensation };
}

/** A folder without room, a key that cannot be read: whatever keeps a backup from being made, stops. */
async function keptBackup(key: string, world: World): Promise<BackupReceipt> {
  try {
    return await world.backup(key);
  } catch (error) {
    throw error instanceof CutterStop ? error : new CutterStop("cutter.backup-failed");
  }
}

/** grant_probe: the rights of executor, verifier, application and public are exactly the expected ones. */
export async function grantProbe(_input: object, _context: PhaseContext, world: World) {
  const deltas = await world.grantDeltas();
  demand(deltas.length === 0, "cutter.grant-delta", ...deltas);
  return {
    adapter: world.adapter,
    grants: { application: true, executor: true, public: true, verifier: true },
    matrixDigest: digestJson(expectedGrants()),
  };
}
