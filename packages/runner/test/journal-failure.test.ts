/** The journal is the condition of everything: order of durability, and what happens when it fails. */
import type { Operation } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type RunJournal, runPlan } from "../src/index.ts";
import { approving } from "./authority.ts";
import { boundWorld } from "./bound-world.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, worldOf } from "./kit.ts";

function worldWith(effect: "pure" | "write", onRun: () => void) {
  const operation: Operation = {
    contract: contractOf("test.step", { effect }),
    run: () => {
      onRun();
      return null;
    },
  };
  return worldOf({
    operations: [operation],
    tasks: Array.from({ length: 4 }, () => ({ operation: "test.step" })),
    groups: [2, 2],
  });
}

test.each([1, 2] as const)(
  "a failing append ends the run with the journal's own error, whatever it was (R3), jobs %i",
  async (jobs) => {
    for (const effect of ["pure", "write"] as const) {
      const whole = memoryJournal();
      const sound = worldWith(effect, () => {});
      await runPlan({ ...sound, ...portsOf(sound, whole, { jobs }) });
      expect(whole.log.length).toBe(2 + 4 * 5 + 3);

      for (let failAt = 0; failAt < whole.log.length; failAt += 1) {
        let runs = 0;
        let runsAtFailure = -1;
        const journal = memoryJournal({ failAt });
        const world = worldWith(effect, () => {
          runs += 1;
        });
        const { append } = journal;
        const watched = {
          ...journal,
          append: (...call: Parameters<typeof append>) => {
            if (journal.log.length === failAt) runsAtFailure = runs;
            return append(...call);
          },
        };

        const running = runPlan({ ...world, ...portsOf(world, watched, { jobs }) });

        await expect(running).rejects.toMatchObject({
          name: "AuditError",
          code: "audit.poisoned",
          message: "disk full",
        });
        await new Promise((resolve) => setTimeout(resolve, 2));
        expect(runs).toBe(runsAtFailure);
        expect(journal.log.length).toBe(failAt);
      }
    }
  },
);

test("a write's EXECUTION_STARTED is durable before its operation is called (R1)", async () => {
  const journal = memoryJournal();
  const durableAtCall: number[] = [];
  const started: number[] = [];
  const world = worldWith("write", () => {
    durableAtCall.push(journal.commits.at(-1) ?? 0);
    started.push(journal.log.filter(({ type }) => type === "EXECUTION_STARTED").length);
  });

  await runPlan({ ...world, ...portsOf(world, journal) });

  const positions = journal.log.flatMap(({ type }, index) => (type === "EXECUTION_STARTED" ? [index + 1] : []));
  expect(started).toEqual([1, 2, 3, 4]);
  expect(durableAtCall).toEqual(positions);
});

test("one commit per sequential write: its predecessor's completed event and its own checks share it (R1)", async () => {
  const journal = memoryJournal();
  const world = worldWith("write", () => {});

  await runPlan({ ...world, ...portsOf(world, journal) });

  expect(journal.commits).toEqual([6, 11, 16, 21, 25]);
});

test("independent writes share one commit, and pure work waits for none but the seal's (R1)", async () => {
  const together = memoryJournal();
  const writes = worldWith("write", () => {});
  await runPlan({ ...writes, ...portsOf(writes, together, { jobs: 2 }) });
  const alone = memoryJournal();
  const pure = worldWith("pure", () => {});
  await runPlan({ ...pure, ...portsOf(pure, alone) });

  expect(new Set(together.commits).size).toBe(3);
  expect(alone.commits).toEqual([alone.log.length]);
});

test("a commit that fails while a write waits for it keeps the write from running (R3, H2)", async () => {
  let runs = 0;
  const journal = memoryJournal();
  const world = worldWith("write", () => {
    runs += 1;
  });
  const poisoned = Object.assign(new Error("no space"), { name: "AuditError", code: "audit.poisoned" });
  const failing = { ...journal, durable: () => Promise.reject(poisoned) };

  await expect(runPlan({ ...world, ...portsOf(world, failing) })).rejects.toBe(poisoned);

  expect(runs).toBe(0);
});

test("in a bound plan too, nothing is executed, asked or answered after an append that failed (R3)", async () => {
  const whole = memoryJournal();
  const { world: sound, ports: soundPorts } = watchedBound(whole, []);
  await runPlan({ ...sound, ...soundPorts });
  expect(whole.log.length).toBe(2 + 4 * 5 + 1 + 2 * 2 + 1);

  for (let failAt = 0; failAt < whole.log.length; failAt += 1) {
    const journal = memoryJournal({ failAt });
    const done: string[] = [];
    let doneAtFailure = -1;
    const append: typeof journal.append = (...call) => {
      if (journal.log.length === failAt) doneAtFailure = done.length;
      return journal.append(...call);
    };
    const { world, ports } = watchedBound({ ...journal, append }, done);

    await expect(runPlan({ ...world, ...ports })).rejects.toMatchObject({ code: "audit.poisoned" });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(done.length).toBe(doneAtFailure);
    expect(journal.log.length).toBe(failAt);
  }
});

/** The bound plan, with every entry of an operation, question and answer of authority noted in `done`. */
function watchedBound(journal: RunJournal, done: string[]) {
  const world = boundWorld();
  const operations = world.operations.map(({ contract, run }) => ({
    contract,
    run: (...call: Parameters<typeof run>) => {
      done.push(contract.operation);
      return run(...call);
    },
  }));
  const approve = approving(["SG_1", "SG_2"]);
  const ports = portsOf({ ...world, operations }, journal, {
    approvals: (request) => {
      done.push(request.gate);
      return approve(request);
    },
  });
  return { world, ports };
}
