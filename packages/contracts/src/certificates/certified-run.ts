/**
 * What certificates are computed from: the values of one sealed run, read and parsed once.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "../canonical-json.ts";
import { Chunk } from "../chunk.ts";
import type { Digest } from "../digest.ts";
import type { RunStatus } from "../event.ts";
import type { RunId } from "../ids.ts";
import type { OperationContract } from "../operation-contract.ts";
import type { Plan, Task } from "../plan.ts";
import { Question } from "../question.ts";
import { contractDigestOf, type RegistrySnapshot } from "../registry-snapshot.ts";
import type { Timestamp } from "../timestamp.ts";
import type { ContractVerdict } from "../verdict.ts";
import { ExecutionEnvironment } from "./environment.ts";

/**
 * A sealed run, from its journal and its payloads. Lists go by position of the task; what is not there is undefined.
 * `artifacts` are those of the plan, what the verdicts looked at, and the environments, each under its digest.
 */
export type CertifiedRun = {
  readonly run: RunId;
  readonly planDigest: Digest;
  readonly plan: Plan;
  readonly snapshot: RegistrySnapshot;
  readonly status: RunStatus;
  readonly sealedAt: Timestamp;
  readonly outputsDigest: Digest | null;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly outputs: readonly (JsonValue | undefined)[];
  /** What each task was given at its last start. */
  readonly started: readonly (Digest | undefined)[];
  readonly completed: readonly (Digest | undefined)[];
  readonly verdicts: readonly ContractVerdict[];
  /** One for each session of the run; null where the journal names none. */
  readonly environments: readonly (Digest | null)[];
  /** Payloads of which the log says that they were removed. */
  readonly redacted?: ReadonlySet<Digest>;
};

/** A task with what it was given, as far as it is there. */
export type CertifiedTask = {
  readonly task: Task;
  readonly contract: OperationContract | undefined;
  readonly question: Question | undefined;
  readonly chunk: Chunk | undefined;
  /** Parameters and inputs together; undefined when an input is not there or comes from another task. */
  readonly input: JsonObject | undefined;
};

export type CertifiedSession = { readonly digest: Digest; readonly environment: ExecutionEnvironment | undefined };

/** A run, read. */
export type CertifiedReading = CertifiedRun & {
  readonly tasks: readonly CertifiedTask[];
  readonly sessions: readonly (CertifiedSession | undefined)[];
  readonly isPolicy: boolean;
};

/** Reads what the checks share; each artifact is parsed once. */
export function readCertifiedRun(run: CertifiedRun): CertifiedReading {
  const { plan, snapshot, artifacts } = run;
  const contracts = new Map(snapshot.operations.map((contract) => [contractDigestOf(contract), contract]));
  const questionOf = readOnce((value) => Question.safeParse(value).data);
  const chunkOf = readOnce((value) => Chunk.safeParse(value).data);
  const artifactOf = (digest: Digest | undefined) => (digest === undefined ? undefined : artifacts.get(digest));
  const tasks = plan.tasks.map((task): CertifiedTask => {
    const { question, chunk } = task.inputs;
    return {
      task,
      contract: contracts.get(task.contract),
      question: questionOf(question, artifactOf(question)),
      chunk: chunkOf(chunk, artifactOf(chunk)),
      input: inputOf(task, artifacts),
    };
  });
  const sessions = run.environments.map((digest): CertifiedSession | undefined =>
    digest === null ? undefined : { digest, environment: ExecutionEnvironment.safeParse(artifactOf(digest)).data },
  );
  return { ...run, tasks, sessions, isPolicy: plan.tasks.some(({ binding }) => binding !== null) };
}

function readOnce<Value>(read: (value: JsonValue | undefined) => Value | undefined) {
  const known = new Map<Digest, Value | undefined>();
  return (digest: Digest | undefined, value: JsonValue | undefined): Value | undefined => {
    if (digest === undefined) return undefined;
    if (!known.has(digest)) known.set(digest, read(value));
    return known.get(digest);
  };
}

function inputOf(task: Task, artifacts: ReadonlyMap<Digest, JsonValue>): JsonObject | undefined {
  if (Object.keys(task.bindings).length > 0) return undefined;
  const input: Record<string, JsonValue> = { ...(task.parameters as JsonObject) };
  for (const [name, digest] of Object.entries(task.inputs)) {
    const value = artifacts.get(digest);
    if (value === undefined) return undefined;
    input[name] = value;
  }
  return input;
}
