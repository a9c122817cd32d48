/**
 * The core contracts of a run, decided again from the evidence in the bundle.
 *
 * A verdict that was journaled is a claim. What it looked at is rebuilt here from plan, registry, outputs, artifacts and
 * document, and the check is made again. The replay itself cannot be: which positions it took is recomputed, what it found
 * is read from its evidence.
 *
 * Invariants:
 *   R1. A verdict that is not the one recomputed is false, whichever way it differs.
 *   R2. What cannot be recomputed for want of evidence is left open, never taken as satisfied.
 *
 * @module
 */
import {
  Chunk,
  type ContractVerdict,
  Coverage,
  canonicalJson,
  checkCoreContracts,
  type Digest,
  digestBytes,
  type JsonValue,
  Output,
  type PolicyRecord,
  type RecordedOutput,
  type ReplayedOutput,
  type RunRecord,
} from "@canonic/contracts";
import { artifactPath, DOCUMENT, OUTPUTS } from "./bundle-layout.ts";
import type { EventFacts } from "./event-facts.ts";
import type { Findings } from "./findings.ts";
import { lacksArtifacts, type Planned } from "./verify-plan.ts";

/** So many places are named in one reason, at most. */
const NAMED_MAX = 5;

/** What the checks are made of; `document` is undefined when the bundle holds none. */
export interface Evidence {
  readonly planned: Planned;
  readonly facts: EventFacts;
  readonly outputs: readonly (JsonValue | undefined)[];
  readonly document: Uint8Array | undefined;
}

export function verifyContracts({ planned, facts, outputs, document }: Evidence, findings: Findings): void {
  const { plan, snapshot, artifacts } = planned;
  const status = facts.seal?.status;
  if ((status !== "completed" && status !== "violated") || facts.verdicts.length === 0 || snapshot === undefined)
    return;
  const evidence = new Map(facts.verdicts.map((verdict) => [verdict.contract, artifacts.get(verdict.evidence)]));
  const replayed = evidence.has("determinism") ? replayedOf(evidence.get("determinism")) : [];
  const policy = plan.tasks.some(({ binding }) => binding !== null)
    ? policyOf(planned, document, evidence, outputs, findings)
    : undefined;
  const recorded: RecordedOutput[] = [];
  for (const { id, position } of plan.tasks) {
    const digest = facts.completed[position]?.output;
    if (digest !== undefined) recorded.push({ task: id, digest });
  }
  const record: RunRecord = {
    plan,
    snapshot,
    outputs: recorded,
    replayed: replayed ?? [],
    ...(policy ? { policy } : {}),
  };
  const absent = absentEvidence({ planned, facts, outputs, document }, replayed, policy);
  const recomputed = new Map(checkCoreContracts(record).map(({ verdict }) => [verdict.contract, verdict]));
  for (const said of facts.verdicts) {
    const place = `contract ${said.contract}`;
    const is = recomputed.get(said.contract);
    const lacking = absent.get(said.contract);
    if (lacking !== undefined) {
      const named = lacking.slice(0, NAMED_MAX).join(", ");
      const more = lacking.length > NAMED_MAX ? ` and ${lacking.length - NAMED_MAX} more` : "";
      const message = `the ${said.contract} contract cannot be decided again without ${named}${more}`;
      findings.open("contract-open", place, message);
    } else if (is === undefined || !agrees(said, is)) {
      findings.invalid(
        "contract-untrue",
        place,
        `the ${said.contract} contract is journaled as ${summary(said)}; decided again it is ${is === undefined ? "not expected" : summary(is)}`,
      );
    }
  }
}

