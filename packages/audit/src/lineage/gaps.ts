/**
 * What a run planned, was given or found, and nothing came of it.
 *
 *     task-without-output   a task of the plan gave nothing: it was denied, aborted, skipped, or not reached
 *     no-evidence           an output of the policy pipeline found no evidence; it names the search that found none
 *     chunk-uncited         a chunk has passages, and no output cites a byte of it
 *     signal-unread         a task was given a signal, and no output of a task shows that it read it
 *
 * A gap is no fault: an honest "no evidence" is one. It is where a reader should not expect an answer.
 *
 * Invariants:
 *   G1. A gap is only found where its opposite could have been: what no task was given is missed by nobody.
 *   G2. Gaps are in the order above, then by position in the plan.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";
import type { PolicyValues } from "./policy-values.ts";
import type { LineageRecord } from "./record.ts";

export interface Gap {
  readonly code: "task-without-output" | "no-evidence" | "chunk-uncited" | "signal-unread";
  readonly place: string;
  readonly message: string;
}

export function findGaps({ plan, facts }: LineageRecord, values: PolicyValues): readonly Gap[] {
  const gaveNothing = plan.tasks.filter(({ id }) => facts.tasks.get(id)?.output === undefined);
  return [
    ...gaveNothing.map(({ id, binding }) => ({
      code: "task-without-output" as const,
      place: binding?.question ?? id,
      message: `task \`${id}\` of the plan has no output`,
    })),
    ...values.outputs.flatMap((output) => (output?.status === "no_evidence" ? [noEvidence(output)] : [])),
    ...uncitedChunks(values),
    ...unreadSignals(values),
  ];
}

function noEvidence({ question, chunk }: { readonly question: string; readonly chunk: string }): Gap {
  return { code: "no-evidence", place: question, message: `${question} found no evidence in \`${chunk}\`` };
}

/** Only of a run in which something was cited, or could have been: there are outputs. */
function uncitedChunks({ chunks, outputs }: PolicyValues): Gap[] {
  const cited = new Set<Digest>();
  let given = 0;
  for (const output of outputs) {
    given += output === undefined ? 0 : 1;
    if (output !== undefined && output.evidence.length > 0) cited.add(output.chunkDigest);
  }
  if (given === 0) return [];
  return [...chunks].flatMap(([digest, chunk]) =>
    chunk.kind === "found" && !cited.has(digest)
      ? [
          {
            code: "chunk-uncited" as const,
            place: chunk.id,
            message: `chunk \`${chunk.id}\` holds ${chunk.passages.length} passages, and no output cites one`,
          },
        ]
      : [],
  );
}

function unreadSignals({ signals, outputs }: PolicyValues): Gap[] {
  const read = new Set<Digest>();
  let given = 0;
  for (const output of outputs) {
    given += output === undefined ? 0 : 1;
    for (const { signal } of output?.signals ?? []) read.add(signal);
  }
  if (given === 0) return [];
  return [...signals].flatMap(([digest, { chunk, kind }]) =>
    read.has(digest)
      ? []
      : [
          {
            code: "signal-unread" as const,
            place: `${chunk}/${kind}`,
            message: `the ${kind} signal of \`${chunk}\` was given to a task, and no output read it`,
          },
        ],
  );
}
