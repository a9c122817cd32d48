/**
 * The operations module of dry runs: the same phases over a database in memory. Of the machine
 * it reads the documents, and writes nothing.
 *
 * Invariants:
 *   D1. A dry run may be resumed by another process, so the memory of no process counts: each phase makes its own
 *       database, repeats there what the earlier writing phases did with the same pins, and only then does its part.
 *   D2. Simulated keys follow from the change set and sign nothing else; no file is made.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import type { Digest, JsonObject, Operation } from "@canonic/contracts";
import { contractOf, phaseNames } from "./contracts/contracts.ts";
import type { PhaseName } from "./contracts/phase-contracts.ts";
import { toConnection } from "./database/sqlite.ts";
import { createSqliteSchema, sqliteSchemaDeltas, sqliteTriggerDeltas } from "./database/sqlite-schema.ts";
import { fileReader } from "./document/file-reader.ts";
import { simulatedKey } from "./keys.ts";
import { PHASE_BODIES } from "./phases/phases.ts";
import { phaseContextOf, type World } from "./phases/world.ts";
import { DryRunResources, parseResources } from "./resources.ts";

/**
 * The dry-run operations; of all resources, only the documents are looked at.
 *
 * @throws {DocumentCutterError} `document-cutter.resources-invalid`.
 */
export function connect(resources: JsonObject): readonly Operation[] {
  const { documents } = parseResources(DryRunResources, { documents: resources["documents"] });
  return phaseNames("dryrun").map((phase) => ({
    contract: contractOf(phase, "dryrun"),
    run: async (input, context) => {
      const database = new DatabaseSync(":memory:");
      try {
        createSqliteSchema(database);
        const world = simulatedWorld(database, fileReader(documents));
        await repeatEarlier(phase, input, world);
        return (await PHASE_BODIES[phase](input as never, phaseContextOf(context), world)) as JsonObject;
      } finally {
        database.close();
      }
    },
  }));
}

const WRITING: readonly PhaseName[] = ["cut-leg-a", "leg-b-record", "write-verify", "lifecycle-enact"];
/** How many of them come before a phase. */
const EARLIER_WRITES: { readonly [Name in PhaseName]?: number } = {
  "structural-verify": 1,
  "leg-b-record": 1,
  "write-verify": 2,
  "lifecycle-enact": 3,
  closeout: 4,
};

/** Does again what the earlier writing phases did: what they need is among the pins of this one, or follows from them. */
async function repeatEarlier(phase: PhaseName, input: JsonObject, world: World): Promise<void> {
  const pins: Record<string, unknown> = { ...input };
  const run = String(input["run"] ?? "");
  for (const earlier of WRITING.slice(0, EARLIER_WRITES[phase] ?? 0)) {
    const approval = {
      gate: earlier === "lifecycle-enact" ? "SG_2" : "SG_1",
      approval: input["writerDigest"] as Digest,
      reviewDecision: String(input["reviewDecision"] ?? ""),
    };
    const context = { writer: { run, fence: 1, key: `${run}/${earlier}` }, approval };
    Object.assign(pins, await PHASE_BODIES[earlier](pins as never, context, world));
  }
}

function simulatedWorld(database: DatabaseSync, readDocument: World["readDocument"]): World {
  return {
    adapter: "simulator",
    readDocument,
    open: async (principal, use) => {
      const connection = toConnection(database, principal);
      return use(connection).finally(() => connection.close());
    },
    identityOf: async () => "simulator",
    grantDeltas: async () => sqliteSchemaDeltas(database),
    triggerDeltas: sqliteTriggerDeltas,
    backup: async () => ({
      kind: "dry-run-marker",
      statement: "dry run: nothing was backed up, and nothing is written",
    }),
    keyOf: (principal) => simulatedKey(principal),
  };
}
