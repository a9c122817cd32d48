/**
 * All that a phase can reach beside its input: the document, a units database under two principals, keys, backups.
 *
 * A live world and a simulated one have the same shape and are made in different modules; `adapter` says in every
 * receipt which of them it was.
 *
 * @module
 */
import type { Digest, OperationContext } from "@canonic/contracts";
import type { Connection, WriterName } from "../database/connection.ts";
import type { Writer } from "../database/receipts.ts";
import type { SigningKey } from "../keys.ts";
import { demand } from "../stop.ts";

export const LIVE_ADAPTERS = ["postgres", "sqlite"] as const;
export const SIMULATOR = "simulator";
export type Adapter = (typeof LIVE_ADAPTERS)[number] | typeof SIMULATOR;

/** What was kept before the first write; for a simulator, only a marker that says so. */
export type BackupReceipt =
  | { readonly kind: "encrypted-dump"; readonly name: string; readonly sizeBytes: number; readonly digest: Digest }
  | { readonly kind: "dry-run-marker"; readonly statement: string };

export type World = {
  readonly adapter: Adapter;
  /** @throws {CutterStop} `cutter.unknown-document`. */
  readonly readDocument: (name: string) => Promise<Uint8Array>;
  /** A connection of the principal's own for as long as `use` takes. */
  readonly open: <T>(principal: WriterName, use: (connection: Connection) => Promise<T>) => Promise<T>;
  /** The name that a database got when it was made. */
  readonly identityOf: (connection: Connection) => Promise<string>;
  /** Every difference between the rights that are expected and those that are there. */
  readonly grantDeltas: () => Promise<readonly string[]>;
  readonly triggerDeltas: (connection: Connection) => Promise<readonly string[]>;
  /** @throws {CutterStop} `cutter.backup-failed`. */
  readonly backup: (key: string) => Promise<BackupReceipt>;
  readonly keyOf: (principal: WriterName) => SigningKey;
};

/** The approval of the gate that stands before a task's group, as the run has it on record. */
export type GateApproval = NonNullable<OperationContext["approval"]>;

/** A phase: what it takes, who asks, and where. */
export type Phase = (input: never, context: PhaseContext, world: World) => Promise<object> | object;

/** `writer` is there for writes; `approval` after a gate. */
export type PhaseContext = { readonly writer: Writer | null; readonly approval: GateApproval | null };

/** What an operation's context says of who writes. */
export function phaseContextOf({ idempotencyKey, fence, approval }: OperationContext): PhaseContext {
  const run = idempotencyKey?.slice(0, idempotencyKey.indexOf("/"));
  const writer =
    idempotencyKey === undefined || run === undefined || fence === undefined
      ? null
      : { run, fence, key: idempotencyKey };
  return { writer, approval: approval ?? null };
}

/** The writer that a writing phase must have. */
export function writerOf({ writer }: PhaseContext): Writer {
  if (writer === null) throw new Error("assertion failed: a write has an idempotency key and a fence");
  return writer;
}

/** {@link World.open}, but only of the database that was backed up for the run. */
export function openPinned<T>(
  world: World,
  principal: WriterName,
  { databaseId }: { readonly databaseId: string },
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  return world.open(principal, async (connection) => {
    demand((await world.identityOf(connection)) === databaseId, "cutter.database-differs");
    return use(connection);
  });
}

/** The approval that a phase behind a gate must have, which must be of that gate. */
export function approvalOf({ approval }: PhaseContext, gate: string): GateApproval {
  demand(approval !== null && approval.gate === gate, "cutter.approval-missing", `gate ${gate}`);
  return approval;
}
