/**
 * Arguments against contracts, before a plan is frozen: what an operation will receive is checked as it will receive it.
 *
 * @module
 */
import { compileSchema, type Digest, type JsonObject, type JsonValue } from "@canonic/contracts";
import { assertNoFaults, type Fault } from "./errors.ts";
import type { TaskDraft } from "./freeze.ts";
import { type Target, targetOf } from "./routes.ts";

/** Every input resolved, no name given twice, and what the operation will receive valid under its contract. */
export function assertArguments(
  drafts: readonly TaskDraft[],
  targets: ReadonlyMap<string, Target>,
  artifacts: ReadonlyMap<Digest, JsonValue>,
): void {
  const checks = new Map(
    [...targets.values()].map(({ contract }) => [contract, compileSchema(contract.input as JsonObject)]),
  );
  const absent: Fault[] = [];
  const faults: Fault[] = [];
  drafts.forEach((draft, position) => {
    const parameters = draft.parameters ?? {};
    const inputs = Object.entries(draft.inputs ?? {}).map(([name, digest]) => {
      const place = `/tasks/${position}/inputs/${name}`;
      const value = artifacts.get(digest);
      if (value === undefined) absent.push({ place, message: `\`${place}\` names no artifact` });
      if (Object.hasOwn(parameters, name)) faults.push({ place, message: `\`${place}\` is also a parameter` });
      return [name, value ?? null] as const;
    });
    if (absent.length > 0) return;
    const input = inputs.length === 0 ? parameters : { ...parameters, ...Object.fromEntries(inputs) };
    for (const { pointer, expected } of checks.get(targetOf(draft.payloadType, targets).contract)?.(input) ?? []) {
      const place = `/tasks/${position}${pointer}`;
      faults.push({ place, message: `\`${place}\` ${expected}` });
    }
  });
  assertNoFaults("planner.artifacts-invalid", "an input is not there", absent);
  assertNoFaults("planner.arguments-invalid", "the arguments of a task do not satisfy its contract", faults);
}
