/**
 * What a routing decision costs, and what it saves.
 *
 * Every decision is the whole: each service's answer to each clause, scores, order, choice. The record with its Merkle root, which is made
 * when somebody asks for it, is measured apart. Each world is opened afresh and decides each request once while it remembers nothing of it, three times over; the
 * code is warm from another world. The loops and libraries beside it see the same services and requests in the same process, and answer
 * less: who, and nothing about the others.
 *
 * @module
 */
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { compileRules, decide, openWorld, type PreparedWorld, type RouteQuestion } from "@canonic/caio";
import {
  CHEAPEST_SCORE_PROFILE,
  DEFAULT_PRIVACY_PROFILE,
  DEFAULT_SCORE_PROFILE,
  type ScoreProfile,
  type ServiceEntry,
} from "@canonic/contracts";
import { medianOf, quantileOf } from "./measuring.ts";
import {
  askedOf,
  type Candidate,
  candidateOf,
  isAdmissible,
  isOpen,
  isStated,
  leastPicos,
  picosOf,
} from "./routing-candidates.ts";
import { bareLoop, PEERS } from "./routing-peers.ts";
import { readTrace, rulesOf, variedQuestions } from "./routing-requests.ts";
import { generatedServices, realServices, snapshotOf } from "./routing-services.ts";

const MIXED = 3_000;
const MANY = 10_000;
const RULES = [0, 100, 1_000] as const;
const ROUNDS = 3;
const RECORDS = 100;
/** With rules every ninth request of the trace, and of the varied ones every third: enough for a p99, and the bench ends within minutes. */
const STEPS = { none: 1, rules: 9, varied: 3 };
/** How many requests of the trace the libraries get. */
const PEER_REQUESTS = 100;
/** At 3,000 services and no rules. */
const AIM = { p50Us: 50, p99Us: 1_000 };

/**
 * Microseconds of one decision or choice; of each input the least of {@link ROUNDS} rounds, each in a world that was opened for it, so that
 * waiting for a core that others want is no part of it. `anyP99Us` is over all rounds, with all waiting; `cpuUs` the mean that all
 * threads of the process computed.
 */
export type Spread = {
  readonly decisions: number;
  readonly cpuUs: number;
  readonly anyP99Us: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
};

export type RoutingReport = {
  /** How many processes wanted a core in the minute before, and how many cores there are. */
  readonly machine: { readonly load: number; readonly cores: number };
  readonly services: { readonly real: number; readonly mixed: number; readonly many: number };
  readonly trace: { readonly isReal: boolean; readonly requests: number };
  readonly worlds: readonly {
    readonly services: number;
    readonly rules: number;
    readonly requests: "trace" | "varied";
    readonly openMs: number;
    readonly clauses: number;
    readonly chosen: number;
    readonly spread: Spread;
    /** Median. */
    readonly recordMs: number;
  }[];
  readonly bare: readonly { readonly services: number; readonly spread: Spread }[];
  /** Over the mixed services under the cheapest profile: total picos, as text, against the exact least. */
  readonly bill: {
    readonly requests: number;
    readonly picos: string;
    readonly leastPicos: string;
    readonly ratio: number;
  };
  readonly peers: readonly {
    readonly name: string;
    readonly candidates: number;
    readonly spread: Spread;
    /** Of those picks that the request fits into. */
    readonly ratio: number;
    readonly unfit: number;
  }[];
};

/** Measures everything, one thing after the other. */
export async function run(): Promise<RoutingReport> {
  const machine = { load: loadavg()[0] as number, cores: availableParallelism() };
  const real = realServices();
  const mixed = snapshotOf([...real, ...generatedServices(MIXED - real.length, 1)]).services;
  const many = snapshotOf(generatedServices(MANY, 2)).services;
  const { isReal, questions } = readTrace();
  const varied = variedQuestions(questions);
  warm(questions, varied);
  const worlds: RoutingReport["worlds"][number][] = [];
  for (const services of [mixed, many]) {
    for (const rules of RULES) {
      worlds.push(await measure(services, rules, "trace", everyNth(questions, rules === 0 ? STEPS.none : STEPS.rules)));
    }
    worlds.push(await measure(services, 0, "varied", everyNth(varied, STEPS.varied)));
  }
  const bare: RoutingReport["bare"][number][] = [];
  for (const services of [mixed, many]) {
    const spread = await spreadOf(questions.map(askedOf), () => bareLoop(services));
    bare.push({ services: services.length, spread });
  }
  return {
    machine,
    services: { real: real.length, mixed: mixed.length, many: many.length },
    trace: { isReal, requests: questions.length },
    worlds,
    bare,
    bill: billOf(mixed, questions),
    peers: await measurePeers(mixed, questions),
  };
}

