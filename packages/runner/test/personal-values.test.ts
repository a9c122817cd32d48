import {
  digestBytes,
  digestJson,
  type Operation,
  openSalted,
  type RunId,
  saltedText,
  saltsOf,
} from "@canonic/contracts";
import { expect, test } from "vitest";
import { resumePlan, runPlan } from "../src/index.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, worldOf } from "./kit.ts";

const salts = saltsOf(new Uint8Array(32).fill(9));
const saltedName = JSON.parse(saltedText("ada", "0".repeat(64)));
const operations: readonly Operation[] = [
  {
    contract: contractOf("people.ask", { personal: ["input", "output"] }),
    run: ({ name }) => ({ heard: name ?? null }),
  },
  { contract: contractOf("people.none"), run: () => null },
];
const asking = (given: unknown = saltedName) =>
  worldOf({
    operations,
    tasks: [{ operation: "people.ask", inputs: { name: digestJson(given as string) } }, { operation: "people.none" }],
    groups: [1, 1],
    artifacts: [given as string],
    replay: 2,
  });

test("an operation gets and gives plain values; what is journaled of them is an envelope (V1)", async () => {
  const journal = memoryJournal();
  const world = asking();

  const result = await runPlan({ ...world, ...portsOf(world, journal, { salts }) });

  expect([result.status, result.outputs]).toEqual(["completed", ['{"heard":"ada"}', "null"]]);
  const [completed] = journal.log.flatMap((event) => (event.type === "EXECUTION_COMPLETED" ? [event.data] : []));
  const text = Buffer.from(journal.payloads.get(completed?.output ?? digestJson(null)) ?? []).toString("utf8");
  expect(openSalted(JSON.parse(text))?.value).toEqual({ heard: "ada" });
  expect(completed?.sizeBytes).toBe(256);
  expect(result.outputsDigest).toBe(digestBytes(`${text}\nnull\n`));
  expect(result.verdicts.map(({ verdict }) => verdict)).toEqual(["satisfied", "satisfied"]);
});

test("without salts nothing of a plan with personal values is journaled, at the start and at a resume (V2)", async () => {
  const world = asking();
  const fresh = memoryJournal();
  await expect(runPlan({ ...world, ...portsOf(world, fresh) })).rejects.toMatchObject({ code: "runner.salts-missing" });
  expect(fresh.log).toEqual([]);

  const whole = memoryJournal();
  const { run, outputsDigest } = await runPlan({ ...world, ...portsOf(world, whole, { salts }) });
  for (let length = 1; length < whole.log.length; length += 1) {
    const cut = () => memoryJournal({ log: whole.log.slice(0, length), payloads: whole.payloads });
    const without = cut();
    await expect(resumePlan({ ...portsOf(world, without), run: run as RunId })).rejects.toMatchObject({
      code: "runner.salts-missing",
    });
    expect(without.log).toHaveLength(length);
    expect((await resumePlan({ ...portsOf(world, cut(), { salts }), run: run as RunId })).outputsDigest).toBe(
      outputsDigest,
    );
  }
});

test("a run that has given something is resumed under its own salts alone, and a sealed one without any", async () => {
  const world = asking();
  const whole = memoryJournal();
  const { run, outputs } = await runPlan({ ...world, ...portsOf(world, whole, { salts }) });
  const given = whole.log.findIndex(({ type }) => type === "EXECUTION_COMPLETED") + 1;
  const cut = memoryJournal({ log: whole.log.slice(0, given), payloads: whole.payloads });
  const others = saltsOf(new Uint8Array(32).fill(8));

  await expect(resumePlan({ ...portsOf(world, cut, { salts: others }), run })).rejects.toMatchObject({
    code: "runner.salts-differ",
  });
  expect(cut.log).toHaveLength(given);
  expect((await resumePlan({ ...portsOf(world, whole), run })).outputs).toEqual(outputs);
});

test("parameters, plain inputs and a policy binding of an operation with personal values are faults of the plan", async () => {
  const faultsOf = async (world: ReturnType<typeof asking>) => {
    const journal = memoryJournal();
    const refused = await runPlan({ ...world, ...portsOf(world, journal, { salts }) }).catch((error: unknown) => error);
    expect(journal.log).toEqual([]);
    return refused;
  };
  const [ask, none] = asking().plan.tasks;
  const withTask = (change: object) => {
    const world = asking();
    return { ...world, plan: { ...world.plan, tasks: [{ ...ask, ...change }, none] } as typeof world.plan };
  };
  const binding = { question: "Q001", chunk: "PA01-DIM01", chunkDigest: digestJson(1) };
  const at = (pointer: string) => ({
    code: "runner.plan-invalid",
    details: { issues: [expect.objectContaining({ pointer })] },
  });

  expect(await faultsOf(asking("ada"))).toMatchObject(at("/tasks/0/inputs/name"));
  expect(await faultsOf(withTask({ parameters: { title: "Dr" } }))).toMatchObject(at("/tasks/0/parameters"));
  expect(await faultsOf(withTask({ binding }))).toMatchObject({ code: "runner.plan-invalid" });
});
