/**
 * Stops in the grammar: a failure that a plan lets stop, and an approval that was refused.
 *
 * @module
 */
import type { EventData, GateName, RunEvent, TaskId } from "@canonic/contracts";
import type { Findings } from "./findings.ts";
import type { GrammarFaults } from "./grammar-faults.ts";

type Stopped = Extract<RunEvent, { type: "RUN_STOPPED" }>;

export class StopGrammar {
  readonly #findings: Findings;
  readonly #faults: GrammarFaults;
  #due: { readonly task: TaskId; readonly code: string } | null = null;
  #last: EventData<"RUN_STOPPED"> | null = null;

  constructor(findings: Findings, faults: GrammarFaults) {
    this.#findings = findings;
    this.#faults = faults;
  }

  /** True when a task failed and RUN_STOPPED has not said so. */
  get isDue(): boolean {
    return this.#due !== null;
  }

  get last(): EventData<"RUN_STOPPED"> | null {
    return this.#last;
  }

  failed(task: TaskId, code: string): void {
    this.#due ??= { task, code: code.slice(0, 128) };
  }

  stopped(
    place: string,
    event: Stopped,
    { waitingAt, inFlight }: { readonly waitingAt: GateName | null; readonly inFlight: number },
  ): void {
    const { task, gate, code } = event.data;
    this.#last = event.data;
    if (this.#due === null) {
      const isAtGate = waitingAt !== null && gate === waitingAt && task === null;
      if (!isAtGate) this.#faults.extra(place, event, "although no task failed and no such gate waits");
      else if (!code.startsWith("authority.")) this.#wrong(place, code);
      return;
    }
    if (task !== this.#due.task || gate !== null || code !== this.#due.code) this.#wrong(place, code);
    if (inFlight > 0) this.#faults.reordered(place, event, "while tasks are in flight");
  }

  /** What failed begins again, also when a crash came before RUN_STOPPED. */
  resumed(): void {
    this.#due = null;
  }

  #wrong(place: string, code: string): void {
    this.#findings.invalid("stop-wrong", place, `RUN_STOPPED with \`${code}\` does not say what stopped the run`);
  }
}
