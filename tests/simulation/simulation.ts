/**
 * One seed, from the first session to the last: people start sessions, faults end them, and what is left is looked at.
 *
 * First come sessions with faults, wrong tokens and wrong approvals. Then the world is calm, and the run must come to its
 * end, or stand for a reason that it states.
 *
 * @module
 */
import { type Digest, digestJson, type JsonValue } from "@canonic/contracts";
import { Approver } from "./approver.ts";
import { Coverage } from "./coverage.ts";
import { endingOf, lookAtOvertaken } from "./endings.ts";
import { drawFault, strike } from "./faults.ts";
import { lookAtEnd, lookAtWorld } from "./invariants.ts";
import { armStore, drawTokenFault, type Presented, presentToken, register } from "./people.ts";
import { type Scheduler, turn } from "./scheduler.ts";
import { type Choices, choicesOf } from "./seeded-choices.ts";
import { type Defect, type Intent, type Route, type Session, startSession } from "./session.ts";
import { tellEvents, tellPlan } from "./story.ts";
import { type Story, type Violation, World } from "./world.ts";

export type SimulationOptions = {
  readonly defect?: Defect;
  readonly coverage?: Coverage;
  readonly story?: Story;
  /** Parses every event by its schema: slow, and so not for every seed. */
  readonly validates?: boolean;
};

/** `bytes` is the digest of everything that the seed led to. */
export type Outcome = { readonly violation: Violation | null; readonly bytes: Digest; readonly sessions: number };

/** More sessions than the longest plan needs when nothing goes wrong any more. */
const SESSIONS_MAX = 40;
/** More steps than any session takes. */
const STEPS_MAX = 4000;

export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Outcome> {
  const world = new World(seed, options.coverage ?? new Coverage(), options.story ?? null);
  const simulation = new Simulation(seed, world, options);
  await simulation.play();
  tellEvents(world);
  const bytes = digestJson([
    world.log.entries.map(({ leaf }) => leaf),
    world.target.effects as unknown as JsonValue,
    world.violation as JsonValue,
    simulation.ends,
  ]);
  return { violation: world.violation, bytes, sessions: simulation.ends.length };
}

const ROUTES: readonly (readonly [number, Route])[] = [
  [60, "planned"],
  [1, "other"],
  [1, "none"],
];

class Simulation {
  readonly ends: string[] = [];
  readonly #world: World;
  readonly #options: SimulationOptions;
  readonly #faults: Choices;
  readonly #people: Choices;
  readonly #ports: Choices;
  readonly #rarity: number;
  /** Sessions before the world is calm. */
  readonly #restless: number;
  readonly #approver: Approver;
  readonly #sleepers: Session[] = [];
  readonly #presented = new Map<Digest, Presented>();
  #present: Presented | null = null;
  #stands = false;

  constructor(seed: number, world: World, options: SimulationOptions) {
    this.#world = world;
    this.#options = options;
    this.#faults = choicesOf(seed, "faults");
    this.#people = choicesOf(seed, "people");
    this.#ports = choicesOf(seed, "ports");
    this.#rarity = this.#faults.pick([0, 60, 30, 18, 10]);
    this.#restless = this.#faults.below(7);
    this.#approver = new Approver(world, this.#people);
  }

  async play(): Promise<void> {
    const world = this.#world;
    tellPlan(world);
    for (;;) {
      this.#leave();
      const intent = this.#nextIntent();
      if (intent === null) break;
      if (this.ends.length >= SESSIONS_MAX) {
        world.breach("V11", `the run has not ended after ${SESSIONS_MAX} sessions`);
        break;
      }
      const session = await this.#start(intent);
      await this.#drive(session);
      if (world.violation !== null) return;
      this.#close(session);
      lookAtWorld(world, this.#presented);
      if (world.violation !== null) return;
    }
    await this.#wakeAll();
    if (world.violation !== null) return;
    lookAtWorld(world, this.#presented);
    lookAtEnd(world);
    this.#count();
  }

  #isCalm(): boolean {
    return this.ends.length >= this.#restless;
  }

  /** What somebody wants next; null when nobody wants anything any more. */
  #nextIntent(): Intent | null {
    const last = this.#world.log.entries.at(-1)?.event;
    if (last === undefined) return "run";
    if (last.type === "RUN_SEALED") return this.#afterSeal();
    if (this.#stands) {
      if (this.#people.chance(1, 2)) return "void";
      this.#world.coverage.count("end stands");
      return null;
    }
    return !this.#isCalm() && this.#people.chance(1, 40) ? "void" : "resume";
  }

  /** A sealed run is resumed once more, now and then: nothing must come of it. */
  #afterSeal(): Intent | null {
    return this.#people.chance(1, 5) ? "resume" : null;
  }

