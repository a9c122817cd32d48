import { describe, expect, test } from "vitest";
import {
  Chunk as ChunkSchema,
  CoreContractViolation,
  checkCoreContracts,
  type Digest,
  digestBytes,
  digestJson,
  isCoreContractViolation,
  Output as OutputSchema,
  Plan as PlanSchema,
  type RunRecord,
  VIOLATION_NAMES,
} from "../src/index.ts";
import { onlyViolation, type Sound, satisfied, sound, verdictsOf, withPlan } from "./mutations.ts";
import { soundRun } from "./run-fixture.ts";

test("the fixture is made of valid values and satisfies all five contracts", () => {
  expect(PlanSchema.safeParse(sound.plan).error).toBeUndefined();
  expect(sound.policy.values.every((value) => OutputSchema.safeParse(value).success)).toBe(true);
  expect([...sound.policy.chunks.values()].every((chunk) => ChunkSchema.safeParse(chunk).success)).toBe(true);
  expect(verdictsOf(sound)).toEqual(satisfied);
});

test("equal records give equal results, and the evidence is what the digest says", () => {
  const results = checkCoreContracts(sound);

  expect(checkCoreContracts(soundRun())).toEqual(results);
  for (const { verdict, evidence } of results) expect(verdict.evidence).toBe(digestJson(evidence));
});

describe("cardinality", () => {
  test("299 outputs and 301 outputs fail", () => {
    const [first] = sound.outputs;
    const fewer = { ...sound, outputs: sound.outputs.slice(0, 299) };
    const more = {
      ...sound,
      outputs: [...sound.outputs, { task: "task_00000000000000000000", digest: first?.digest }],
    } as RunRecord;

    expect(verdictsOf(fewer)).toContain("cardinality violated");
    expect(verdictsOf(more)).toContain("cardinality violated");
  });

  test.each([299, 301])("%i tasks fail", (count) => {
    const [first] = sound.plan.tasks;
    const tasks =
      count < 300 ? sound.plan.tasks.slice(0, count) : [...sound.plan.tasks, { ...first, position: 300 } as never];

    expect(verdictsOf(withPlan({ tasks }))[0]).toBe("cardinality violated");
  });

  test("an output that occurs twice fails although the count is right", () => {
    const outputs = sound.outputs.map((output, position) => (position === 1 ? (sound.outputs[0] ?? output) : output));

    expect(verdictsOf({ ...sound, outputs })[0]).toBe("cardinality violated");
  });

  test.each([
    ["59 chunks", (at: number) => Math.max(at, 5)],
    ["a fibre of 6 and one of 4", (at: number) => (at === 4 ? 5 : at)],
  ])("%s fail", (_name, from) => {
    const tasks = sound.plan.tasks.map((task, at) => ({
      ...task,
      binding: sound.plan.tasks[from(at)]?.binding ?? null,
    }));
    const [cardinality] = checkCoreContracts(withPlan({ tasks }));

    expect(cardinality?.verdict.verdict).toBe("violated");
    expect(cardinality?.verdict.reasons.map(({ code }) => code)).toContain("fibre-size");
  });

  test("61 chunks fail", () => {
    const other = { question: "Q001", chunk: "PA11-DIM01", chunkDigest: digestBytes("x") } as never;
    const tasks = sound.plan.tasks.map((task, at) => (at === 0 ? { ...task, binding: other } : task));
    const [cardinality] = checkCoreContracts(withPlan({ tasks }));

    expect(cardinality?.verdict.reasons.map(({ code }) => code)).toContain("chunks-count");
  });
});

