/** What a session executes with: named by its first event, kept as a payload, seen by no operation. */
import { canonicalBytes, digestBytes, type Operation, type Payload } from "@canonic/contracts";
import { expect, test } from "vitest";
import { resumePlan, runPlan } from "../src/index.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, worldOf } from "./kit.ts";

const echo: Operation = { contract: contractOf("test.echo"), run: (input) => input };
const world = worldOf({ operations: [echo], tasks: [{ operation: "test.echo", parameters: { n: 1 } }] });
const environmentOf = (name: string): Payload => {
  const bytes = canonicalBytes({ name });
  return { digest: digestBytes(bytes), bytes };
};

test("PLAN_FROZEN names the environment of the first session, RUN_RESUMED that of the next; both are payloads", async () => {
  const [first, second] = [environmentOf("first"), environmentOf("second")];
  const begun = memoryJournal();
  const { run } = await runPlan({ ...world, ...portsOf(world, begun, { environment: first }) });
  const cut = memoryJournal({ log: begun.log.slice(0, 4), payloads: begun.payloads });

  await resumePlan({ ...portsOf(world, cut, { environment: second }), run });

  const named = cut.log.flatMap((event) =>
    event.type === "PLAN_FROZEN" || event.type === "RUN_RESUMED" ? [event.data.environment] : [],
  );
  expect(named).toEqual([first.digest, second.digest]);
  expect([first, second].map(({ digest }) => cut.payloads.get(digest))).toEqual([first.bytes, second.bytes]);
});

test("a session without one names none", async () => {
  const journal = memoryJournal();

  await runPlan({ ...world, ...portsOf(world, journal) });

  expect(journal.log[0]?.data).not.toHaveProperty("environment");
});