/** The policy half of the record; undefined when something of it is missing or malformed. */
function policyOf(
  planned: Planned,
  text: Uint8Array | undefined,
  evidence: ReadonlyMap<string, JsonValue | undefined>,
  outputs: readonly (JsonValue | undefined)[],
  findings: Findings,
): PolicyRecord | undefined {
  const { plan, artifacts, redacted } = planned;
  const values: Output[] = [];
  outputs.forEach((output, position) => {
    const parsed = Output.safeParse(output);
    if (parsed.success) values.push(parsed.data);
    else if (output !== undefined)
      findings.invalid(
        "output-invalid",
        `${OUTPUTS}:${position + 1}`,
        "the output of a policy task is not of `canonic/output/v1`",
      );
  });
  const chunks = new Map<Digest, Chunk>();
  for (const task of plan.tasks) {
    const digest = task.binding?.chunkDigest;
    if (digest === undefined || chunks.has(digest)) continue;
    const parsed = Chunk.safeParse(artifacts.get(digest));
    if (parsed.success) chunks.set(digest, parsed.data);
    else if (!redacted.has(digest))
      findings.invalid("chunk-missing", task.id, `the chunk of \`${task.id}\` is not among the artifacts`);
  }
  if (text === undefined || lacksArtifacts(planned) || values.length !== plan.tasks.length) return undefined;
  const coverage = Coverage.safeParse(evidence.get("signal-coverage"));
  return { text, chunks, values, artifacts, coverage: coverage.success ? coverage.data : NO_COVERAGE };
}

/** The contracts that cannot be decided again, and the evidence of each that is not in the bundle, or not to be read. */
function absentEvidence(
  { planned, facts, outputs, document }: Evidence,
  replayed: readonly ReplayedOutput[] | undefined,
  policy: PolicyRecord | undefined,
): ReadonlyMap<string, readonly string[]> {
  const { plan, artifacts, redacted } = planned;
  const absent = new Map<string, readonly string[]>();
  const verdictOf = (name: string) => facts.verdicts.find(({ contract }) => contract === name);
  const evidenceOf = (name: string) => artifactPath(verdictOf(name)?.evidence ?? digestBytes(""));
  if (replayed === undefined) absent.set("determinism", [evidenceOf("determinism")]);
  if (!plan.tasks.some(({ binding }) => binding !== null)) return absent;
  const lacking =
    policy !== undefined
      ? []
      : [
          ...(document === undefined ? [DOCUMENT] : []),
          ...plan.artifacts.filter((digest) => redacted.has(digest) && !artifacts.has(digest)).map(artifactPath),
          ...plan.tasks.flatMap((_, at) =>
            Output.safeParse(outputs[at]).success ? [] : [`line ${at + 1} of ${OUTPUTS}`],
          ),
        ];
  if (policy === undefined) absent.set("provenance", lacking);
  const coverage = artifacts.get(verdictOf("signal-coverage")?.evidence ?? digestBytes(""));
  const isCounted = Coverage.safeParse(coverage).success;
  if (policy === undefined || !isCounted)
    absent.set("signal-coverage", [...(isCounted ? [] : [evidenceOf("signal-coverage")]), ...lacking]);
  return absent;
}

/** The comparison of a replay, as the determinism check's evidence states it. */
function replayedOf(evidence: JsonValue | undefined): ReplayedOutput[] | undefined {
  const rows = (evidence as { readonly replayed?: unknown } | null | undefined)?.replayed;
  if (!Array.isArray(rows)) return undefined;
  const replayed: ReplayedOutput[] = [];
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row) || row.length !== 2 || !Number.isSafeInteger(row[0])) return undefined;
    replayed.push({ position: row[0] as number, output: row[1] as Digest | null });
  }
  return replayed;
}

function agrees(said: ContractVerdict, is: ContractVerdict): boolean {
  return canonicalJson(said as JsonValue) === canonicalJson(is as JsonValue);
}

function summary({ verdict, checked, violations, evidence }: ContractVerdict): string {
  return `${verdict} (${checked} checked, ${violations} violated, evidence ${evidence})`;
}

/** Stands in where coverage is open anyway; it is never compared. */
const NO_COVERAGE: Coverage = {
  schema: "canonic/coverage/v1",
  denominator: digestBytes(""),
  planned: { numerator: 0, denominator: 1 },
  consumed: { numerator: 0, denominator: 1 },
  minimumByArea: { planned: { numerator: 0, denominator: 1 }, consumed: { numerator: 0, denominator: 1 } },
  minimumByDimension: { planned: { numerator: 0, denominator: 1 }, consumed: { numerator: 0, denominator: 1 } },
  funnel: { declared: 0, wired: 0, emitted: 0, valid: 0, fresh: 0, consumed: 0, decisive: null },
  gaps: [],
};