  async #start(intent: Intent): Promise<Session> {
    const world = this.#world;
    const people = this.#people;
    const isCalm = this.#isCalm();
    const number = this.ends.length + 1;
    world.forget();
    if (isCalm || people.chance(3, 4)) armStore(world, isCalm ? 3600 : people.pick([1, 60, 3600]));
    if (world.sourceVersion > 0 && people.chance(1, 3)) world.sourceVersion = 0;
    if (this.#present === null || isCalm || people.chance(1, 2)) {
      const fault = !isCalm && people.chance(1, 4) ? drawTokenFault(world, people) : null;
      if (fault !== null) world.coverage.count(`token ${fault}`);
      this.#present = presentToken(world, number, fault, people);
      this.#presented.set(this.#present.digest, this.#present);
      if (people.chance(2, 3)) register(world, this.#present);
    }
    world.log.fence += 1;
    const process = { number, fence: world.log.fence, state: "alive" as const };
    world.story?.(`session ${number}: ${intent}, ${isCalm ? "calm" : "restless"}, at ${world.now()}`);
    return startSession({
      world,
      process,
      intent,
      presented: this.#present,
      approve: (request) => this.#approver.approve(request, isCalm),
      choices: this.#ports,
      defect: this.#options.defect ?? {},
      validates: this.#options.validates ?? false,
      route: isCalm ? "planned" : this.#ports.weighted(ROUTES),
      isModelForbidden: !isCalm && this.#ports.chance(1, 30),
    });
  }

  /** A holder that is overtaken leaves on disk whatever its store had written by then. */
  #leave(): void {
    for (const { process, journal } of this.#sleepers)
      if (process.fence === this.#world.log.fence) journal.flush(this.#faults.between(0, journal.buffer.length));
  }

  /** Takes steps until the session has ended, died or been paused. */
  async #drive(session: Session, isRestless = !this.#isCalm()): Promise<void> {
    const world = this.#world;
    for (let steps = 0; session.end === null && session.process.state === "alive"; steps += 1) {
      if (world.violation !== null) return;
      if (steps > STEPS_MAX) {
        world.breach("V11", `process ${session.process.number} never ends`);
        return;
      }
      this.#stir(session);
      const step = world.scheduler.next();
      if (step === undefined) {
        if (await isIdle(session, world.scheduler)) {
          world.breach("V11", `process ${session.process.number} waits for nothing`);
          return;
        }
        continue;
      }
      const fault = isRestless ? drawFault(this.#faults, this.#rarity, step) : null;
      if (fault !== null) {
        strike(world, session, fault, step, this.#faults);
        if (session.process.state !== "alive") break;
        if (step.delayed > 0) continue;
      }
      world.pass();
      world.coverage.count(`step ${step.kind}`);
      world.story?.(`  step: ${step.kind} ${step.about} of process ${step.process.number}`);
      await world.scheduler.take(step);
    }
  }

  /** Now and then a sleeper wakes up, or a store writes on its own. */
  #stir({ journal }: Session): void {
    if (this.#faults.chance(1, 12) && !journal.isOvertaken() && journal.failure === null)
      journal.flush(journal.buffer.length);
    const sleeper = this.#sleepers.find(({ process }) => process.state === "paused");
    if (sleeper !== undefined && this.#faults.chance(1, 8)) this.#wake(sleeper);
  }

  #wake(sleeper: Session): void {
    sleeper.process.state = "alive";
    this.#world.coverage.count("wake");
    this.#world.story?.(`  process ${sleeper.process.number} wakes up`);
  }

  async #wakeAll(): Promise<void> {
    for (const sleeper of this.#sleepers) {
      if (sleeper.process.state === "paused") this.#wake(sleeper);
      await this.#drive(sleeper, false);
      if (this.#world.violation !== null) return;
      if (sleeper.journal.isOvertaken()) lookAtOvertaken(this.#world, sleeper);
      else this.#close(sleeper);
    }
  }

  /** What a session leaves: on disk, and as its ending. */
  #close(session: Session): void {
    const { process, journal } = session;
    const world = this.#world;
    if (process.state === "paused") {
      this.#sleepers.push(session);
      this.#end("paused");
      return;
    }
    if (process.state === "dead" || journal.failure !== null)
      journal.flush(this.#faults.between(0, journal.buffer.length));
    if (process.state === "dead") {
      world.scheduler.bury(process);
      this.#end(`crash, ${journal.buffer.length} events lost`);
      return;
    }
    const { how, stands } = endingOf(world, session, this.#isCalm());
    const isRepeated = stands === "when repeated" && this.ends.at(-1) === how;
    this.#stands = this.#isCalm() && (stands === "at once" || isRepeated);
    this.#end(how);
  }

  #end(how: string): void {
    this.#world.story?.(`  ends: ${how}`);
    this.ends.push(how);
  }

  /** Counts what the run came to. */
  #count(): void {
    const { coverage, log } = this.#world;
    for (const { event } of log.entries) {
      coverage.count(`event ${event.type}`);
      if (event.type === "RUN_SEALED") coverage.count(`sealed ${event.data.status}`);
      if (event.type === "DRIFT_CHECK") coverage.count(`drift ${event.data.decision}`);
    }
    coverage.count("seeds");
  }
}

/** True when a few more turns bring nothing: the code under test gives way to the event loop now and then. */
async function isIdle(session: Session, scheduler: Scheduler): Promise<boolean> {
  for (let turns = 0; turns < 4; turns += 1) {
    await turn();
    if (session.end !== null || !scheduler.isEmpty()) return false;
  }
  return true;
}
