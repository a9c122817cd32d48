/**
 * One bound plan with all that such a plan can have: two gates, a recheck, bindings, and four tasks in four groups.
 *
 * @module
 */
import {
  type EventData,
  type JsonObject,
  type Operation,
  type Plan,
  parseCanonicalJson,
  type RunEvent,
} from "@canonic/contracts";
import { contractOf } from "./contract-of.ts";
import { type MemoryJournal, type World, worldOf } from "./kit.ts";

/** What the operations of the plan do; each can be made to do something else. */
export type Deeds = {
  readonly look?: Operation["run"];
  readonly write?: Operation["run"];
};

const FAILURE_MODES = [{ code: "test.refused", when: "the source is locked" }];

/** look | SG_1 | write (bound to look, which is rechecked) | verify (bound to write) | SG_2 | enact. */
export function boundWorld(deeds: Deeds = {}, onFailure: Plan["onFailure"] = "stop"): World {
  const operations: Operation[] = [
    { contract: contractOf("source.look", { effect: "read" }), run: deeds.look ?? (() => ({ units: ["a", "b"] })) },
    {
      contract: contractOf("target.write", { effect: "write", failureModes: FAILURE_MODES }),
      run: deeds.write ?? (({ first }) => ({ written: first as string })),
    },
    { contract: contractOf("target.verify", { effect: "read" }), run: (input) => ({ saw: input["what"] as string }) },
    { contract: contractOf("target.enact", { effect: "write" }), run: (_input, { fence }) => ({ fence: fence ?? 0 }) },
  ];
  return worldOf({
    operations,
    tasks: [
      { operation: "source.look" },
      { operation: "target.write", bindings: { first: { task: 0, pointer: "/units/0" } } },
      { operation: "target.verify", bindings: { what: { task: 1, pointer: "/written" } } },
      { operation: "target.enact" },
    ],
    groups: [1, 1, 1, 1],
    contracts: [],
    bound: {
      gates: [
        { name: "SG_1", before: 1, reviewDecision: false },
        { name: "SG_2", before: 3, reviewDecision: true },
      ],
      rechecks: [{ before: 1, task: 0 }],
      onFailure,
    },
  });
}

/** Types in order, each task's by a letter and its position: `r2 a2 l2 s2 C2`. */
export function storyOf(world: World, log: readonly RunEvent[]): string {
  const positions = new Map(world.plan.tasks.map(({ id, position }) => [id as string, position]));
  return log
    .map(({ type, subject }) => {
      const position = positions.get(subject);
      return position === undefined ? (WORDS[type] ?? type) : `${LETTERS[type] ?? type}${position}`;
    })
    .join(" ");
}

const WORDS: { readonly [type: string]: string } = {
  PLAN_FROZEN: "frozen",
  TOKEN_VALIDATION: "token",
  APPROVAL_REQUESTED: "asked",
  APPROVAL_RECORDED: "recorded",
  RUN_STOPPED: "stopped",
  RUN_RESUMED: "resumed",
  RUN_VOIDED: "voided",
  RUN_SEALED: "sealed",
};

export const LETTERS: { readonly [type: string]: string } = {
  ROUTING_DECISION: "r",
  AUTHORIZATION_SCOPE_CHECK: "a",
  DRIFT_CHECK: "d",
  RESOURCE_LIMIT_CHECK: "l",
  EXECUTION_STARTED: "s",
  EXECUTION_COMPLETED: "C",
  EXECUTION_DENIED: "D",
  BOUNDARY_VIOLATION: "B",
  OPERATION_ABORTED: "A",
  EXECUTION_SKIPPED: "K",
};

/** The data of the last event of a type. */
export function lastOf<Type extends RunEvent["type"]>(log: readonly RunEvent[], type: Type): EventData<Type> {
  const found = log.findLast((event) => event.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found.data as EventData<Type>;
}

/** A payload that was stored with an event, as JSON. */
export function payloadOf(journal: MemoryJournal, digest: RunEvent["prev"]): JsonObject {
  const bytes = journal.payloads.get(digest);
  if (bytes === undefined) throw new Error(`no payload ${digest}`);
  return parseCanonicalJson(Buffer.from(bytes).toString("utf8")) as JsonObject;
}
