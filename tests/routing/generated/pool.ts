/**
 * Many questions to few worlds: opening a world is dear, asking it is not.
 *
 * @module
 */
import { type Decided, decide, type PreparedWorld } from "@canonic/caio";
import { RouteIdentity, type RouteRequest, type ServiceEntry, type ServiceObservation } from "@canonic/contracts";
import { digestOf } from "../oracle/hashing.ts";
import type { OracleQuestion, OracleWorld } from "../oracle/oracle.ts";
import { plainQuestion } from "../plain.ts";
import { open } from "../router.ts";
import { type Draw, drawFrom } from "./draw.ts";
import { drawRequest } from "./requests.ts";
import { NOW, PERMISSIONS } from "./vocabulary.ts";
import { drawQuestion, drawWorld } from "./worlds.ts";

const WORLDS = 40;
const QUESTIONS = 30;
const SERVICES = 10;

/** One question, decided; `place` counts all cases of a test. */
export interface Posed {
  readonly place: number;
  readonly world: OracleWorld;
  readonly opened: PreparedWorld;
  readonly question: OracleQuestion;
  readonly decided: Decided;
  /** Those that passed all stages, in the snapshot's order. */
  readonly passed: readonly Candidate[];
  readonly candidates: readonly Candidate[];
  readonly draw: Draw;
}

export interface Candidate {
  readonly place: number;
  readonly entry: ServiceEntry;
  readonly observation: ServiceObservation | undefined;
}

/** Somebody with every permission and all trust. */
export const TRUSTED = RouteIdentity.parse({
  subject: "user:trusted",
  permissions: [...PERMISSIONS],
  trust: 3,
  token: digestOf("a token"),
});

let worlds: { readonly world: OracleWorld; readonly opened: PreparedWorld }[] | undefined;

function openedWorlds() {
  worlds ??= Array.from({ length: WORLDS }, (_, index) => {
    const world = drawWorld(drawFrom(7_000 + index), SERVICES);
    return { world, opened: open(world) };
  });
  return worlds;
}

/** A request that few fail, of quantities that are drawn. */
function easyQuestion(draw: Draw): OracleQuestion {
  const { quantities, intent, preferences } = drawRequest(draw);
  return plainQuestion({ quantities, intent, preferences }, { identity: TRUSTED, at: NOW });
}

/** Every other one is easy. */
export function drawQuestions(draw: Draw, world: OracleWorld, count: number): OracleQuestion[] {
  return Array.from({ length: count }, (_, number) =>
    number % 2 === 0 ? easyQuestion(draw) : drawQuestion(draw, world),
  );
}

/**
 * Decides 1,200 questions, half of them easy, each after `change`, and looks at each answer.
 *
 * @param look - True where the case was about what the test is about.
 * @returns How many cases there were, and how many were of the matter.
 */
export function pose(
  change: (request: RouteRequest, draw: Draw, question: OracleQuestion) => Partial<RouteRequest> | OracleQuestion,
  look: (posed: Posed) => boolean,
): { readonly cases: number; readonly relevant: number } {
  let [cases, relevant] = [0, 0];
  for (const [index, { world, opened }] of openedWorlds().entries()) {
    const draw = drawFrom(99_000 + index);
    for (const drawn of drawQuestions(draw, world, QUESTIONS)) {
      const changed = change(drawn.request, draw, drawn);
      const question = "request" in changed ? changed : { ...drawn, request: { ...drawn.request, ...changed } };
      if (look(posed(cases, world, opened, question, draw))) relevant += 1;
      cases += 1;
    }
  }
  return { cases, relevant };
}

function posed(place: number, world: OracleWorld, opened: PreparedWorld, asked: OracleQuestion, draw: Draw): Posed {
  const { authorization } = asked;
  const fits =
    authorization === null ||
    (authorization.dataClass === asked.request.dataClass &&
      authorization.identity === (asked.identity && digestOf(asked.identity)));
  const question = fits ? asked : { ...asked, authorization: null };
  const decided = decide(opened, question);
  const candidates = world.snapshot.services.map(
    (entry, at): Candidate => ({
      place: at,
      entry,
      observation: world.observations?.services.find(
        ({ service, version }) => service === entry.contract.service && version === entry.contract.version,
      ),
    }),
  );
  const passed = candidates.filter(({ place: at }) => decided.passed(at));
  return { place, world, opened, question, decided, passed, candidates, draw };
}

/** The candidate that was chosen. */
export function chosenIn({ decided, candidates }: Posed): Candidate | undefined {
  return decided.chosen === undefined ? undefined : candidates[decided.chosen];
}
