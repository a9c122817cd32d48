/** The event order of one run, and what a run gives. */
import { canonicalJson, digestBytes, type Operation } from "@canonic/contracts";
import { expect, test } from "vitest";
import { runPlan } from "../src/index.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, worldOf } from "./kit.ts";

const echo: Operation = { contract: contractOf("test.echo"), run: (input) => input };
const three = worldOf({
  operations: [echo],
  tasks: [1, 2, 3].map((n) => ({ operation: "test.echo", parameters: { n } })),
});

test("a plan of three tasks journals 1 + 5 x 3 = 16 execution events, in the order of DESIGN", async () => {
  const journal = memoryJournal();

  await runPlan({ ...three, ...portsOf(three, journal) });

  const task = [
    "ROUTING_DECISION",
    "AUTHORIZATION_SCOPE_CHECK",
    "RESOURCE_LIMIT_CHECK",
    "EXECUTION_STARTED",
    "EXECUTION_COMPLETED",
  ];
  expect(journal.log.map(({ type }) => type)).toEqual([
    "PLAN_FROZEN",
    "TOKEN_VALIDATION",
    ...task,
    ...task,
    ...task,
    "CONTRACT_VERDICT",
    "CONTRACT_VERDICT",
    "RUN_SEALED",
  ]);
});

test("a plan over three domains journals 16 execution events, each domain under its own scope check", async () => {
  const domains = ["text", "bank", "archive"];
  const world = worldOf({
    operations: domains.map((domain) => ({ contract: contractOf(`${domain}.step`), run: (input) => input })),
    tasks: domains.map((domain) => ({ operation: `${domain}.step` })),
    groups: [1, 1, 1],
    contracts: [],
  });
  const journal = memoryJournal();

  await runPlan({ ...world, ...portsOf(world, journal) });

  const [frozen, ...execution] = journal.log.slice(0, -1);
  expect([frozen?.type, journal.log.at(-1)?.type]).toEqual(["PLAN_FROZEN", "RUN_SEALED"]);
  expect(execution.length).toBe(1 + 5 * 3);
  const named = journal.log.flatMap((event) =>
    event.type === "AUTHORIZATION_SCOPE_CHECK" ? [`${event.data.domain}.${event.data.method}`] : [],
  );
  expect(named).toEqual(["text.step", "bank.step", "archive.step"]);
});

test("a completed run gives its outputs by position, their digest, the verdicts and the counts", async () => {
  const journal = memoryJournal();

  const result = await runPlan({ ...three, ...portsOf(three, journal) });

  const outputs = [1, 2, 3].map((n) => canonicalJson({ n }));
  expect(result).toMatchObject({
    status: "completed",
    outputs,
    outputsDigest: digestBytes(outputs.map((line) => `${line}\n`).join("")),
    events: journal.log.length,
    failure: null,
  });
  const seal = journal.log.at(-1);
  expect(seal?.data).toMatchObject({ events: 20, outputsCount: 3, counts: { EXECUTION_COMPLETED: 3, RUN_SEALED: 1 } });
});
