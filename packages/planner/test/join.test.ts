import { type Chunk, digestBytes, digestJson, type JsonValue, type Question } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { assertJoin, joinQuestions, permute, planPolicy, proveBindings } from "../src/index.ts";
import { chunks, document, mutate, questions, request } from "./policy-support.ts";
import { faultsOf } from "./support.ts";

const join = (given: readonly Question[], cells: readonly Chunk[]) =>
  joinQuestions({ document, language: "en", questions: given, chunks: cells });

/** The same table by looking at every question and every chunk for every row. */
function naive(given: readonly Question[], cells: readonly Chunk[]) {
  const rows: string[] = [];
  for (let area = 1; area <= 10; area += 1) {
    for (let dimension = 1; dimension <= 6; dimension += 1) {
      for (let q = 1; q <= 5; q += 1) {
        const id = `Q${String(30 * (area - 1) + 5 * (dimension - 1) + q).padStart(3, "0")}`;
        const [pa, dim] = [`PA${String(area).padStart(2, "0")}`, `DIM0${dimension}`];
        const asked = given.filter((question) => question.id === id);
        const found = cells.filter((chunk) => chunk.id === `${pa}-${dim}`);
        const agrees = [...asked, ...found].every(
          (one) => one.area === pa && one.dimension === dim && one.language === "en",
        );
        const own = asked.every((one) => one.q === q && one.slot === `${dim}-Q${q}`);
        const same = found.every((one) => one.document === document);
        const counts = [asked.length, found.length];
        const state = counts.includes(0)
          ? "missing"
          : Math.max(...counts) > 1
            ? "duplicate"
            : agrees && own && same
              ? "matched"
              : "mismatch";
        rows.push(`${id} ${state}`);
      }
    }
  }
  return rows;
}

const otherChunk = (chunk: Chunk): fc.Arbitrary<Chunk[]> =>
  fc.constantFrom<Chunk[]>(
    [],
    [chunk, chunk],
    [{ ...chunk, area: "PA05" as Chunk["area"] }],
    [{ ...chunk, id: "PA02-DIM02" as Chunk["id"] }],
    [{ ...chunk, document: digestBytes("another") }],
    [{ ...chunk, language: "es" }],
  );
const otherQuestion = (question: Question): fc.Arbitrary<Question[]> =>
  fc.constantFrom<Question[]>(
    [],
    [question, question],
    [{ ...question, slot: "DIM03-Q3" }],
    [{ ...question, q: (question.q % 5) + 1 }],
    [{ ...question, id: "Q100" as Question["id"] }],
    [{ ...question, language: "es" }],
  );

test("has 300 rows, task -> chunk total and onto 60 chunks, every fibre exactly 5", () => {
  const report = join(questions, chunks);

  expect(report.counts).toEqual({ matched: 300, missing: 0, duplicate: 0, mismatch: 0 });
  expect(report).toMatchObject({ total: true, onto: true, complete: true });
  expect(report.fibres).toEqual({ count: 60, minimum: 5, maximum: 5 });
  expect(report.rows[0]?.chunkDigest).toBe(digestJson(chunks[0] as JsonValue));
  expect(() => assertJoin(report)).not.toThrow();
});

test("agrees with nested loops over every mutation, and no order of the input reaches it (J1, J2, J4)", () => {
  const mutated = fc
    .tuple(fc.nat(299), fc.nat(59))
    .chain(([q, c]) =>
      fc.tuple(otherQuestion(questions[q] as Question), otherChunk(chunks[c] as Chunk), fc.constant([q, c] as const)),
    );
  const states = new Set<string>();
  fc.assert(
    fc.property(mutated, fc.nat(), ([asked, found, [q, c]], seed) => {
      const given = mutate(questions, q, () => asked);
      const cells = mutate(chunks, c, () => found);

      const report = join(given, cells);

      for (const { state } of report.rows) states.add(state);
      expect(report.rows.map(({ question, state }) => `${question} ${state}`)).toEqual(naive(given, cells));
      expect(join(permute(given, seed), permute(cells, seed + 1))).toEqual(report);
      expect(report.complete).toBe(report.counts.matched === 300);
    }),
    { numRuns: 60 },
  );
  expect([...states].sort()).toEqual(["duplicate", "matched", "mismatch", "missing"]);
});

const first = (more: Partial<Chunk>) => mutate(chunks, 0, (chunk) => [{ ...chunk, ...more } as Chunk]);
const swapped = mutate(first({ area: "PA02" as Chunk["area"] }), 6, (chunk) => [
  { ...chunk, area: "PA01" as Chunk["area"] },
]);

test.each([
  ["drops a chunk (59)", { chunks: chunks.slice(1) }, "CardinalityViolation", "Q001: join-missing", 5],
  [
    "duplicates a chunk (61)",
    { chunks: [...chunks, chunks[0] as Chunk] },
    "CardinalityViolation",
    "Q001: join-duplicate",
    5,
  ],
  ["swaps the areas of two chunks", { chunks: swapped }, "ProvenanceViolation", "Q001: join-mismatch", 10],
  [
    "takes a chunk of another document",
    { chunks: first({ document: digestBytes("x") }) },
    "ProvenanceViolation",
    "Q001: join-mismatch",
    5,
  ],
  ["drops a question (299)", { questions: questions.slice(1) }, "CardinalityViolation", "Q001: join-missing", 1],
  [
    "asks a foreign question (301)",
    { questions: [...questions, { ...(questions[0] as Question), id: "Q301" as Question["id"] }] },
    "CardinalityViolation",
    "Q301: join-foreign",
    1,
  ],
  [
    "asks one question twice and another never",
    { questions: mutate(questions, 1, () => [questions[0] as Question]) },
    "CardinalityViolation",
    "Q001: join-duplicate",
    2,
  ],
  [
    "gives a question the wrong slot",
    { questions: mutate(questions, 0, (question) => [{ ...question, slot: "DIM01-Q2" }]) },
    "ProvenanceViolation",
    "Q001: join-mismatch",
    1,
  ],
])("a plan that %s is refused by name", (_, more, name, reason, count) => {
  const [violation, ...reasons] = faultsOf(() => planPolicy({ ...request, ...more }));

  expect(violation).toBe(name);
  expect(reasons[0]).toBe(reason);
  expect(reasons).toHaveLength(count);
});

test("executors and rows are in bijection, proved in both directions (V1)", () => {
  const { plan, join: report, bindings } = planPolicy(request);
  const [one, two] = plan.tasks;
  if (one === undefined || two === undefined) throw new Error("the plan has tasks");

  expect(bindings).toEqual({ tasks: 300, rows: 300, unbound: [], unserved: [], bijection: true });
  expect(proveBindings(plan.tasks.slice(1), report.rows)).toMatchObject({ unserved: ["Q001"], bijection: false });
  expect(proveBindings([...plan.tasks, one], report.rows)).toMatchObject({ unbound: [one.id], bijection: false });
  expect(proveBindings([{ ...one, binding: two.binding }, ...plan.tasks.slice(1)], report.rows)).toMatchObject({
    unbound: [one.id],
    unserved: ["Q001"],
    bijection: false,
  });
  expect(proveBindings([], [])).toMatchObject({ bijection: false });
});
