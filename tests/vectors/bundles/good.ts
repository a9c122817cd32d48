/**
 * The runs of which the vectors are made: small, of real packages, with a clock that a run's own steps do not move.
 *
 * @module
 */
import type { GateRequest, RunId } from "@canonic/contracts";
import type { RunResult } from "@canonic/runner";
import type { Asked, Office } from "../../tamper/office.ts";
import type { Slips } from "../../tamper/office-operations.ts";
import { askingOf } from "../../tamper/personal-runs.ts";
import { testKey } from "./keys.ts";

const PIN = { name: "pin", payloadType: "source/pin" };
const COUNT = { name: "count", payloadType: "rows/count" };
const RECORD = { name: "record", payloadType: "ledger/record" };
const BOUND = { ...COUNT, bindings: { digest: { task: "pin", pointer: "/digest" } } };
const THREE = [PIN, COUNT, RECORD];
const unnamed = (...tasks: readonly { readonly payloadType: string }[]) =>
  tasks.map(({ payloadType }) => ({ payloadType }));
const GATED = {
  gates: [
    { name: "SG_1", before: "count" },
    { name: "SG_2", before: "record", reviewDecision: true },
  ],
  rechecks: [{ before: "record", task: "pin" }],
};
const once = (answer: (request: GateRequest) => unknown) => {
  let isSaid = false;
  return (request: GateRequest) => {
    if (isSaid) return null;
    isSaid = true;
    return answer(request);
  };
};
const failing = { run: { "rows.count": () => ({ count: "three" }) } };

export interface GoodRun {
  readonly name: string;
  readonly what: string;
  readonly verdict: "VALID" | "INDETERMINATE";
  readonly codes: readonly string[];
  readonly play: (office: Office) => Promise<RunId>;
}

const runOf = ({ run }: RunResult): RunId => run;
const askAda = (office: Office, slips: Slips = {}, asked: Asked = {}): Promise<RunResult> =>
  office.run(
    askingOf("ada", "salted", office.salts),
    { rechecks: [{ before: "count", task: "ask" }], ...asked },
    { people: "salted", slips },
  );
const valid = (name: string, what: string, play: GoodRun["play"]): GoodRun => {
  return { name, what, verdict: "VALID", codes: [], play };
};

export const GOOD: readonly GoodRun[] = [
  valid(
    "three-tasks",
    "three tasks of three domains, one after the other: sixteen events and the seal",
    async (office) => runOf(await office.run(THREE)),
  ),
  valid("together", "four tasks of one group, in flight together", async (office) =>
    runOf(await office.run(unnamed(PIN, COUNT, COUNT, PIN), { order: "independent" }, { jobs: 4 })),
  ),
  valid("gated", "a bound plan: a pin, two gates, a recheck; a session for each gate", async (office) => {
    const { run } = await office.run([PIN, BOUND, RECORD], GATED);
    office.pass(700);
    await office.resume(run, { approvals: once((request) => office.say(request)) });
    office.pass(700);
    await office.resume(run, { approvals: (request) => office.say(request) });
    return run;
  }),
  valid("second-of-a-log", "a run whose leaves stand between those of others", async (office) => {
    const [, second] = await Promise.all([
      office.run(THREE),
      office.run(unnamed(PIN, COUNT)),
      office.run(unnamed(COUNT, PIN, PIN)),
    ]);
    return second.run;
  }),
  valid("denied", "a token of too little scope: one task denied, one skipped", async (office) => {
    const details = [{ type: "canonic-domain", identifier: "source", actions: ["pin"] }] as const;
    const token = office.tokenOf({
      authorization_details: details.map((one) => ({ ...one, actions: [...one.actions] })),
    });
    return runOf(await office.run(THREE, {}, { token }));
  }),
  valid("refused-token", "an expired token: the first task denied, the others skipped", async (office) => {
    const token = office.tokenOf();
    office.pass(600);
    return runOf(await office.run(THREE, {}, { token }));
  }),
  valid("failed", "an output that its contract refuses: aborted, the rest skipped", async (office) =>
    runOf(await office.run(THREE, {}, { slips: failing })),
  ),
  valid("stopped-and-resumed", "a plan that stops where it fails, and goes on in a second session", async (office) => {
    const { run } = await office.run(THREE, { onFailure: "stop" }, { slips: failing });
    office.pass(60);
    await office.resume(run);
    return run;
  }),
  valid("voided", "stopped, then withdrawn by a person", async (office) => {
    const { run } = await office.run(THREE, { onFailure: "stop" }, { slips: failing });
    await office.void(run);
    return run;
  }),
  valid("rejected", "a person says no at a gate", async (office) =>
    runOf(
      await office.run([PIN, BOUND, RECORD], GATED, {
        approvals: (request) => office.say(request, { decision: "reject", reviewDecision: null }),
      }),
    ),
  ),
  valid(
    "after-another",
    "a run that began under a checkpoint of the one before, and was exported after a third",
    async (office) => {
      await office.run(THREE);
      const { run } = await office.run(unnamed(PIN, COUNT));
      await office.run(unnamed(COUNT));
      return run;
    },
  ),
  valid(
    "rotated",
    "a log whose key was handed over twice: before the run, and between its seal and its export",
    async (office) => {
      await office.run(unnamed(PIN));
      await office.rotate(testKey("log, second"));
      const { run } = await office.run(THREE);
      await office.rotate(testKey("log, third"));
      return run;
    },
  ),
  {
    name: "redacted",
    what: "an output was removed from the log afterwards, and the log says so",
    verdict: "INDETERMINATE",
    codes: ["redacted"],
    play: async (office) => {
      const { run } = await office.run(THREE, {}, { slips: { run: { "ledger.record": () => ({ of: "somebody" }) } } });
      await office.redactOutput(run, 2);
      return run;
    },
  },
  valid(
    "personal",
    "a person is asked: inputs and outputs salted, one bound to another, and a recheck",
    async (office) => runOf(await askAda(office)),
  ),
  {
    name: "personal-stopped",
    what: "a run about a person that stopped: what was given stands among the artifacts, salted",
    verdict: "INDETERMINATE",
    codes: ["run-stopped"],
    play: async (office) =>
      runOf(await askAda(office, { run: { "rows.count": () => ({ count: "three" }) } }, { onFailure: "stop" })),
  },
  {
    name: "personal-redacted",
    what: "what a person was asked and said was removed from the log, and the log says so",
    verdict: "INDETERMINATE",
    codes: ["redacted"],
    play: async (office) => {
      const { run } = await askAda(office);
      for (const nth of [0, 1]) await office.redactOutput(run, nth);
      return run;
    },
  },
  {
    name: "waiting",
    what: "a run that waits at its first gate",
    verdict: "INDETERMINATE",
    codes: ["run-waiting"],
    play: async (office) => runOf(await office.run([PIN, BOUND, RECORD], GATED)),
  },
  {
    name: "stopped",
    what: "a run that stopped and was not resumed",
    verdict: "INDETERMINATE",
    codes: ["run-stopped"],
    play: async (office) => runOf(await office.run(THREE, { onFailure: "stop" }, { slips: failing })),
  },
];
