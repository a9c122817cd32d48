/**
 * What must have occurred over the seeds, lest the simulation says nothing by saying "all is well".
 *
 * @module
 */
import { REFUSAL_CODES } from "@canonic/authority";
import { AUTHORITY_EVENT_TYPES, EVENT_TYPES, LOG_EVENT_TYPES, RunStatus } from "@canonic/contracts";
import { FAULTS } from "./faults.ts";
import { APPROVAL_KINDS, TOKEN_FAULTS } from "./people.ts";

/** Where a process can stand when a fault comes. */
const STEPS = [
  "journal.durable",
  "journal.events",
  "journal.payload",
  "operation.pure",
  "operation.read",
  "operation.write",
  "operation.reply",
  "operation.recheck",
  "operation.replay",
  "person.approves",
  "storage.commit",
  "storage.consumeApproval",
  "storage.markExpired",
  "storage.markFirstUsed",
  "storage.mode",
  "storage.reserve",
  "storage.standing",
];

const RUNNER_STOPS = [
  "boundary-violation",
  "drift",
  "drift-unknown",
  "input-invalid",
  "memory-exceeded",
  "operation-failed",
  "output-invalid",
  "output-too-large",
  "pin-missing",
  "pin-secret",
  "route-differs",
  "timeout",
  "tokens-exceeded",
  "worker-exited",
];

const stops = [
  ...REFUSAL_CODES,
  ...RUNNER_STOPS.map((code) => `runner.${code}`),
  "sim.refused-by-target",
  "sim.route-refused",
  "sim.source-gone",
];

/** Events of other chains than a run's. */
const foreign: readonly string[] = [...AUTHORITY_EVENT_TYPES, ...LOG_EVENT_TYPES];

/** Each of these, several times in a few thousand seeds. */
export const EXPECTED: readonly string[] = [
  ...EVENT_TYPES.filter((type) => !foreign.includes(type)).map((type) => `event ${type}`),
  ...RunStatus.options.map((status) => `sealed ${status}`),
  ...stops.map((code) => `stop ${code}`),
  ...FAULTS.map((fault) => `fault ${fault}`),
  ...STEPS.map((step) => `step ${step}`),
  ...APPROVAL_KINDS.map((kind) => `approval ${kind}`),
  ...TOKEN_FAULTS.map((fault) => `token ${fault}`),
  "drift allow",
  "drift refuse",
  "end stands",
  "error runner.write-indeterminate",
  "journal disk full",
  "journal sync failed",
  "overtaken refused",
  "upset abort",
  "upset invalid-output",
  "upset mode",
  "wake",
  "write done",
  "write known",
  "write overtaken",
];

/** Each of these at least once: the faults that end a session, at every step. */
export const EXPECTED_ONCE: readonly string[] = STEPS.flatMap((step) => [
  `fault crash before ${step}`,
  `fault pause before ${step}`,
]);
