/**
 * Personal values of a run: what is journaled of them, and what operations get.
 *
 * A task receives and gives plain values. What enters the log in their place, wherever a digest of one would, is the digest
 * of an envelope (`salted-payload.ts` of contracts).
 *
 * Invariants:
 *   V1. No event names the digest of a personal value itself: outputs, the outputs together, rechecks, replays, bound values
 *       and what was thrown all go through here.
 *   V2. Without salts, a plan with personal values does not begin and does not go on.
 *   V3. The key is not here: salts come from a port, by what they are for.
 *   V4. What is bound to a personal output has the salt of that output, so that who has its envelope can compute it.
 *
 * @module
 */
import {
  canonicalJson,
  type Digest,
  digestBytes,
  isPersonal,
  type JsonObject,
  type JsonValue,
  type OperationContract,
  openSalted,
  type Plan,
  parseCanonicalJson,
  type RegistrySnapshot,
  type SaltContext,
  type Salts,
  saltedDigest,
  saltedText,
  type Task,
} from "@canonic/contracts";
import { RunnerError } from "./errors.ts";
import type { PlanFault } from "./plan-faults.ts";
import type { Artifacts } from "./ports.ts";
import { contractsOf } from "./snapshot-contracts.ts";

export interface SaltedValues {
  /** The text that is journaled for an output: the envelope's of a personal one, its own of any other. */
  textOf(task: Task, output: string): string;
  /** The digest that an input digest takes for a value bound to this output of `from`. */
  boundDigestOf(from: Task, output: string, value: JsonValue): Digest;
  /** The digest of what was thrown; of an operation with personal values, one that nobody can find by trying. */
  failureOf(task: Task, failure: Digest | null): Digest | null;
}

/**
 * The personal values of a plan.
 *
 * @throws {RunnerError} `runner.salts-missing` when there are some and no salts (V2).
 */
export function saltedValues(
  plan: Plan,
  planDigest: Digest,
  snapshot: RegistrySnapshot,
  salts: Salts | undefined,
): SaltedValues {
  const contractOf = contractsOf(snapshot);
  const personal = plan.tasks.find((task) => contractOf(task)?.personal !== undefined);
  if (personal !== undefined && salts === undefined) {
    const message = `task \`${personal.id}\` has personal values, and there are no salts for them`;
    throw new RunnerError("runner.salts-missing", message, { task: personal.id });
  }
  const saltOf = (purpose: Exclude<SaltContext["purpose"], "input">, { id }: Task, value: Digest): string =>
    (salts as Salts).saltOf({ purpose, plan: planDigest, task: id }, value);
  const isPlain = (task: Task): boolean => !isPersonal(contractOf(task), "output");
  return {
    textOf: (task, output) =>
      isPlain(task) ? output : saltedText(JSON.parse(output) as JsonValue, saltOf("output", task, digestBytes(output))),
    boundDigestOf: (from, output, value) =>
      isPlain(from)
        ? digestBytes(canonicalJson(value))
        : saltedDigest(value, saltOf("output", from, digestBytes(output))),
    failureOf: (task, failure) =>
      failure === null || contractOf(task)?.personal === undefined
        ? failure
        : (`sha256:${saltOf("failure", task, failure)}` as Digest),
  };
}

/** The value that an artifact stands for among the inputs of an operation. */
export function inputValueOf(contract: OperationContract, artifact: JsonValue): JsonValue {
  return isPersonal(contract, "input") ? (openSalted(artifact)?.value as JsonValue) : artifact;
}

/** The text of an output from what was journaled for it; undefined when a personal one has no envelope. */
export function outputTextOf(contract: OperationContract | undefined, journaled: string): string | undefined {
  if (!isPersonal(contract, "output")) return journaled;
  const envelope = openSalted(parseCanonicalJson(journaled));
  return envelope === undefined ? undefined : canonicalJson(envelope.value);
}

/** What would bring a personal value into the log unsalted: parameters, plain artifacts, records of questions and chunks. */
export function personalFaults(plan: Plan, snapshot: RegistrySnapshot, artifacts: Artifacts): PlanFault[] {
  const contractOf = contractsOf(snapshot);
  return plan.tasks.flatMap((task, index): PlanFault[] => {
    const contract = contractOf(task);
    const at = `/tasks/${index}`;
    if (contract?.personal !== undefined && task.binding !== null)
      return [{ pointer: `${at}/binding`, expected: "null, for an operation with personal values" }];
    if (!isPersonal(contract, "input")) return [];
    const faults: PlanFault[] = [];
    if (Object.keys(task.parameters as JsonObject).length > 0)
      faults.push({ pointer: `${at}/parameters`, expected: "none, for an operation whose input is personal" });
    for (const [name, digest] of Object.entries(task.inputs)) {
      if (openSalted(artifacts.get(digest)) === undefined)
        faults.push({ pointer: `${at}/inputs/${name}`, expected: "a salted payload, for the input is personal" });
    }
    return faults;
  });
}
