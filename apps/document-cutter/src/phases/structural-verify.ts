/**
 * structural_verify: six invariants of the drafts, each looked at in the database and named when it does not hold.
 *
 * @module
 */
import { digestBytes, digestJson } from "@canonic/contracts";
import { countOf, EXECUTOR, type Row } from "../database/connection.ts";
import { demand, type StopCode } from "../stop.ts";
import { type Cut, checkPins, type PlannedRow, readChangeSet, toPlannedRow } from "./cut.ts";
import { openPinned, type PhaseContext, type World } from "./world.ts";

/** What was found, beside what was planned. */
type Probe = {
  readonly cut: Cut;
  readonly rows: readonly Row[];
  readonly planned: ReadonlyMap<string, PlannedRow>;
  readonly source: Uint8Array;
  /** Units of this version of the document that belong to another change set. */
  readonly intruders: number;
};

/** In the order in which they are checked: the first that does not hold is the one that stops. */
const INVARIANTS: readonly (readonly [name: string, code: StopCode, holds: (probe: Probe) => boolean])[] = [
  ["uniformDraft", "cutter.invariant-uniform-draft", ({ rows }) => rows.every(({ status }) => status === "draft")],
  ["countAsExpected", "cutter.invariant-count", ({ cut, rows }) => rows.length === cut.count],
  [
    "sectionCardinality",
    "cutter.invariant-section-cardinality",
    ({ cut, rows }) =>
      digestJson(tallyOf(rows.map((row) => String(row["section_type"])))) ===
      digestJson(tallyOf(cut.rows.map(({ sectionType }) => sectionType))),
  ],
  [
    "noForbiddenIds",
    "cutter.invariant-forbidden-ids",
    ({ rows, planned, intruders }) => intruders === 0 && rows.every((row) => planned.has(String(row["address"]))),
  ],
  ["anchorsExact", "cutter.invariant-anchors-exact", (probe) => probe.rows.every((row) => isAnchorExact(row, probe))],
  [
    "bodyDigestsMatch",
    "cutter.invariant-body-digests",
    ({ rows, planned }) =>
      rows.every((row) => {
        const digest = digestBytes(String(row["body"]));
        return digest === row["content_digest"] && digest === planned.get(String(row["address"]))?.contentDigest;
      }),
  ],
];

export async function structuralVerify(cut: Cut, _context: PhaseContext, world: World) {
  checkPins(cut);
  const source = await world.readDocument(cut.document);
  demand(digestBytes(source) === cut.sourceDigest, "cutter.drift", "the document's digest");
  const { document, version, changeSet } = cut;
  const { rows, intruders } = await openPinned(world, EXECUTOR, cut, async (connection) => ({
    rows: await readChangeSet(connection, changeSet),
    intruders: await countOf(
      connection,
      "SELECT count(*) AS count FROM units WHERE document = $1 AND version = $2 AND change_set <> $3",
      [document, version, changeSet],
    ),
  }));
  const planned = new Map(cut.rows.map((row) => [row.address, row]));
  for (const [name, code, holds] of INVARIANTS) demand(holds({ cut, rows, planned, source, intruders }), code, name);
  return {
    adapter: world.adapter,
    changeSet,
    invariants: Object.fromEntries(INVARIANTS.map(([name]) => [name, true])),
    rowsDigest: digestJson(rows.map(toPlannedRow)),
  };
}

/** The anchor is the planned one, and the document's bytes there are the body. */
function isAnchorExact(row: Row, { planned, source }: Probe): boolean {
  const { address, anchor } = toPlannedRow(row);
  const expected = planned.get(address)?.anchor;
  if (expected?.start !== anchor.start || expected.end !== anchor.end) return false;
  return Buffer.from(String(row["body"])).equals(source.subarray(anchor.start, anchor.end));
}

function tallyOf(names: readonly string[]): { readonly [name: string]: number } {
  const tally: Record<string, number> = {};
  for (const name of names) tally[name] = (tally[name] ?? 0) + 1;
  return tally;
}
