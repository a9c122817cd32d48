/**
 * Executes decisions: commands in, events out, until the run is sealed.
 *
 * The loop knows no order of its own. Each command appends at most one event; the event goes through `decide`; what that says
 * is done next. When nothing is left to do it waits at the host for one ended task, at one place.
 *
 * Invariants:
 *   R1. An event is appended before anything that it permits happens; for a write, EXECUTION_STARTED is durable before
 *       the operation is called. The completed event of one write and the checks of the next share one commit.
 *   R2. Results stand by position; in which order tasks end changes the order of events, and no output.
 *   R3. The first error of the journal ends the loop at once and reaches the caller unchanged: no task after it, no output.
 *   R4. No text from outside enters the journal but schema expectations and what routers and authorities say as reasons.
 *
 * @module
 */
import {
  type CoreContractResult,
  canonicalBytes,
  type Digest,
  type EventDraft,
  type Payload,
} from "@canonic/contracts";
import type { Call } from "./call.ts";
import { type Command, decide } from "./decide.ts";
import { outcomeOf } from "./outcome.ts";
import type { Run } from "./run.ts";
import { sealOf } from "./seal.ts";
import type { RunState } from "./state.ts";
import { eventOf } from "./task-event.ts";

/** Feeds `event` and then goes on until the run is sealed and the seal is durable. */
export async function drive(
  run: Run,
  before: RunState,
  event: EventDraft,
  payloads?: readonly Payload[],
): Promise<RunState> {
  const calls = new Map<number, Call>();
  let state = before;
  let head = "" as Digest;
  let commands: Command[] = [];
  let results: readonly CoreContractResult[] | null = null;

  const append = (draft: EventDraft, attached?: readonly Payload[]): void => {
    head = run.journal.append(run.id, draft, attached).leaf;
    const decision = decide(state, draft);
    state = decision.state;
    commands.push(...decision.commands);
  };

  append(event, payloads);
  for (;;) {
    while (commands.length > 0) {
      const batch = commands;
      commands = [];
      for (const command of batch) {
        switch (command.kind) {
          case "execute": {
            const call = calls.get(command.position) as Call;
            run.host.start(call, call.contract.effect === "write" ? run.journal.durable() : null);
            break;
          }
          case "verdict":
            results ??= await run.conclude();
            appendVerdict(append, results[command.index] as CoreContractResult);
            break;
          case "seal":
            append(sealOf(run, state, command.status, head));
            break;
          default:
            append(eventOf(run, command, calls));
        }
      }
    }
    if (state.phase === "sealed") break;
    const position = await run.host.next();
    const { task, contract } = calls.get(position) as Call;
    calls.delete(position);
    const execution = run.host.value(position);
    run.authority.commit(task);
    run.onTask?.({ position, operationMs: execution.operationMs });
    const outcome = outcomeOf(run, task, contract, execution);
    append(outcome.event, outcome.payloads);
    run.onProgress?.(state.ended, state.tasks.size);
  }
  await run.journal.durable();
  return state;
}

/** A verdict is journaled with what it looked at, so that the store alone can show it. */
function appendVerdict(
  append: (event: EventDraft, payloads: readonly Payload[]) => void,
  result: CoreContractResult,
): void {
  const { verdict, evidence } = result;
  append({ type: "CONTRACT_VERDICT", subject: verdict.contract, data: verdict }, [
    { digest: verdict.evidence, bytes: canonicalBytes(evidence) },
  ]);
}