describe("determinism", () => {
  const replaced = (position: number, output: Digest | null): RunRecord => ({
    ...sound,
    replayed: sound.replayed.map((item) => (item.position === position ? { position, output } : item)),
  });

  const first = sound.replayed[0]?.position ?? -1;

  test("another byte, no output, or fewer replays than planned fail", () => {
    expect(onlyViolation(replaced(first, digestBytes("other")))).toEqual(["determinism", ["replay-differs"]]);
    expect(onlyViolation(replaced(first, null))).toEqual(["determinism", ["replay-missing"]]);
    expect(onlyViolation({ ...sound, replayed: sound.replayed.slice(1) })).toEqual(["determinism", ["replay-count"]]);
  });

  test("two swapped outputs fail: comparison is by position, not as sets (D1)", () => {
    const [a, b, c] = sound.replayed;
    const swapped = [
      { position: a?.position ?? 0, output: b?.output ?? null },
      { position: b?.position ?? 0, output: a?.output ?? null },
      c as NonNullable<typeof c>,
    ];

    expect(onlyViolation({ ...sound, replayed: swapped })).toEqual(["determinism", ["replay-differs"]]);
  });

  test("the same position replayed three times does not count as three (D2)", () => {
    const [one] = sound.replayed;
    const replayed = [one, one, one] as RunRecord["replayed"];

    expect(onlyViolation({ ...sound, replayed })).toEqual(["determinism", ["replay-count", "replay-duplicate"]]);
  });
});

describe("determinism of the choice", () => {
  test("as many replays, but of tasks that the plan's digest does not choose, fail (D2)", () => {
    const chosen = new Set(sound.replayed.map(({ position }) => position));
    const others = sound.plan.tasks.filter(({ position }) => !chosen.has(position)).slice(0, 3);
    const replayed = others.map(({ position }) => ({ position, output: sound.outputs[position]?.digest ?? null }));

    expect(onlyViolation({ ...sound, replayed })).toEqual(["determinism", ["replay-unexpected"]]);
  });

  test("outputs at their positions are no replays: with none planned, nothing was checked (D3)", () => {
    const unplanned = withPlan({ expect: { ...sound.plan.expect, replay: 0 } });

    expect(onlyViolation({ ...unplanned, replayed: [] })).toEqual(["determinism", ["nothing-checked"]]);
  });
});

describe("routing", () => {
  const withRoutes = (routes: Sound["snapshot"]["routes"]): Sound => ({
    ...sound,
    snapshot: { ...sound.snapshot, routes },
  });
  const [route] = sound.snapshot.routes as [Sound["snapshot"]["routes"][number]];

  test("an unknown, an ambiguous and a misrouted payload type fail", () => {
    expect(onlyViolation(withRoutes([]))).toEqual(["routing", ["payload-unknown"]]);
    expect(onlyViolation(withRoutes([route, route]))).toEqual(["routing", ["route-ambiguous"]]);
    expect(onlyViolation(withRoutes([{ ...route, version: "2.0.0" }]))).toEqual(["routing", ["route-mismatch"]]);
  });

  test("a contract that changed after planning fails", () => {
    const operations = sound.snapshot.operations.map((contract) => ({ ...contract, description: "other" }));

    expect(onlyViolation({ ...sound, snapshot: { ...sound.snapshot, operations } })).toEqual([
      "routing",
      ["contract-mismatch"],
    ]);
  });
});

test("nothing checked is a violation, never a success (T1)", () => {
  const { policy: _, ...rest } = sound;
  const verdicts = checkCoreContracts(rest).filter(({ verdict }) => verdict.verdict === "violated");

  expect(verdicts.map(({ verdict }) => verdict.contract)).toEqual(["provenance", "signal-coverage"]);
  expect(verdicts.flatMap(({ verdict }) => verdict.reasons.map(({ code }) => code))).toContain("nothing-checked");
});

test("at most twenty reasons are kept and all violations are counted (T2)", () => {
  const outputs = sound.outputs.map(({ task }) => ({ task, digest: digestBytes(task) }));
  const [, , , routing] = checkCoreContracts({ ...sound, outputs, snapshot: { ...sound.snapshot, routes: [] } });

  expect(routing?.verdict.reasons).toHaveLength(20);
  expect(routing?.verdict.violations).toBe(300);
});

test("each violation is thrown under its own name and code", () => {
  for (const [contract, name] of Object.entries(VIOLATION_NAMES)) {
    const error = new CoreContractViolation(contract as keyof typeof VIOLATION_NAMES, []);

    expect([error.name, error.code, isCoreContractViolation(error)]).toEqual([
      name,
      `contracts.${contract}-violation`,
      true,
    ]);
  }
  expect(isCoreContractViolation(new Error("CardinalityViolation"))).toBe(false);
});
