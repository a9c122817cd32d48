/**
 * What a command that runs a plan reports, for programs and for people.
 *
 * @module
 */
import {
  type ContractVerdict,
  type Digest,
  type Fraction,
  type GateRequest,
  type Plan,
  type Reason,
  type RunId,
  VIOLATION_NAMES,
  type ViolationName,
} from "@canonic/contracts";
import type { RunResult, Stop } from "@canonic/runner";
import { printable } from "./invocation.ts";
import { labelOf, nextCommands } from "./next-commands.ts";
import type { RunStanding } from "./pack.ts";
import type { Execution } from "./run-plan.ts";
import type { Terminal } from "./terminal.ts";

/** What a pack calls the page of its results, if it has one. */
export const REPORT_PAGE = "report.html";

export type RunReport = {
  readonly run: RunId;
  readonly about: string;
  readonly status: RunStanding;
  readonly resumed: boolean;
  readonly planDigest: Digest;
  readonly outputsDigest: Digest | null;
  readonly outputs: number;
  /** `violation` names what was violated, null where nothing was. */
  readonly contracts: readonly (Omit<ContractVerdict, "evidence"> & { readonly violation: ViolationName | null })[];
  readonly coverage: { readonly planned: Fraction; readonly consumed: Fraction } | null;
  readonly failure: {
    readonly task: string;
    readonly operation: string;
    readonly status: string;
    readonly code: string;
    readonly reasons: readonly Reason[];
  } | null;
  /** The tasks that did not run because another failed, or a person said no. */
  readonly skipped: readonly string[];
  /** What a person is asked, when the run waits for one. */
  readonly waiting: GateRequest | null;
  /** Where and why the run stands still. */
  readonly stop: Stop | null;
  /** The next commands to type; empty when nothing is left to do. */
  readonly next: readonly string[];
  readonly events: number;
  readonly verification: { readonly verdict: string; readonly reasons: readonly { readonly message: string }[] } | null;
  readonly out: string | null;
  readonly bundle: string | null;
  readonly report: string | null;
  readonly trust: string;
  /** Milliseconds spent inside operations, summed over all workers; the whole command took `durationMs`. */
  readonly operationMs: number;
  readonly durationMs: number;
};

export function reportOf(input: {
  readonly about: string;
  readonly execution: Execution;
  readonly verification: RunReport["verification"];
  /** True when the pack has a page for people among its results. */
  readonly hasPage: boolean;
  readonly out: string | null;
  readonly trust: string;
  readonly durationMs: number;
  /** The options that a resume needs again, as they are typed; ends the line. */
  readonly again: string;
}): RunReport {
  const { result, finished, coverage, resumed, operationMs } = input.execution;
  const { verification } = input;
  const out = verification?.verdict === "VALID" ? input.out : null;
  return {
    run: result.run,
    about: input.about,
    status: result.status,
    resumed,
    planDigest: finished.planDigest,
    outputsDigest: result.outputsDigest,
    outputs: result.outputs.length,
    contracts: result.verdicts.map(({ evidence: _, ...verdict }) => ({
      ...verdict,
      violation: verdict.verdict === "violated" ? VIOLATION_NAMES[verdict.contract] : null,
    })),
    coverage: coverage === null ? null : { planned: coverage.planned, consumed: coverage.consumed },
    failure: failureOf(result),
    skipped: result.skipped,
    waiting: result.waiting,
    stop: result.stop,
    next: nextOf(finished.plan, result, input.again),
    events: result.events,
    verification: verification === null ? null : { verdict: verification.verdict, reasons: verification.reasons },
    out,
    bundle: out === null ? null : `${out}/bundle`,
    report: out === null || !input.hasPage ? null : `${out}/${REPORT_PAGE}`,
    trust: input.trust,
    operationMs: Math.round(operationMs),
    durationMs: input.durationMs,
  };
}

function failureOf({ failure }: RunResult): RunReport["failure"] {
  if (failure === null) return null;
  const { task, status, code, reasons } = failure;
  return { task: task.id, operation: task.operation, status, code, reasons };
}

