/**
 * The words of the grammar that are about one task or one gate.
 *
 * @module
 */
import { inputDigestOf, type OperationContract, type RunEvent } from "@canonic/contracts";
import type { Facts, Stage } from "./grammar-facts.ts";

/** Reads a word of a task; null when it may stand here. */
export function taskFault(facts: Facts, event: RunEvent): string | null {
  const { plan, contracts } = facts.reading;
  const task = plan.tasks.find(({ id }) => id === event.subject);
  if (task === undefined) return "its subject is no task";
  const { position } = task;
  const stage = facts.stages.get(position) ?? "route";
  const go = (due: Stage, next: Stage): string | null => {
    if (stage !== due) return `due is ${stage}`;
    facts.stages.set(position, next);
    return null;
  };
  const check = (
    data: { decision: string; reasons: unknown },
    due: Stage,
    next: Stage,
    name: string,
  ): string | null => {
    if (data.decision === "allow") return go(due, next);
    facts.refusal = { stage: name, reasons: JSON.stringify(data.reasons) };
    return go(due, "deny");
  };
  const rechecks = plan.rechecks.filter(({ before }) => before === position);
  const contract = contracts.get(task.operation) as OperationContract;
  switch (event.type) {
    case "ROUTING_DECISION": {
      const begins = facts.mayBegin(position);
      if (begins !== null) return begins;
      facts.drifts.set(position, 0);
      return check(event.data, "route", "scope", "routing");
    }
    case "AUTHORIZATION_SCOPE_CHECK":
      return check(event.data, "scope", rechecks.length > 0 ? "drift" : "limit", "scope");
    case "DRIFT_CHECK": {
      const done = facts.drifts.get(position) ?? 0;
      const due = rechecks[done];
      if (due === undefined) return "there is no such recheck";
      if (event.data.of !== plan.tasks[due.task]?.id) return `the recheck of task ${due.task} is due`;
      if (event.data.expected !== facts.outputs.get(due.task))
        return "it expects another output than the journaled one";
      const isSame = event.data.found === event.data.expected;
      if (isSame !== (event.data.decision === "allow")) return "it decides against what it found";
      facts.drifts.set(position, done + 1);
      return check(event.data, "drift", done + 1 === rechecks.length ? "limit" : "drift", "drift");
    }
    case "RESOURCE_LIMIT_CHECK": {
      const names = event.data.limits.map(({ limit }) => limit).join();
      if (names !== "invocations,tokens-per-response,tokens-total,frequency") return "its limits are in another order";
      const needs = event.data.limits.map(({ need }) => need);
      const tokens = contract.tokensMax ?? 0;
      if (needs.join() !== [1, tokens, tokens, 1].join()) return `it asks for ${needs.join()}`;
      return check(event.data, "limit", "start", "limit");
    }
    case "EXECUTION_STARTED": {
      const attempt = (facts.attempts.get(position) ?? 0) + 1;
      facts.attempts.set(position, attempt);
      facts.doubtful.add(position);
      if (event.data.attempt !== attempt) return `attempt ${attempt} is due`;
      if (event.data.effect !== contract.effect) return "its effect is not the contract's";
      const bound = facts.boundOf(task);
      if (bound === null || event.data.input !== inputDigestOf(task, bound)) return "its input is another";
      const key = contract.effect === "write" ? `${event.run}/${task.id}` : null;
      if (event.data.idempotencyKey !== key) return "its idempotency key is another";
      return go("start", "outcome");
    }
    case "BOUNDARY_VIOLATION":
      return go("outcome", "abort");
    case "OPERATION_ABORTED": {
      const isBoundary = event.data.code === "runner.boundary-violation";
      if (isBoundary !== (stage === "abort")) return "a boundary violation and its abort come together";
      const mode = event.data.reasons.find(({ code }) => code === "runner.failure-mode");
      facts.fail(position, "failed", mode?.place ?? event.data.code);
      facts.doubtful.delete(position);
      return go(stage === "abort" ? "abort" : "outcome", "ended");
    }
    case "EXECUTION_COMPLETED":
      facts.outputs.set(position, event.data.output);
      facts.doubtful.delete(position);
      if (event.data.tokens > (contract.tokensMax ?? 0)) return "it cost more tokens than its contract states";
      return go("outcome", "ended");
    default:
      return "it is no word of a task";
  }
}

/** Reads a word of a gate; null when it may stand here. */
export function gateFault(
  facts: Facts,
  event: Extract<RunEvent, { type: "APPROVAL_REQUESTED" | "APPROVAL_RECORDED" }>,
): string | null {
  const { plan } = facts.reading;
  const gate = plan.gates.find(({ name }) => name === event.data.gate);
  if (gate === undefined) return "the plan has no such gate";
  if (event.data.plan !== facts.reading.planDigest) return "it is about another plan";
  if (event.data.pins !== facts.pins()) return "it is about other pins";
  for (const position of plan.groups.slice(0, gate.before).flat())
    if (!facts.outputs.has(position)) return `task ${position} before the gate has not completed`;
  for (const position of plan.groups.slice(gate.before).flat())
    if (facts.attempts.has(position)) return `task ${position} behind the gate has begun`;
  if (event.type === "APPROVAL_REQUESTED") {
    if (facts.requested.has(gate.name)) return "a gate asks once";
    facts.requested.add(gate.name);
    return event.data.reviewDecision === gate.reviewDecision ? null : "it asks for another decision";
  }
  if (!facts.requested.has(gate.name)) return "the gate has not asked";
  if (facts.approved.has(gate.name)) return "the gate is open already";
  if (facts.approvals.has(event.data.approval)) return "the approval was used before";
  facts.approvals.add(event.data.approval);
  if (event.data.decision === "reject") facts.rejectedBy = gate.name;
  else facts.approved.add(gate.name);
  if (event.data.decision === "approve" && gate.reviewDecision && event.data.reviewDecision === null)
    return "it names no review decision";
  return null;
}
