/**
 * Generated plans and the ways in which they are run: groups, jobs, failures, refusals, and any order of completion.
 *
 * @module
 */
import { canonicalJson, type Operation, type RunEvent } from "@canonic/contracts";
import fc from "fast-check";
import { createLocalOperations, type OperationsPort, type RunPorts } from "../src/index.ts";
import { allowanceOf, authorityOf } from "./authority.ts";
import { contractOf } from "./contract-of.ts";
import { type MemoryJournal, portsOf, stillClock, type World, worldOf } from "./kit.ts";

/** How often each task's operation was entered, by position and idempotency key. */
export type Entries = Map<number, string[]>;

export type Scenario = {
  readonly kinds: readonly Kind[];
  readonly groups: readonly number[];
  readonly jobs: number;
  readonly order: number;
  readonly replay: number;
  readonly invocations: number;
};
type Kind = "pure" | "read" | "write" | "fails" | "denied";

const kind: fc.Arbitrary<Kind> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Kind>("pure", "read", "write") },
  { weight: 1, arbitrary: fc.constantFrom<Kind>("fails", "denied") },
);

export const sound: fc.Arbitrary<Scenario> = scenarios(
  fc.constantFrom<Kind>("pure", "read", "write"),
  fc.constant(100),
);
export const anyScenario: fc.Arbitrary<Scenario> = scenarios(
  kind,
  fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 12 })),
);

function scenarios(kinds: fc.Arbitrary<Kind>, invocations: fc.Arbitrary<number>): fc.Arbitrary<Scenario> {
  return fc.array(fc.array(kinds, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }).chain((groups) =>
    fc.record({
      kinds: fc.constant(groups.flat()),
      groups: fc.constant(groups.map((group) => group.length)),
      jobs: fc.integer({ min: 1, max: 4 }),
      order: fc.nat({ max: 1_000_000 }),
      replay: fc.integer({ min: 0, max: 4 }),
      invocations,
    }),
  );
}

/** The plan of a scenario; its operations note each entry in `entries`. */
export function worldOfScenario(scenario: Scenario, entries: Entries = new Map()): World {
  const note = (position: number, key: string): void => {
    entries.set(position, [...(entries.get(position) ?? []), key]);
  };
  const run: Operation["run"] = (input, context) => {
    note(Number(input["n"]), context.idempotencyKey ?? "");
    return { square: Number(input["n"]) ** 2, ...input };
  };
  const operations: Operation[] = [
    { contract: contractOf("test.pure"), run },
    { contract: contractOf("test.read", { effect: "read" }), run },
    { contract: contractOf("test.write", { effect: "write" }), run },
    { contract: contractOf("refused.denied"), run },
    {
      contract: contractOf("test.fails"),
      run: () => {
        throw new Error("as asked");
      },
    },
  ];
  const tasks = scenario.kinds.map((name, n) => ({
    operation: name === "denied" ? "refused.denied" : `test.${name}`,
    parameters: { n },
  }));
  return worldOf({ operations, tasks, groups: scenario.groups, replay: scenario.replay });
}

/** Ports under which the domain `refused` is not granted and operations end in an order that `scenario.order` shuffles. */
export function portsOfScenario(scenario: Scenario, world: World, journal: MemoryJournal): RunPorts {
  const { operations, ...limits } = allowanceOf(world, scenario.invocations);
  const authority = authorityOf({ ...limits, operations: operations.filter((id) => id !== "refused.denied") });
  return portsOf(world, journal, { authority, operations: shuffled(world, scenario.order), jobs: scenario.jobs });
}

export function expectedOutputs(scenario: Scenario): string[] {
  return scenario.kinds.map((_, n) => canonicalJson({ n, square: n * n }));
}

/** Ends one of the calls in flight per turn of the event loop, chosen by a small generator. */
function shuffled(world: World, seed: number): OperationsPort {
  const inner = createLocalOperations(world.operations, stillClock);
  const waiting: (() => void)[] = [];
  let state = seed;
  const endOne = (): void => {
    state = (state * 48_271 + 11) % 2_147_483_647;
    waiting.splice(state % waiting.length, 1)[0]?.();
  };
  return {
    async execute(...call) {
      const execution = await inner.execute(...call);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        setImmediate(endOne);
      });
      return execution;
    },
    close: () => inner.close(),
  };
}

const LETTERS: { readonly [type: string]: string } = {
  ROUTING_DECISION: "r",
  AUTHORIZATION_SCOPE_CHECK: "a",
  RESOURCE_LIMIT_CHECK: "l",
  EXECUTION_STARTED: "s",
  EXECUTION_COMPLETED: "C",
  EXECUTION_DENIED: "D",
  OPERATION_ABORTED: "A",
  EXECUTION_SKIPPED: "K",
};

/**
 * A naive grammar of a run's events, made without the runner: faults in words. Each task's events as letters, crashes as `|`, must be
 * broken attempts, then at most one whole one.
 */
export function grammarFaults(world: World, events: readonly RunEvent[]): string[] {
  const faults: string[] = [];
  const types = events.map(({ type }) => type);
  if (types[0] !== "PLAN_FROZEN" || types.lastIndexOf("PLAN_FROZEN") !== 0)
    faults.push("PLAN_FROZEN is not first and alone");
  if (types.indexOf("RUN_SEALED") !== types.length - 1) faults.push("RUN_SEALED is not last and alone");
  faults.push(...sessionFaults(types));
  for (const task of world.plan.tasks) {
    const letters = events
      .flatMap((event) =>
        event.type === "RUN_RESUMED" ? ["|"] : event.subject === task.id ? [LETTERS[event.type] ?? "?"] : [],
      )
      .join("");
    if (!/^((r(a(ls?)?)?)?\|)*(rals[CA]|r(al?)?D|(r(a(ls?)?)?\|+)*K)?\|*$/.test(letters))
      faults.push(`task ${task.position}: ${letters}`);
  }
  const ended = new Map(
    events.filter(({ type }) => type === "EXECUTION_COMPLETED").map(({ subject }, index) => [subject as string, index]),
  );
  for (const [index, group] of world.plan.groups.entries()) {
    const before = world.plan.groups.slice(0, index).flat();
    const first = events.findIndex(({ subject }) =>
      group.some((position) => world.plan.tasks[position]?.id === subject),
    );
    if (first < 0 || events[first]?.type === "EXECUTION_SKIPPED") continue;
    for (const position of before) {
      const id = world.plan.tasks[position]?.id as string;
      const at = events.findIndex(({ type, subject }) => type === "EXECUTION_COMPLETED" && subject === id);
      if (!ended.has(id) || at > first) faults.push(`group ${index} began before task ${position} completed`);
    }
  }
  return faults;
}

/** A validation opens every session, and nothing but a session needs one. */
function sessionFaults(types: readonly string[]): string[] {
  return types.flatMap((type, index) => {
    const opens = ["PLAN_FROZEN", "RUN_RESUMED"].includes(types[index - 1] ?? "");
    if (type === "TOKEN_VALIDATION") return opens ? [] : [`TOKEN_VALIDATION ${index} opens no session`];
    return opens && type !== "RUN_RESUMED" ? [`${type} ${index} before its session is validated`] : [];
  });
}