function nextOf(plan: Plan, { run, waiting, stop }: RunResult, again: string): string[] {
  const name = waiting?.gate ?? stop?.gate ?? null;
  const reviewDecision = plan.gates.some((gate) => gate.name === name && gate.reviewDecision);
  return nextCommands({ run, gate: name === null ? null : { name, reviewDecision }, stop: stop?.code ?? null }, again);
}

/** A screen's width of tasks; all of them are in the document, and in `canonic show`. */
const SKIPPED_MAX = 8;

function shownTasks(tasks: readonly string[]): string {
  const more = tasks.length - SKIPPED_MAX;
  return `${tasks.slice(0, SKIPPED_MAX).join(" ")}${more > 0 ? ` and ${more} more` : ""}`;
}

export function printReport(terminal: Terminal, report: RunReport): void {
  const { good, bad, strong } = terminal;
  const ok = report.status === "completed";
  terminal.line(strong(printable(report.about)));
  terminal.line(`run        ${report.run}${report.resumed ? " (resumed)" : ""}`);
  terminal.line(
    `status     ${ok ? good(report.status) : bad(report.status)}, ${report.outputs} outputs, ${report.events} events`,
  );
  terminal.line(`plan       ${report.planDigest}`);
  if (report.outputsDigest !== null) terminal.line(`outputs    ${report.outputsDigest}`);
  for (const verdict of report.contracts) {
    const shown = verdict.violation === null ? good("satisfied") : bad(verdict.violation);
    terminal.line(`  ${verdict.contract.padEnd(16)} ${shown}, ${verdict.checked} checked`);
    for (const reason of verdict.reasons.slice(0, 3)) terminal.line(printable(`    ${reason.message}`));
  }
  if (report.coverage !== null) {
    const { planned, consumed } = report.coverage;
    const fractions = `planned ${planned.numerator}/${planned.denominator}, consumed ${consumed.numerator}/${consumed.denominator}`;
    terminal.line(`coverage   ${fractions}`);
  }
  if (report.failure !== null) {
    const { task, operation, code, reasons } = report.failure;
    terminal.line(`failed at  ${task} ${operation}: ${code}; see \`canonic show ${report.run}\``);
    for (const reason of reasons.slice(0, 3)) terminal.line(printable(`    ${reason.code}: ${reason.message}`));
  }
  if (report.skipped.length > 0) terminal.line(`skipped    ${shownTasks(report.skipped)}`);
  if (report.waiting !== null) {
    terminal.line(`waiting    ${report.waiting.gate}, for a person who approves exactly this:`);
    terminal.line(`    plan   ${report.waiting.plan}`);
    terminal.line(`    pins   ${report.waiting.pins}`);
  }
  if (report.stop !== null) {
    const { code, task, gate, reasons } = report.stop;
    terminal.line(`stopped    ${bad(printable(code))} at ${task ?? gate ?? "the token"}`);
    for (const reason of reasons.slice(0, 3)) terminal.line(printable(`    ${reason.code}: ${reason.message}`));
  }
  for (const [index, command] of report.next.entries())
    terminal.line(`${labelOf(command, index).padEnd(10)} ${command}`);
  if (report.verification !== null) {
    const { verdict, reasons } = report.verification;
    terminal.line(`bundle     ${verdict === "VALID" ? good(verdict) : bad(verdict)}`);
    for (const { message } of reasons.slice(0, 5)) terminal.line(printable(`    ${message}`));
  }
  if (report.out === null) {
    if (report.next.length === 0) terminal.line("No results were written.");
    return;
  }
  terminal.line(printable(`results    ${report.out}`));
  if (report.report !== null) terminal.line(printable(`report     ${report.report}`));
  terminal.line(printable(`verify     canonic verify ${report.bundle} --trust ${report.trust}`));
  terminal.line(`took       ${(report.durationMs / 1000).toFixed(1)} s`);
}