function open(services: readonly ServiceEntry[], rules: number, scoreProfile: ScoreProfile): PreparedWorld {
  const snapshot = snapshotOf(services);
  const ruleSet = rulesOf(rules);
  const privacyProfile = DEFAULT_PRIVACY_PROFILE;
  const world = { snapshot, rules: ruleSet, observations: null, scoreProfile, privacyProfile };
  return openWorld(world, compileRules(ruleSet, snapshot));
}

/** Compiles the code; nothing of these worlds is used again. */
function warm(questions: readonly RouteQuestion[], varied: readonly RouteQuestion[]): void {
  const services = generatedServices(1_000, 3);
  for (const rules of [0, 100]) {
    const world = open(services, rules, DEFAULT_SCORE_PROFILE);
    for (const question of [...questions.slice(0, 3_000), ...varied.slice(0, 3_000)]) decide(world, question);
  }
  const choose = bareLoop(services);
  for (const question of questions) choose(askedOf(question));
}

async function measure(
  services: readonly ServiceEntry[],
  rules: number,
  requests: "trace" | "varied",
  questions: readonly RouteQuestion[],
): Promise<RoutingReport["worlds"][number]> {
  const startedMs = performance.now();
  let world = open(services, rules, DEFAULT_SCORE_PROFILE);
  const openMs = performance.now() - startedMs;
  const spread = await spreadOf(questions, () => {
    world = open(services, rules, DEFAULT_SCORE_PROFILE);
    return (question) => decide(world, question);
  });
  const decideds = questions.map((question) => decide(world, question));
  const chosen = decideds.filter((decided) => decided.chosen !== undefined).length;
  const recorded = decideds.slice(0, RECORDS);
  const recordsMs = recorded.map((decided) => {
    const recordStartedMs = performance.now();
    decided.record();
    return performance.now() - recordStartedMs;
  });
  const clauses = decideds[0]?.clauses.length ?? 0;
  return {
    services: services.length,
    rules,
    requests,
    clauses,
    chosen,
    openMs,
    spread,
    recordMs: medianOf(recordsMs),
  };
}

function everyNth<Item>(items: readonly Item[], step: number): Item[] {
  return items.filter((_, place) => place % step === 0);
}

/** `open` gives what to call, anew for each round. */
async function spreadOf<Input>(inputs: readonly Input[], open: () => (input: Input) => unknown): Promise<Spread> {
  const rounds: number[][] = [];
  let cpuUs = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const call = open();
    globalThis.gc?.();
    const before = process.cpuUsage();
    const us: number[] = [];
    for (const input of inputs) {
      const startedMs = performance.now();
      const answer = call(input);
      if (answer instanceof Promise) await answer;
      us.push((performance.now() - startedMs) * 1_000);
    }
    const { user, system } = process.cpuUsage(before);
    cpuUs += user + system;
    rounds.push(us);
  }
  const least = inputs.map((_, place) => Math.min(...rounds.map((us) => us[place] as number)));
  return {
    decisions: inputs.length,
    cpuUs: cpuUs / (ROUNDS * inputs.length),
    perSecond: (inputs.length * 1e6) / least.reduce((sum, one) => sum + one, 0),
    p50Us: quantileOf(least, 0.5),
    p99Us: quantileOf(least, 0.99),
    maxUs: least.reduce((most, one) => Math.max(most, one), 0),
    anyP99Us: quantileOf(rounds.flat(), 0.99),
  };
}

/** Every request is decided under the cheapest profile, and its cost held against every candidate's, in whole numbers of any size. */
function billOf(services: readonly ServiceEntry[], questions: readonly RouteQuestion[]): RoutingReport["bill"] {
  const world = open(services, 0, CHEAPEST_SCORE_PROFILE);
  const all = services.map(candidateOf);
  const candidates = candidatesOf(services);
  let [picos, least] = [0n, 0n];
  for (const question of questions) {
    const asked = askedOf(question);
    const { chosen } = decide(world, question);
    const cheapest = leastPicos(candidates, asked);
    if (chosen === undefined || cheapest === null) throw new Error("a request of the trace was refused");
    const cost = picosOf(all[chosen] as Candidate, asked);
    if (cost !== cheapest) throw new Error(`the choice costs ${cost} picos, the cheapest ${cheapest}`);
    picos += cost;
    least += cheapest;
  }
  const ratio = ratioOf(picos, least);
  return { requests: questions.length, picos: String(picos), leastPicos: String(least), ratio };
}

