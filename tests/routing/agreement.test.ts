/**
 * The router against the oracle, on generated requests, rules and registries: the same bytes, or one of them misreads docs/routing.md.
 *
 * `CANONIC_ROUTES=10000` makes that many cases; each has the number that repeats it.
 *
 * @module
 */
import { decide, verifyServiceProof } from "@canonic/caio";
import { type Digest, digestToBytes } from "@canonic/contracts";
import { expect, test } from "vitest";
import { Coverage } from "./generated/coverage.ts";
import { drawFrom } from "./generated/draw.ts";
import { drawNarrowEntry, drawNarrowQuestion, drawPricedEntry, drawPricedQuestion } from "./generated/narrow.ts";
import { drawQuestions } from "./generated/pool.ts";
import { drawEntry } from "./generated/services.ts";
import { drawCase, drawWorld } from "./generated/worlds.ts";
import { leafHash, rootFromPath, spell } from "./oracle/hashing.ts";
import { decideSlowly, type OracleQuestion } from "./oracle/oracle.ts";
import { plainWorld } from "./plain.ts";
import { bytesOf, leavesOf, open, route } from "./router.ts";

const CASES = Number(process.env["CANONIC_ROUTES"] ?? 400);

test(`decides ${CASES} generated requests as the specification says, with every verdict and the root`, () => {
  const coverage = new Coverage();
  let verdicts = 0;

  for (let seed = 0; seed < CASES; seed += 1) {
    const drawn = drawCase(seed);
    const expected = decideSlowly(drawn.world, drawn.question);
    const decided = route(drawn.world, drawn.question);

    expect(bytesOf(decided.record()), `case ${seed}`).toBe(bytesOf(expected.record));
    expect(leavesOf(decided), `case ${seed}`).toEqual(expected.leaves);
    coverage.add(drawn, expected);
    verdicts += expected.leaves.length;
  }

  expect(coverage.missing()).toEqual([]);
  expect(verdicts).toBeGreaterThan(CASES * 8);
});

test("shows each service its own verdict under the root, by the oracle's reading of RFC 6962, and no other verdict", () => {
  let shown = 0;

  for (let seed = 0; seed < CASES / 10; seed += 1) {
    const { world, question } = drawCase(seed);
    const decided = route(world, question);
    const record = decided.record();
    for (const [place, leaf] of leavesOf(decided).entries()) {
      const proof = decided.proof(place);
      const path = proof.path.map((hash: Digest) => digestToBytes(hash));
      const root = rootFromPath(leafHash(leaf), proof.index, proof.size, path);
      expect(root && spell(root), `case ${seed}`).toBe(record.root);
      expect(verifyServiceProof(record, decided.verdict(place), proof)).toBe(true);
      const other = decided.verdict((place + 1) % proof.size);
      if (proof.size > 1) expect(verifyServiceProof(record, other, proof)).toBe(false);
      shown += 1;
    }
  }

  expect(shown).toBeGreaterThan(CASES / 2);
});

test("decides the same on a world that has answered other questions before", () => {
  let answered = 0;

  for (let seed = 0; seed < CASES / 20; seed += 1) {
    const draw = drawFrom(800_000 + seed);
    const world = drawWorld(draw, 12);
    const opened = open(world);
    for (const question of drawQuestions(draw, world, 12)) {
      const expected = decideSlowly(world, question);
      expect(bytesOf(decide(opened, question).record()), `world ${seed}`).toBe(bytesOf(expected.record));
      answered += 1;
    }
  }

  expect(answered).toBe(Math.ceil(CASES / 20) * 12);
});

test("decides the same with numbers of services around those that fill a word or a ranking", () => {
  const draw = drawFrom(900_000);
  const entries = Array.from({ length: 100 }, (_, index) => drawEntry(draw, `s${index}`, "1.0.0"));

  for (const size of [0, 1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 95, 96, 97, 100]) {
    const world = plainWorld(entries.slice(0, size));
    const [question] = drawQuestions(draw, world, 1) as [OracleQuestion];
    const expected = decideSlowly(world, question);
    const decided = route(world, question);
    expect(bytesOf(decided.record()), `${size} services`).toBe(bytesOf(expected.record));
    expect(leavesOf(decided)).toEqual(expected.leaves);
  }
});

test("reads guarantees to the last unit, where shares of quantities fall between whole numbers or beyond them", () => {
  const draw = drawFrom(600_000);
  const entries = Array.from({ length: 300 }, (_, index) => drawNarrowEntry(draw, `s${index}`));
  const world = plainWorld(entries);
  const opened = open(world);
  const letters = { s: 0, v: 0, u: 0 };

  for (let number = 0; number < 60; number += 1) {
    const question = drawNarrowQuestion(draw);
    const expected = decideSlowly(world, question);
    const decided = decide(opened, question);
    expect(leavesOf(decided), `question ${number}`).toEqual(expected.leaves);
    for (const { states } of expected.verdicts) {
      for (const letter of states) letters[letter as "s" | "v" | "u"] += 1;
    }
  }

  expect(letters.v).toBeGreaterThan(10_000);
  expect(letters.u).toBeGreaterThan(10_000);
});

test("scores to the last unit, where no double holds the product of a cost", () => {
  const draw = drawFrom(610_000);
  const world = plainWorld(Array.from({ length: 300 }, (_, index) => drawPricedEntry(draw, `s${index}`)));
  const opened = open(world);
  let scores = 0;

  for (let number = 0; number < 20; number += 1) {
    const question = drawPricedQuestion(draw);
    const expected = decideSlowly(world, question);
    const decided = decide(opened, question);
    expect(leavesOf(decided), `question ${number}`).toEqual(expected.leaves);
    scores += expected.verdicts.filter(({ score }) => score !== null).length;
  }

  expect(scores).toBeGreaterThan(1_000);
});
