/**
 * Events that commands make: the checks of a task, its start, and what is said of tasks that do not run.
 *
 * @module
 */
import { domainOf, type EventDraft, methodOf, type Payload, type Task, type TaskId } from "@canonic/contracts";
import { answerOf, isPending, whenAnswered } from "./answer.ts";
import type { Call } from "./call.ts";
import type { Command } from "./decide.ts";
import { startedInputOf } from "./pins.ts";
import type { Answer, Authority } from "./ports.ts";
import { routingDecision } from "./routing-decision.ts";
import type { Run, Spent } from "./run.ts";

/** An event with the payloads that it names. */
export type Made = { readonly event: EventDraft; readonly payloads?: readonly Payload[] };

/** The commands about one task, or about the whole plan, that make an event from what is known or what authority answers. */
export type EventCommand = Extract<
  Command,
  { kind: "validate" | "route" | "scope" | "reserve" | "begin" | "deny" | "skip" }
>;

/** The event that a command makes; at once when authority answers at once. */
export function eventOf(run: Run, command: EventCommand, calls: Map<number, Call>): Answer<Made> {
  if (command.kind === "validate") return tokenValidation(run);
  const { position } = command;
  const task = run.plan.tasks[position] as Task;
  const subject = task.id;
  switch (command.kind) {
    case "route":
      return routingDecision(run, task, calls);
    case "scope":
      return scopeCheck(run, calls.get(position) as Call);
    case "reserve":
      return limitCheck(run, calls.get(position) as Call, command.attempt);
    case "begin": {
      const { contract, entitlement, input } = calls.get(position) as Call;
      const { idempotencyKey } = entitlement;
      const { attempt } = command;
      const data = { effect: contract.effect, input: startedInputOf(run, task, input), attempt, idempotencyKey };
      return { event: { type: "EXECUTION_STARTED", subject, data } };
    }
    case "deny": {
      const data = { stage: command.stage, reasons: [...command.reasons] };
      return { event: { type: "EXECUTION_DENIED", subject, data } };
    }
    case "skip":
      return { event: { type: "EXECUTION_SKIPPED", subject, data: { because: command.because as TaskId } } };
  }
}

/** Once the token is valid, every attempt that the journal shows as begun under it is spent again. */
function tokenValidation(run: Run): Answer<Made> {
  return whenAnswered(run.authority.validate(run.plan, run.id), (decision): Answer<Made> => {
    const { token, claims, user, trigger } = decision;
    const data = { token, claims: claims?.digest ?? null, user, trigger, ...answerOf(decision) };
    const made: Made = {
      event: { type: "TOKEN_VALIDATION", subject: run.id, data },
      payloads: claims === null ? [] : [claims],
    };
    const spent = decision.kind === "allow" ? run.spent.filter((one) => one.token === token) : [];
    return spent.length > 0 ? spendAgain(run.authority, spent).then(() => made) : made;
  });
}

async function spendAgain(authority: Authority, spent: readonly Spent[]): Promise<void> {
  for (const { task, contract, attempt, tokens } of spent) {
    await settled(authority.reserve(task, contract, attempt));
    await settled(authority.commit(task, attempt, tokens));
  }
}

/** Nothing to wait for when the answer is there. */
function settled(answer: Answer<unknown>): Promise<unknown> | undefined {
  return isPending(answer) ? answer : undefined;
}

function scopeCheck({ authority }: Run, { task, contract }: Call): Answer<Made> {
  return whenAnswered(authority.scope(task, contract), (decision): Made => {
    const { token, policySet, policies } = decision;
    const data = {
      domain: domainOf(task.operation),
      method: methodOf(task.operation),
      token,
      policySet,
      policies: [...policies],
      ...answerOf(decision),
    };
    return { event: { type: "AUTHORIZATION_SCOPE_CHECK", subject: task.id, data } };
  });
}

function limitCheck({ authority }: Run, { task, contract }: Call, attempt: number): Answer<Made> {
  return whenAnswered(authority.reserve(task, contract, attempt), (reservation): Made => {
    const { token, limits } = reservation;
    const data = { token, limits: limits.map((use) => ({ ...use })), ...answerOf(reservation) };
    return { event: { type: "RESOURCE_LIMIT_CHECK", subject: task.id, data } };
  });
}
