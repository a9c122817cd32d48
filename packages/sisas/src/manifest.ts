/**
 * The synchronisation manifest: which signals every task of the grid was bound to.
 *
 * Invariants:
 *   S1. Exactly 300 bindings, one for each question, over 60 distinct chunks, every chunk asked by exactly 5.
 *   S2. A binding's chunk is its question's cell, and one chunk has one digest wherever it stands.
 *   S3. `planned` is counted from the bindings, not stated beside them.
 *
 * @module
 */
import { ChunkId, Digest, Fraction, freezeDeep, QuestionId, SignalKind } from "@canonic/contracts";
import { z } from "zod";
import type { Binding } from "./binding.ts";
import { SisasError } from "./errors.ts";

export const MANIFEST_BINDINGS = 300;
export const MANIFEST_CHUNKS = 60;
export const MANIFEST_FIBRE = 5;

const ManifestBinding = z.strictObject({
  question: QuestionId,
  chunk: ChunkId,
  chunkDigest: Digest,
  covered: z.boolean(),
  signals: z.array(z.strictObject({ kind: SignalKind, required: z.boolean(), signal: Digest })),
});

export const SynchronisationManifest = z
  .strictObject({
    schema: z.literal("canonic/synchronisation-manifest/v1"),
    vocabulary: Digest,
    bindings: z.array(ManifestBinding).length(MANIFEST_BINDINGS),
    chunks: z.literal(MANIFEST_CHUNKS),
    fibre: z.literal(MANIFEST_FIBRE),
    planned: Fraction,
  })
  .superRefine((manifest, context) => {
    for (const { place, expected } of checkGrid(manifest)) {
      context.addIssue({ code: "custom", path: place.split("/"), message: expected });
    }
  });
export type SynchronisationManifest = z.infer<typeof SynchronisationManifest>;

/**
 * The manifest of a full grid's bindings.
 *
 * @throws {SisasError} `sisas.manifest-invalid` with every fault: wrong counts, repeated questions, uneven fibres, a
 *   question bound to another cell's chunk, a chunk without digest or with two.
 */
export function manifestOf(bindings: readonly Binding[], vocabulary: Digest): SynchronisationManifest {
  const parsed = SynchronisationManifest.safeParse({
    schema: "canonic/synchronisation-manifest/v1",
    vocabulary,
    bindings: bindings.map(({ question, chunk, chunkDigest, required, optional }) => ({
      question,
      chunk,
      chunkDigest,
      covered: isCovered(required),
      signals: [
        ...required.map((need) => ({ ...need, required: true })),
        ...optional.map((need) => ({ ...need, required: false })),
      ].flatMap(({ kind, required: isRequired, signal }) =>
        signal === null ? [] : [{ kind, required: isRequired, signal }],
      ),
    })),
    chunks: MANIFEST_CHUNKS,
    fibre: MANIFEST_FIBRE,
    planned: {
      numerator: bindings.filter(({ required }) => isCovered(required)).length,
      denominator: Math.max(1, bindings.length),
    },
  });
  if (parsed.success) return freezeDeep(parsed.data);
  const issues = parsed.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ place: path.join("/"), expected: message }));
  throw new SisasError(
    "sisas.manifest-invalid",
    `not a manifest of the grid: ${issues[0]?.place} ${issues[0]?.expected}`,
    { issues },
  );
}

type Grid = { readonly bindings: readonly z.infer<typeof ManifestBinding>[]; readonly planned: Fraction };

/** What a schema cannot say: uniqueness, fibres, cells, and the count of `planned`. */
function checkGrid({ bindings, planned }: Grid): { readonly place: string; readonly expected: string }[] {
  const issues: { place: string; expected: string }[] = [];
  const questions = new Set<string>();
  const fibres = new Map<string, { digest: string; asked: number }>();
  bindings.forEach(({ question, chunk, chunkDigest }, index) => {
    if (questions.has(question)) issues.push({ place: `bindings/${index}/question`, expected: "each question once" });
    questions.add(question);
    if (cellOf(question) !== chunk)
      issues.push({ place: `bindings/${index}/chunk`, expected: `the cell ${cellOf(question)} of ${question}` });
    const fibre = fibres.get(chunk) ?? { digest: chunkDigest, asked: 0 };
    if (fibre.digest !== chunkDigest)
      issues.push({ place: `bindings/${index}/chunkDigest`, expected: "one digest for each chunk" });
    fibres.set(chunk, { digest: fibre.digest, asked: fibre.asked + 1 });
  });
  if (fibres.size !== MANIFEST_CHUNKS)
    issues.push({ place: "bindings", expected: `${MANIFEST_CHUNKS} distinct chunks, not ${fibres.size}` });
  for (const [chunk, { asked }] of fibres) {
    if (asked !== MANIFEST_FIBRE)
      issues.push({ place: "bindings", expected: `${chunk} asked by ${MANIFEST_FIBRE} questions, not ${asked}` });
  }
  const covered = bindings.filter((binding) => binding.covered).length;
  if (planned.numerator !== covered || planned.denominator !== bindings.length)
    issues.push({ place: "planned", expected: `${covered}/${bindings.length}` });
  return issues;
}

function isCovered(required: Binding["required"]): boolean {
  return required.length > 0 && required.every(({ stage }) => stage === "fresh");
}

/** The cell that `numeric/v1` asks a question of. */
function cellOf(question: string): string {
  const cell = Math.floor((Number(question.slice(1)) - 1) / MANIFEST_FIBRE);
  const [area, dimension] = [Math.floor(cell / 6) + 1, (cell % 6) + 1];
  return `PA${String(area).padStart(2, "0")}-DIM0${dimension}`;
}
