/**
 * Decides the same questions wherever it runs, with the registry and the keys in an order of its own, and prints what came out.
 *
 * As a command: `node elsewhere.ts SEED SERVICES`; the seed is of the order alone.
 *
 * @module
 */
import { argv, stdout } from "node:process";
import { compileRules, decide, openWorld } from "@canonic/caio";
import { canonicalJson, routeDecisionDigestOf, type ServiceEntry, sortServices } from "@canonic/contracts";
import { readCatalogues } from "./catalogues.ts";
import { type Draw, drawFrom, shuffled } from "./generated/draw.ts";
import { drawQuestions } from "./generated/pool.ts";
import { drawRules } from "./generated/rules.ts";
import { drawEntry } from "./generated/services.ts";
import { snapshotOf, withName } from "./generated/snapshots.ts";
import { NOW } from "./generated/vocabulary.ts";
import { drawObservations } from "./generated/worlds.ts";
import type { OracleQuestion, OracleWorld } from "./oracle/oracle.ts";
import { plainQuestion, plainWorld } from "./plain.ts";
import { requestOfRow } from "./trace.ts";
import { turned } from "./turned.ts";

/** One world and what came out of its questions. */
export interface Outcome {
  readonly services: number;
  /** Digests of the records, their roots, who was chosen, and the proof of the first service. */
  readonly decisions: readonly string[];
}

/** A world with its services in no order yet. */
interface Unordered {
  readonly entries: readonly ServiceEntry[];
  readonly world: OracleWorld;
  readonly questions: readonly OracleQuestion[];
}

/** Real services; where more are wanted, each under two more names. */
function realOnes(services: number): Unordered {
  const real = readCatalogues().snapshot.services;
  const entries =
    services <= 1_000
      ? real
      : ["", "eu/", "us/"].flatMap((prefix) =>
          real.map((entry) => withName(entry, `${prefix}${entry.contract.service}`)),
        );
  const questions = Array.from({ length: 12 }, (_, place) =>
    plainQuestion(requestOfRow({ place, at: NOW, contextTokens: 97 * place ** 2, generatedTokens: 31 * place }), {
      at: NOW + place,
    }),
  );
  return { entries, world: plainWorld(entries), questions };
}

function generatedOnes(services: number): Unordered {
  const draw = drawFrom(4);
  const entries = Array.from({ length: services }, (_, index) =>
    drawEntry(draw, `g/${(index * 7_919) % services}`, draw.pick(["1.0.0", "1.9.0", "1.10.0"])),
  );
  const world = plainWorld(entries, {
    rules: drawRules(draw),
    observations: drawObservations(draw, snapshotOf(entries)),
  });
  return { entries, world, questions: drawQuestions(draw, world, 24) };
}

function decideAll({ entries, world, questions }: Unordered, order: Draw): Outcome {
  const snapshot = { ...world.snapshot, services: sortServices(shuffled(entries, order)) };
  const opened = openWorld(turned({ ...world, snapshot }), compileRules(turned(world.rules), turned(snapshot)));
  const decisions = shuffled([...questions.entries()], order)
    .map(([place, question]): [number, string] => {
      const decided = decide(opened, turned(question));
      const record = decided.record();
      const proof = canonicalJson(decided.proof(0));
      return [place, canonicalJson([routeDecisionDigestOf(record), record.root, record.outcome, proof])];
    })
    .sort(([a], [b]) => a - b)
    .map(([, text]) => text);
  return { services: entries.length, decisions };
}

/** Both worlds, in the order of the seed. */
export function decideEverything(seed: number, services: number): Outcome[] {
  return [realOnes(services), generatedOnes(services)].map((unordered) => decideAll(unordered, drawFrom(seed)));
}

if (import.meta.main) stdout.write(JSON.stringify(decideEverything(Number(argv[2]), Number(argv[3]))));
