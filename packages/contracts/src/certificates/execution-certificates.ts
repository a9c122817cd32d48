/**
 * Certificates of how tasks were executed: determinism, unchanged context, runtime contracts.
 *
 * @module
 */
import { canonicalJson, type JsonObject } from "../canonical-json.ts";
import { checkDeterminism } from "../checks/determinism.ts";
import type { ReplayedOutput } from "../checks/record.ts";
import { type Digest, digestJson } from "../digest.ts";
import { inputDigestOf } from "../plan.ts";
import { expectedReplay } from "../replay.ts";
import { compileSchema, type SchemaCheck } from "../schema-check.ts";
import type { CertifiedReading } from "./certified-run.ts";
import { type CertificateDefinition, isPolicyRun } from "./definition.ts";
import type { CertificateLedger } from "./ledger.ts";

export const CONCURRENCY_DETERMINISM: CertificateDefinition = {
  id: "CERT-02",
  name: "concurrency determinism",
  description:
    "Tasks chosen by the plan's digest were executed a second time, in another order, and gave the same bytes at the same position.",
  successCriteria: [
    "The determinism contract is satisfied.",
    "Exactly the positions that plan and snapshot choose were replayed, in an order that is not the plan's.",
    "Each replay gave the bytes that were journaled for its position.",
  ],
  failureModes: [
    "A replay gave other bytes or none.",
    "Fewer or other positions were replayed.",
    "Nothing was replayed.",
  ],
  verificationMethod:
    "The positions are derived from the plan, the determinism contract is decided again over the replay's evidence.",
  check: (run, ledger) => {
    const { plan, snapshot, verdicts } = run;
    ledger.saw("plan", run.planDigest);
    const replayed = replayedOf(run);
    const recomputed =
      replayed === undefined
        ? undefined
        : checkDeterminism({ plan, snapshot, outputs: completedOutputs(run), replayed });
    ledger.satisfied(verdicts, "determinism", recomputed);
    if (replayed === undefined) {
      ledger.lack("evidence-missing", "evidence/determinism", "what the replay gave is not in the evidence");
      return;
    }
    const order = expectedReplay(plan, snapshot);
    ledger.check(order.length > 1, "nothing-replayed", "plan", `${order.length} tasks are replayed, two at least`);
    const isMoved = order.some((position, at) => at > 0 && position < (order[at - 1] as number));
    ledger.check(isMoved, "same-order", "plan", "the replay follows the order of the plan");
  },
};

export const CONTEXT_IMMUTABILITY: CertificateDefinition = {
  id: "CERT-03",
  name: "context immutability",
  description:
    "What a task is given is the same before, in and after its execution: the plan names it, the start journals it, the operation names what it read, and the replay at the end of the run read the same.",
  successCriteria: [
    "The input digest journaled at each start is the one that the plan derives.",
    "Every output names the chunk and the signals, by digest as the operation computed it, that the plan gave to its task.",
    "Every value has the digest of its name after the run.",
    "A replay, made when all tasks were over, gave outputs that name the same digests.",
  ],
  failureModes: [
    "A start was journaled with another input.",
    "An output names a chunk or signal that its task was not given.",
    "A stored value has other bytes.",
    "Nothing was replayed after the last task.",
  ],
  verificationMethod: "All digests are computed again from plan, artifacts and outputs, and compared with the journal.",
  check: (run, ledger) => {
    if (!isPolicyRun(run, ledger)) return;
    ledger.saw("plan", run.planDigest);
    ledger.saw("registry", run.plan.registry);
    ledger.check(
      digestJson(run.snapshot) === run.plan.registry,
      "context-changed",
      "registry",
      "the snapshot is not the one that the plan names",
    );
    for (const digest of run.plan.artifacts) {
      const value = run.artifacts.get(digest);
      if (value === undefined) ledger.lack("evidence-missing", digest, "an artifact of the plan is not there");
      else ledger.check(digestJson(value) === digest, "context-changed", digest, "an artifact has other bytes");
    }
    run.tasks.forEach(({ task }, position) => {
      const { id } = task;
      ledger.check(
        run.started[position] === inputDigestOf(task),
        "input-differs",
        id,
        `task \`${id}\` was not started with the input that the plan gives it`,
      );
      checkSeen(run, position, ledger);
    });
    ledger.saw("inputs", digestJson(run.started.map((digest) => digest ?? null)));
    if (run.outputsDigest !== null) ledger.saw("outputs", run.outputsDigest);
    const replayed = replayedOf(run) ?? [];
    ledger.check(replayed.length > 0, "nothing-replayed", "evidence/determinism", "nothing was executed after the end");
    for (const { position, output } of replayed)
      ledger.check(
        output !== null && output === run.completed[position],
        "replay-differs",
        run.plan.tasks[position]?.id ?? `position ${position}`,
        "the replay did not see what the first execution saw",
      );
  },
};

