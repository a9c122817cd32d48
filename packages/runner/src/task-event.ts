/**
 * Events that commands make: the checks of a task, its start, and what is said of tasks that do not run.
 *
 * @module
 */
import { domainOf, type EventDraft, inputDigestOf, methodOf, type Task } from "@canonic/contracts";
import { answerOf } from "./answer.ts";
import type { Call } from "./call.ts";
import type { Command } from "./decide.ts";
import { routingDecision } from "./routing-decision.ts";
import type { Run } from "./run.ts";

/** The event that a command about one task, or about the whole plan, makes. */
export function eventOf(run: Run, command: Command, calls: Map<number, Call>): EventDraft {
  if (command.kind === "validate") return tokenValidation(run);
  const position = "position" in command ? command.position : -1;
  const task = run.plan.tasks[position] as Task;
  const subject = task.id;
  switch (command.kind) {
    case "route":
      return routingDecision(run, task, calls);
    case "scope": {
      const { operation } = task;
      const decision = run.authority.scope(task, operation);
      const data = {
        domain: domainOf(operation),
        method: methodOf(operation),
        grant: decision.grant,
        ...answerOf(decision),
      };
      return { type: "AUTHORIZATION_SCOPE_CHECK", subject, data };
    }
    case "reserve": {
      const reservation = run.authority.reserve(task);
      const { limit, used, reserved, max } = reservation;
      return { type: "RESOURCE_LIMIT_CHECK", subject, data: { limit, used, reserved, max, ...answerOf(reservation) } };
    }
    case "begin": {
      const { contract, entitlement } = calls.get(position) as Call;
      const { idempotencyKey } = entitlement;
      const data = { effect: contract.effect, input: inputDigestOf(task), attempt: command.attempt, idempotencyKey };
      return { type: "EXECUTION_STARTED", subject, data };
    }
    case "deny":
      return { type: "EXECUTION_DENIED", subject, data: { stage: command.stage, reasons: [...command.reasons] } };
    case "skip":
      return { type: "EXECUTION_SKIPPED", subject, data: { because: (run.plan.tasks[command.because] as Task).id } };
    default:
      throw new Error(`assertion failed: ${command.kind} makes no event of a task`);
  }
}

function tokenValidation(run: Run): EventDraft {
  const decision = run.authority.validate(run.plan);
  const data = { authority: "local-operator" as const, grant: decision.grant, ...answerOf(decision) };
  return { type: "TOKEN_VALIDATION", subject: run.id, data };
}
