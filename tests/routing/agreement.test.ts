/**
 * The router against the oracle, on generated requests, rules and registries: the same bytes, or one of them misreads docs/routing.md.
 *
 * `CANONIC_ROUTES=10000` makes that many cases; each has the number that repeats it.
 *
 * @module
 */
import { verifyServiceProof } from "@canonic/caio";
import { type Digest, digestToBytes } from "@canonic/contracts";
import { expect, test } from "vitest";
import { Coverage } from "./generated/coverage.ts";
import { drawCase } from "./generated/worlds.ts";
import { leafHash, rootFromPath, spell } from "./oracle/hashing.ts";
import { decideSlowly } from "./oracle/oracle.ts";
import { bytesOf, leavesOf, route } from "./router.ts";

const CASES = Number(process.env["CANONIC_ROUTES"] ?? 600);

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
