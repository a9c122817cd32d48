/**
 * The invariants of routing that speak of what is recorded: the choice follows from the verdicts, the verdicts stand under the root, the inputs
 * are named, and equal inputs give equal bytes. Each over 1,200 decisions.
 *
 * @module
 */
import { decide } from "@canonic/caio";
import { RouteDecision, ServiceVerdict } from "@canonic/contracts";
import { expect, test } from "vitest";
import { drawFrom, shuffled } from "./generated/draw.ts";
import { pose } from "./generated/pool.ts";
import { digestOf, leafHash, spell, treeHash } from "./oracle/hashing.ts";
import { bytesOf, leavesOf } from "./router.ts";
import { turned } from "./turned.ts";

const CASES = 1_200;
const STAGES = ["match", "rules", "security", "traits"] as const;

test("correctness: the first of exactly those whose every letter is `s`, in an order that no pair of them breaks", () => {
  const counts = pose(
    () => ({}),
    ({ decided, passed, candidates }) => {
      const verdicts = candidates.map(({ place }) => decided.verdict(place));
      const clean = verdicts.filter(({ states }) => !/[vu]/.test(states));
      expect(passed.map(({ entry }) => entry.contract.version)).toEqual(clean.map(({ version }) => version));
      expect(verdicts.filter(({ score }) => score !== null)).toEqual(clean);
      const { ranking } = decided;
      expect(ranking.length).toBe(Math.min(8, clean.length));
      const infinite = (value: number | null) => value ?? Number.POSITIVE_INFINITY;
      // A cost that was assumed orders like one that nobody knows.
      const known = ({ contract, costPicos }: (typeof ranking)[number]) => {
        const { assumed } = passed.find(({ entry }) => digestOf(entry.contract) === contract)?.entry.contract ?? {};
        return infinite(assumed?.some((pointer) => pointer === "" || pointer === "/cost") === true ? null : costPicos);
      };
      for (const [index, one] of ranking.entries()) {
        const next = ranking[index + 1];
        if (next === undefined) continue;
        const { score, latencyUs, service } = one;
        expect(score).toBeGreaterThanOrEqual(next.score);
        if (score !== next.score) continue;
        expect(known(one)).toBeLessThanOrEqual(known(next));
        if (known(one) !== known(next)) continue;
        expect(infinite(latencyUs)).toBeLessThanOrEqual(infinite(next.latencyUs));
        if (latencyUs === next.latencyUs) expect(service <= next.service).toBe(true);
      }
      const best = clean.reduce((most, { score }) => Math.max(most, score ?? 0), Number.NEGATIVE_INFINITY);
      if (ranking[0] !== undefined) expect(ranking[0].score).toBe(best);
      expect(decided.tied).toBe(clean.filter(({ score }) => score === best).length);
      return clean.length > 1;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
});

test("audit trail: a letter for every clause of every service, also when all are refused, and counts and root that follow from them", () => {
  const counts = pose(
    () => ({}),
    ({ decided, candidates }) => {
      const record = RouteDecision.parse(decided.record());
      const verdicts = candidates.map(({ place }) => ServiceVerdict.parse(decided.verdict(place)));
      const leaves = leavesOf(decided);
      expect(leaves.length).toBe(candidates.length);
      expect(record.root).toBe(spell(treeHash(leaves.map(leafHash))));
      for (const { states } of verdicts) expect(states.length).toBe(record.clauses.length);
      let left = verdicts.map(({ states }) => states);
      for (const stage of STAGES) {
        left = left.filter((states) => record.clauses.every((one, at) => one.stage !== stage || states[at] === "s"));
        expect(record.counts[stage]).toBe(left.length);
      }
      const stages = record.clauses.map(({ stage }) => STAGES.indexOf(stage));
      expect(stages).toEqual([...stages].sort());
      return record.outcome.kind === "refused";
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
});

test("traceability: the record names each of its inputs by the digest of its bytes, and the chosen contract by its own", () => {
  const counts = pose(
    () => ({}),
    ({ decided, world, question, candidates }) => {
      const record = decided.record();
      expect(record.request).toBe(digestOf(question.request));
      expect(record.world).toEqual({
        snapshot: digestOf(world.snapshot),
        identity: question.identity && digestOf(question.identity),
        rules: digestOf(world.rules),
        observations: world.observations && digestOf(world.observations),
        scoreProfile: digestOf(world.scoreProfile),
        privacyProfile: digestOf(world.privacyProfile),
        authorization: question.authorization && digestOf(question.authorization),
      });
      expect([record.semantics, record.at]).toEqual([1, new Date(question.at).toISOString()]);
      for (const { place, entry } of candidates) {
        expect(decided.verdict(place).contract).toBe(digestOf(entry.contract));
      }
      return record.outcome.kind === "chosen";
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
});

test("determinism: equal bytes when asked again, in another order of questions, and with every key in another order", () => {
  const asked: { readonly again: () => string; readonly bytes: string }[] = [];
  const counts = pose(
    () => ({}),
    ({ decided, opened, question }) => {
      const bytes = bytesOf(decided.record());
      asked.push({ bytes, again: () => bytesOf(decide(opened, turned(question)).record()) });
      return decided.outcome.kind === "chosen";
    },
  );

  const order = shuffled(asked, drawFrom(1));
  for (const { again, bytes } of order) expect(again()).toBe(bytes);

  expect(counts.cases).toBe(CASES);
  expect(asked.length).toBe(CASES);
});
