/**
 * Executes decisions: commands in, events out, until the run is sealed or stands still.
 *
 * The loop knows no order of its own. Each command appends at most one event; the event goes through `decide`; what that says
 * is done next. When nothing is left to do it waits at the host for one ended task, at one place.
 *
 * Invariants:
 *   R1. An event is appended before anything that it permits happens; for a write, EXECUTION_STARTED is durable before
 *       the operation is called. The completed event of one write and the checks of the next share one commit.
 *   R2. Results stand by position; in which order tasks end changes the order of events, and no output.
 *   R3. The first error of the journal ends the loop at once and reaches the caller unchanged: no task after it, no output.
 *   R4. No text from outside enters the journal but schema expectations, names of keys, and what routers and authorities say
 *       as reasons.
 *
 * @module
 */
import { type CoreContractResult, canonicalBytes, type Digest, type GateRequest } from "@canonic/contracts";
import { isPending } from "./answer.ts";
import type { Call } from "./call.ts";
import type { Standing } from "./compose-run.ts";
import { type Command, decide } from "./decide.ts";
import { approvalRequested, askGate } from "./gate.ts";
import { outcomeOf } from "./outcome.ts";
import type { Execution } from "./ports.ts";
import { driftCheck } from "./recheck.ts";
import type { Run } from "./run.ts";
import type { Stop } from "./run-ports.ts";
import { sealOf } from "./seal.ts";
import { attemptAt, type RunState } from "./state.ts";
import { stopOf, taskStopOf } from "./stop.ts";
import { eventOf, type Made } from "./task-event.ts";

/** Feeds `first` and then goes on until the run is sealed, stopped or waiting, and that is durable. */
export async function drive(run: Run, before: RunState, first: Made): Promise<Standing> {
  const calls = new Map<number, Call>();
  let state = before;
  let head = "" as Digest;
  let commands: Command[] = [];
  let results: readonly CoreContractResult[] | null = null;
  let waiting: GateRequest | null = null;
  let stop: Stop | null = null;

  const append = ({ event, payloads }: Made): void => {
    head = run.journal.append(run.id, event, payloads).leaf;
    const decision = decide(state, event);
    state = decision.state;
    commands.push(...decision.commands);
  };
  /** Tasks that ended while a recheck was waited for. */
  const early: number[] = [];
  const endOf = async (wanted: number): Promise<Execution> => {
    for (;;) {
      const position = await run.host.next();
      if (position === wanted) return run.host.value(position);
      early.push(position);
    }
  };

  append(first);
  for (;;) {
    while (commands.length > 0) {
      const batch = commands;
      commands = [];
      for (const command of batch) {
        switch (command.kind) {
          case "execute": {
            const call = calls.get(command.position) as Call;
            run.host.start(approvedCall(call, state), call.contract.effect === "write" ? run.journal.durable() : null);
            break;
          }
          case "recheck":
            append({ event: await driftCheck(run, command, endOf) });
            break;
          case "request":
            append({ event: approvalRequested(run, state, command.gate) });
            break;
          case "ask": {
            const asked = await askGate(run, state, command.gate);
            if (asked.kind === "waiting") waiting = asked.request;
            else append(asked.made);
            if (asked.kind === "stopped") stop = asked.stop;
            break;
          }
          case "stop":
            stop = taskStopOf(state);
            append(stopOf(run, state, stop));
            break;
          case "verdict":
            results ??= await run.conclude();
            append(verdictOf(results[command.index] as CoreContractResult));
            break;
          case "seal":
            append({ event: sealOf(run.id, state, command.status, head, () => journaledTexts(run)) });
            break;
          default: {
            const made = eventOf(run, command, calls);
            append(isPending(made) ? await made : made);
          }
        }
      }
    }
    if (state.phase === "sealed" || state.phase === "stopped" || waiting !== null) break;
    const position = early.shift() ?? (await run.host.next());
    const { task, contract } = calls.get(position) as Call;
    calls.delete(position);
    const execution = run.host.value(position);
    const { events, payloads, tokens } = outcomeOf(run, task, contract, execution);
    const committed = run.authority.commit(task, attemptAt(state, position), tokens);
    if (isPending(committed)) await committed;
    run.onTask?.({ position, operationMs: execution.operationMs });
    for (const event of events) append({ event, payloads });
    run.onProgress?.(state.ended, state.tasks.size);
  }
  await run.journal.durable();
  return { state, waiting, stop };
}

/** A write behind a gate is told what was said there; groups being barriers, that is the last approval on record. */
function approvedCall(call: Call, { approvals }: RunState): Call {
  const approval = call.contract.effect === "write" ? approvals.at(-1) : undefined;
  return approval === undefined ? call : { ...call, entitlement: { ...call.entitlement, approval } };
}

/** Every output as it is journaled, by position. */
function journaledTexts({ plan, outputs, salted }: Run): string[] {
  return plan.tasks.map((task, position) => salted.textOf(task, outputs[position] as string));
}

/** A verdict is journaled with what it looked at, so that the store alone can show it. */
function verdictOf({ verdict, evidence }: CoreContractResult): Made {
  return {
    event: { type: "CONTRACT_VERDICT", subject: verdict.contract, data: verdict },
    payloads: [{ digest: verdict.evidence, bytes: canonicalBytes(evidence) }],
  };
}