export const RUNTIME_CONTRACTS: CertificateDefinition = {
  id: "CERT-05",
  name: "runtime contracts",
  description:
    "Every execution kept its operation's contract: its input before, its output after, and its limits throughout.",
  successCriteria: [
    "Every input is valid under the input schema of the task's contract.",
    "Every output is valid under the output schema of the task's contract and within its size.",
    "Every output has the digest that was journaled when the task completed.",
  ],
  failureModes: [
    "An input or output breaks its schema.",
    "An output is larger than its contract allows.",
    "A task has no output, or another than the journaled one.",
  ],
  verificationMethod: "Each schema is compiled again, and each input and output of the run is checked under it.",
  check: (run, ledger) => {
    const checks = new Map<string, { input: SchemaCheck; output: SchemaCheck } | null>();
    run.tasks.forEach(({ task, contract, input }, position) => {
      const { id } = task;
      const output = run.outputs[position];
      if (contract === undefined || input === undefined || output === undefined) {
        const what = contract === undefined ? "contract" : input === undefined ? "input" : "output";
        ledger.lack("evidence-missing", id, `the ${what} of task \`${id}\` is not there`);
        return;
      }
      ledger.saw(`contract/${contract.operation}@${contract.version}`, task.contract);
      const check = checks.get(task.contract) ?? compiled(contract.input, contract.output);
      checks.set(task.contract, check);
      if (check === null) {
        ledger.lack("contract-malformed", id, "a schema of the task's contract is no schema");
        return;
      }
      const [before] = check.input(input);
      ledger.check(before === undefined, "input-invalid", id, `\`${before?.pointer}\` ${before?.expected}`);
      const [after] = check.output(output);
      ledger.check(after === undefined, "output-invalid", id, `\`${after?.pointer}\` ${after?.expected}`);
      const text = canonicalJson(output);
      const size = Buffer.byteLength(text);
      const max = contract.termination.outputBytesMax;
      ledger.check(size <= max, "output-too-large", id, `the output has ${size} bytes, its contract allows ${max}`);
      ledger.check(
        digestJson(output) === run.completed[position],
        "output-differs",
        id,
        "the output is not the one that was journaled",
      );
    });
    if (run.outputsDigest === null) ledger.lack("evidence-missing", "outputs", "the run was sealed without outputs");
    else ledger.saw("outputs", run.outputsDigest);
  },
};

/** The digests that the operation computed of what it was handed: part of its output. */
function checkSeen(run: CertifiedReading, position: number, ledger: CertificateLedger): void {
  const task = run.plan.tasks[position];
  const output = run.outputs[position] as
    | { readonly chunkDigest?: unknown; readonly signals?: readonly { readonly signal?: unknown }[] }
    | undefined;
  if (task === undefined) return;
  if (output === undefined) {
    ledger.lack("evidence-missing", task.id, `the output of task \`${task.id}\` is not there`);
    return;
  }
  const given = new Set<unknown>(Object.values(task.inputs));
  const seen: unknown[] = [output.chunkDigest];
  if (Array.isArray(output.signals)) for (const item of output.signals) seen.push(item?.signal);
  ledger.check(
    task.inputs["chunk"] !== undefined &&
      output.chunkDigest === task.inputs["chunk"] &&
      seen.every((one) => given.has(one)),
    "context-changed",
    task.id,
    `the operation of task \`${task.id}\` read another value than the plan gives it`,
  );
}

/** What the determinism check looked at; undefined when it is not there. */
function replayedOf({ verdicts, artifacts }: CertifiedReading): ReplayedOutput[] | undefined {
  const verdict = verdicts.find(({ contract }) => contract === "determinism");
  const value = verdict === undefined ? undefined : artifacts.get(verdict.evidence);
  const rows = (value as JsonObject | null | undefined)?.["replayed"];
  if (!Array.isArray(rows)) return undefined;
  const replayed: ReplayedOutput[] = [];
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row) || !Number.isSafeInteger(row[0])) return undefined;
    replayed.push({ position: row[0] as number, output: (row[1] ?? null) as Digest | null });
  }
  return replayed;
}

function completedOutputs({ plan, completed }: CertifiedReading) {
  return plan.tasks.flatMap(({ id }, position) => {
    const digest = completed[position];
    return digest === undefined ? [] : [{ task: id, digest }];
  });
}

function compiled(input: JsonObject, output: JsonObject): { input: SchemaCheck; output: SchemaCheck } | null {
  try {
    return { input: compileSchema(input), output: compileSchema(output) };
  } catch {
    return null;
  }
}
