/**
 * The plan of a cut: eleven phases, one after the other, two gates, and the source checked again right before each write.
 *
 * Invariants:
 *   C1. The plan names the document and the digest that is expected of it: no path, no address of a database, no secret.
 *   C2. Every value that a phase works on is a pin of an earlier phase, bound by name.
 *
 * @module
 */
import { type Digest, digestJson, type JsonObject, type Mode, type RegistrySnapshot } from "@canonic/contracts";
import { type FrozenPlan, type PlannedTask, planTasks } from "@canonic/planner";
import type { Adapter } from "./phases/world.ts";

export type CutRequest = {
  readonly document: string;
  /** Of the document's bytes, when the cut was asked for. */
  readonly expectedDigest: Digest;
  readonly mode: Mode;
  /** The kind of database that is written: a run of one is never resumed on another by mistake. */
  readonly adapter: Adapter;
  readonly seed: number;
  readonly registry: RegistrySnapshot;
};

type Bindings = NonNullable<PlannedTask["bindings"]>;

const pin = (task: string, pointer: string) => ({ task, pointer });

/** What the phases after the first gate share. */
const CUT: Bindings = {
  run: pin("pre-write-backup", "/compensation/run"),
  version: pin("source-pin", "/version"),
  sourceDigest: pin("source-pin", "/digest"),
  rows: pin("cutplan", "/rows"),
  writerDigest: pin("cutplan", "/writerDigest"),
  count: pin("cutplan", "/count"),
  databaseId: pin("pre-write-backup", "/compensation/databaseId"),
};
const WRITTEN: Bindings = { ...CUT, changeSet: pin("cut-leg-a", "/changeSet") };

const PINS: readonly (readonly [phase: string, bindings: Bindings])[] = [
  ["source-pin", {}],
  ["mark", { sourceDigest: pin("source-pin", "/digest"), regionDigest: pin("source-pin", "/regionDigest") }],
  ["cutplan", { version: pin("source-pin", "/version"), rows: pin("mark", "/rows") }],
  [
    "pre-write-backup",
    {
      version: pin("source-pin", "/version"),
      writerDigest: pin("cutplan", "/writerDigest"),
      count: pin("cutplan", "/count"),
    },
  ],
  ["grant-probe", {}],
  ["cut-leg-a", { ...CUT, changeSet: pin("pre-write-backup", "/compensation/changeSet") }],
  ["structural-verify", WRITTEN],
  ["leg-b-record", WRITTEN],
  [
    "write-verify",
    {
      ...WRITTEN,
      envelopeId: pin("leg-b-record", "/envelopeId"),
      executorKeyId: pin("leg-b-record", "/executorKeyId"),
    },
  ],
  ["lifecycle-enact", { ...WRITTEN, verificationId: pin("write-verify", "/verificationId") }],
  [
    "closeout",
    {
      ...WRITTEN,
      regionDigest: pin("mark", "/regionDigest"),
      backup: pin("pre-write-backup", "/backup/kind"),
      matrixDigest: pin("grant-probe", "/matrixDigest"),
      rowsDigest: pin("structural-verify", "/rowsDigest"),
      envelopeId: pin("leg-b-record", "/envelopeId"),
      verificationId: pin("write-verify", "/verificationId"),
      enacted: pin("lifecycle-enact", "/enacted"),
      reviewDecision: pin("lifecycle-enact", "/reviewDecision"),
    },
  ],
];

/** The phases in order; the place in this list is the position in the plan. */
export const CUT_PHASES: readonly string[] = PINS.map(([phase]) => phase);

/** The phases that write to the units database; before each of them the source is pinned once more and compared. */
const RECHECKED = ["cut-leg-a", "leg-b-record", "write-verify", "lifecycle-enact"];

/**
 * Plans a cut.
 *
 * @throws As `planTasks`.
 */
export function planCut({ document, expectedDigest, mode, adapter, seed, registry }: CutRequest): FrozenPlan {
  const request: JsonObject = { schema: "canonic-cutter/cut-request/v1", document, expectedDigest };
  return planTasks({
    registry,
    mode,
    seed,
    order: "sequential",
    onFailure: "stop",
    request: digestJson(request),
    context: new Map([[digestJson(request), request]]),
    tasks: PINS.map(([phase, bindings]) => ({
      name: phase,
      payloadType: `cutter/${phase}`,
      parameters: {
        document,
        ...(phase === "mark" ? { expectedDigest } : {}),
        ...(phase === "pre-write-backup" ? { adapter } : {}),
      },
      bindings,
    })),
    gates: [
      { name: "SG_1", before: "cut-leg-a" },
      { name: "SG_2", before: "lifecycle-enact", reviewDecision: true },
    ],
    rechecks: RECHECKED.map((before) => ({ before, task: "source-pin" })),
  });
}
