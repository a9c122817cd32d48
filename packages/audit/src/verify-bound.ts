/**
 * Bound tasks: what they took from earlier outputs, resolved again.
 *
 * Invariants:
 *   B1. A bound task was routed exactly when every pointer finds a value, and was given the digests of those values.
 *   B2. No output of a bound plan has a key that is named like a secret: a pin of it would carry it on.
 *   B3. A value that was taken from a personal output is named under the salt of that output.
 *   B4. What an output that is not in the bundle would show is left open where the output is missed.
 *
 * @module
 */
import {
  type Digest,
  digestJson,
  inputDigestOf,
  type JsonValue,
  saltedDigest,
  secretShapedKeys,
  type Task,
  valueAtPointer,
} from "@canonic/contracts";
import type { EventFacts } from "./event-facts.ts";
import { EventTruth } from "./event-truth.ts";
import type { Findings } from "./findings.ts";
import { InputChecks } from "./verify-inputs.ts";
import type { Planned } from "./verify-plan.ts";

const PIN_MISSING = "runner.pin-missing";

/** @param outputs - The values of completed tasks by position, undefined where there is none; `salts` those of personal ones. */
export function verifyBound(
  planned: Planned,
  facts: EventFacts,
  outputs: readonly (JsonValue | undefined)[],
  salts: ReadonlyMap<number, string>,
  findings: Findings,
): void {
  const { plan } = planned;
  if (plan.kind !== "bound") return;
  for (const [position, output] of outputs.entries()) {
    const [pointer] = output === undefined ? [] : secretShapedKeys(output);
    if (pointer !== undefined)
      findings.invalid(
        "pin-secret",
        plan.tasks[position]?.id ?? "",
        `\`${pointer}\` of an output is named like a secret`,
      );
  }
  const truth = new EventTruth(findings);
  const inputs = new InputChecks(planned, findings);
  for (const event of facts.bound) {
    const { place, task } = event;
    if (Object.values(task.bindings).some((binding) => outputs[binding.task] === undefined)) continue;
    const values = boundValues(task, outputs);
    const missing = Object.keys(task.bindings).filter((name) => values[name] === undefined);
    if (event.kind === "started") {
      const bound: Record<string, Digest> = {};
      for (const [name, value] of Object.entries(values)) {
        const salt = salts.get(task.bindings[name]?.task ?? -1);
        if (value !== undefined) bound[name] = salt === undefined ? digestJson(value) : saltedDigest(value, salt);
      }
      truth.agree(place, "input", event.data.input, inputDigestOf(task, bound));
      continue;
    }
    const { decision, reasons } = event.data;
    const said = reasons.filter(({ code }) => code === PIN_MISSING).map((reason) => reason.place);
    if (decision === "allow" || said.length > 0) truth.agree(place, "missing pins", said.join(), missing.join());
    if (decision === "allow" && missing.length === 0) inputs.check(task, values as Record<string, JsonValue>);
  }
}

/** What the pointers of a task's bindings find, by name. */
export function boundValues(
  { bindings }: Task,
  outputs: readonly (JsonValue | undefined)[],
): Record<string, JsonValue | undefined> {
  return Object.fromEntries(
    Object.entries(bindings).map(([name, { task, pointer }]) => [
      name,
      valueAtPointer(outputs[task] as JsonValue, pointer),
    ]),
  );
}