function candidatesOf(services: readonly ServiceEntry[]): Candidate[] {
  return services.filter(isOpen).map(candidateOf).filter(isStated);
}

/** What a peer names is paid for only where the request fits; of all that it names, the cheapest. */
async function measurePeers(
  services: readonly ServiceEntry[],
  questions: readonly RouteQuestion[],
): Promise<RoutingReport["peers"]> {
  const candidates = candidatesOf(services);
  const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
  const step = Math.floor(questions.length / PEER_REQUESTS);
  const sample = everyNth(questions, step).map(askedOf);
  const peers: RoutingReport["peers"][number][] = [];
  for (const [name, openPeer] of Object.entries(PEERS)) {
    const route = openPeer(candidates);
    for (const asked of sample.slice(0, 20)) await route(asked);
    let [picos, least, unfit] = [0n, 0n, 0];
    const spread = await spreadOf(sample, () => route);
    for (const asked of sample) {
      const picked = (await route(asked)).map((one) => byName.get(one) as Candidate);
      const [cost] = picked.map((candidate) => picosOf(candidate, asked)).sort((a, b) => (a < b ? -1 : 1));
      if (cost === undefined || !picked.every((candidate) => isAdmissible(candidate, asked))) unfit += 1;
      else {
        picos += cost;
        least += leastPicos(candidates, asked) as bigint;
      }
    }
    peers.push({
      name,
      candidates: candidates.length,
      spread,
      ratio: ratioOf(picos, least),
      unfit,
    });
  }
  return peers;
}

/** To a millionth. */
function ratioOf(picos: bigint, least: bigint): number {
  return Number((picos * 1_000_000n) / least) / 1_000_000;
}

/** The report as lines for people. */
export function format({ machine, services, trace, worlds, bare, bill, peers }: RoutingReport): string {
  const columns = ({ perSecond, p50Us, p99Us, maxUs, anyP99Us, cpuUs }: Spread) =>
    [
      `${Math.round(perSecond)}/s`.padStart(11),
      `p50 ${p50Us.toFixed(1)}`.padStart(13),
      `p99 ${p99Us.toFixed(1)}`.padStart(14),
      `max ${maxUs.toFixed(0)}`.padStart(11),
      `waiting too: p99 ${anyP99Us.toFixed(0)}`.padStart(24),
      `cpu ${cpuUs.toFixed(0)} us`.padStart(12),
    ].join(" ");
  return [
    `load ${machine.load.toFixed(1)} on ${machine.cores} cores before the first decision`,
    `${trace.requests} requests of ${trace.isReal ? "the real trace" : "a generated trace"}; ${services.mixed} services of which ${services.real} are real, and ${services.many} generated`,
    "decisions with every verdict, in a world that has just been opened:",
    ...worlds.map(
      (world) =>
        `${nameOf(world)} ${columns(world.spread)}; ${world.clauses} clauses, ${world.chosen} chosen; record ${world.recordMs.toFixed(2)} ms, opened in ${world.openMs.toFixed(0)} ms`,
    ),
    `aim at ${MIXED} services, no rules: p50 under ${AIM.p50Us} us, p99 under ${AIM.p99Us} us`,
    "a choice without verdicts:",
    ...bare.map((one) => `${`bare loop, ${one.services} services`.padEnd(40)} ${columns(one.spread)}`),
    ...peers.map(
      ({ name, candidates, spread, ratio, unfit }) =>
        `${name.padEnd(40)} ${columns(spread)}; ${candidates} candidates, ${spread.decisions} requests, ${unfit} misrouted, bill ${ratio.toFixed(3)} x the least`,
    ),
    `bill of ${bill.requests} requests under the cheapest profile: ${bill.ratio.toFixed(3)} x the exact least (${bill.picos} picos)`,
  ].join("\n");
}

function nameOf({ services, rules, requests }: RoutingReport["worlds"][number]): string {
  return `${services} services, ${rules} rules, ${requests}`.padEnd(40);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(format(await run()));
