/**
 * The phases that read the document and plan from it: source_pin, mark, cutplan. None of them can write.
 *
 * @module
 */
import { type Digest, digestJson } from "@canonic/contracts";
import { readUnits, regionDigestOf, toRow } from "../document/read-units.ts";
import { SECTION_TYPES, UNIT_KINDS, UNITS_MAX, type UnitRow } from "../document/unit.ts";
import { demand } from "../stop.ts";
import { type PlannedRow, writerDigestOf } from "./cut.ts";
import type { PhaseContext, World } from "./world.ts";

/** source_pin: what the document is now. Executed again right before each writing phase, it must give the same. */
export async function sourcePin({ document }: { readonly document: string }, _context: PhaseContext, world: World) {
  const { digest, sizeBytes, version, units } = readUnits(await world.readDocument(document));
  return { digest, regionDigest: regionDigestOf(units), sizeBytes, version };
}

type MarkInput = {
  readonly document: string;
  readonly expectedDigest: Digest;
  readonly sourceDigest: Digest;
  readonly regionDigest: Digest;
};

/** mark: the units, 1 to {@link UNITS_MAX}, of exactly the document that was asked for and pinned. */
export async function mark(input: MarkInput, _context: PhaseContext, world: World) {
  const { digest, units } = readUnits(await world.readDocument(input.document));
  demand(digest === input.expectedDigest, "cutter.drift", "the digest that was asked for");
  demand(digest === input.sourceDigest, "cutter.drift", "the pinned digest");
  const rows = units.map(toRow);
  const regionDigest = regionDigestOf(rows);
  demand(regionDigest === input.regionDigest, "cutter.drift", "the pinned region digest");
  demand(rows.length > 0, "cutter.no-units");
  demand(rows.length <= UNITS_MAX, "cutter.too-many-units", String(rows.length));
  return { count: rows.length, regionDigest, rows };
}

type CutplanInput = { readonly document: string; readonly version: string; readonly rows: readonly UnitRow[] };

/** cutplan: the rows that will be written, built twice by ways that must not matter. */
export function cutplan(input: CutplanInput) {
  const strange = input.rows.filter(
    ({ kind, sectionType }) => !Object.hasOwn(UNIT_KINDS, kind) || !SECTION_TYPES.includes(sectionType),
  );
  demand(strange.length === 0, "cutter.vocabulary", ...strange.slice(0, 10).map(({ address }) => address));
  const rows = buildRows(input, input.rows, 0);
  const again = buildRows(input, input.rows.toReversed(), 1);
  const writerDigest = writerDigestOf(rows);
  demand(writerDigestOf(again) === writerDigest, "cutter.digests-differ");
  const keys = new Set(rows.map(({ idempotencyKey }) => idempotencyKey));
  demand(keys.size === rows.length, "cutter.keys-not-unique");
  return { count: rows.length, rows, writerDigest };
}

/**
 * Plans rows by way of a table whose keys are salted: were anything of the order of work or of the salt to reach the
 * rows, two builds with different ones would differ.
 */
function buildRows({ document, version }: CutplanInput, marked: readonly UnitRow[], salt: number): PlannedRow[] {
  const built = new Map<string, PlannedRow>();
  marked.forEach((row, index) => {
    const idempotencyKey = digestJson({ address: row.address, document, version });
    built.set(digestJson([salt, index, idempotencyKey]), { ...row, idempotencyKey });
  });
  return [...built.values()].sort((a, b) => a.order - b.order);
}
