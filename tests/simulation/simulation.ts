/**
 * One seed, from the first session to the last: people start sessions, faults end them, and what is left is looked at.
 *
 * First come sessions with faults, wrong tokens and wrong approvals. Then the world is calm, and the run must come to its
 * end, or stand for a reason that it states.
 *
 * @module
 */
import { type Digest, digestJson, type GateRequest, type JsonValue } from "@canonic/contracts";
import { isRunnerError } from "@canonic/runner";
import { Coverage } from "./coverage.ts";
import { drawFault, strike } from "./faults.ts";
import { lookAtEnd, lookAtWorld } from "./invariants.ts";
import {
  APPROVAL_KINDS,
  type ApprovalKind,
  armStore,
  drawTokenFault,
  type Presented,
  presentApproval,
  presentToken,
  register,
} from "./people.ts";
import { type Scheduler, turn } from "./scheduler.ts";
import { type Choices, choicesOf } from "./seeded-choices.ts";
import { type Defect, type Intent, type Route, type Session, startSession } from "./session.ts";
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
  readonly #rejects: boolean;
  readonly #sleepers: Session[] = [];
  readonly #presented = new Map<Digest, Presented>();
  #present: Presented | null = null;
  #approvals: unknown[] = [];
  #stands: string | null = null;

  constructor(seed: number, world: World, options: SimulationOptions) {
    this.#world = world;
    this.#options = options;
    this.#faults = choicesOf(seed, "faults");
    this.#people = choicesOf(seed, "people");
    this.#ports = choicesOf(seed, "ports");
    this.#rarity = this.#faults.pick([0, 60, 30, 18, 10]);
    this.#restless = this.#faults.below(7);
    this.#rejects = this.#people.chance(1, 10);
  }

  async play(): Promise<void> {
    const world = this.#world;
    world.story?.(`plan ${JSON.stringify(summaryOf(world))}`);
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
    if (last.type === "RUN_SEALED") return this.ends.at(-1) === "sealed again" ? null : this.#afterSeal();
    if (this.#stands !== null) {
      if (this.#people.chance(1, 2)) return "void";
      this.#world.coverage.count("end stands");
      return null;
    }
    return !this.#isCalm() && this.#people.chance(1, 40) ? "void" : "resume";
  }

  /** A sealed run is resumed once more, now and then: nothing must come of it. */
  #afterSeal(): Intent | null {
    if (this.#people.chance(1, 5)) return "resume";
    return null;
  }

  async #start(intent: Intent): Promise<Session> {
    const world = this.#world;
    const people = this.#people;
    const isCalm = this.#isCalm();
    const number = this.ends.length + 1;
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
      approve: (request) => this.#approve(request),
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

  #approve(request: GateRequest): unknown {
    const people = this.#people;
    const isKind = (kind: ApprovalKind): boolean => kind !== "again" || this.#approvals.length > 0;
    const last = this.#approvals.at(-1);
    let kind: ApprovalKind = this.#rejects && people.chance(1, 2) ? "rejection" : "good";
    if (!this.#isCalm()) {
      const drawn = people.weighted<ApprovalKind>([
        [8, kind],
        [3, "nothing"],
        [4, "again"],
        [8, people.pick(APPROVAL_KINDS)],
      ]);
      if (isKind(drawn)) kind = drawn;
    }
    this.#world.coverage.count(`approval ${kind}`);
    this.#world.story?.(`  at ${request.gate} somebody presents: ${kind}`);
    const approval = presentApproval(this.#world, request, kind, this.#approvals.length, last);
    if (approval !== null) this.#approvals.push(approval);
    return approval;
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
      if (sleeper.journal.isOvertaken()) this.#lookAtSleeper(sleeper);
      else this.#close(sleeper);
    }
  }

  /** One that was overtaken has an error of its journal, or reports the seal of the log, or that it waits and wrote nothing. */
  #lookAtSleeper({ end, journal, process }: Session): void {
    const world = this.#world;
    if (end === null) {
      world.breach("V11", `process ${process.number} has no end`);
      return;
    }
    const last = world.log.entries.at(-1)?.event;
    if ("result" in end) {
      const isSealed = last?.type === "RUN_SEALED" && last.data.status === end.result.status;
      const isIdle = end.result.status === "waiting" && journal.appends === 0;
      if (!isSealed && !isIdle)
        world.breach("V9", `process ${process.number} was overtaken and reports ${end.result.status}`);
      world.coverage.count(isIdle ? "overtaken still waits" : "overtaken reports the seal");
      return;
    }
    const isOwn = isRunnerError(end.error) && end.error.code === "runner.write-indeterminate";
    if (end.error !== journal.failure && !isOwn)
      world.breach("V8", `process ${process.number} ends with ${nameOf(end.error)}`);
    world.coverage.count("overtaken refused");
  }

  #close(session: Session): void {
    const { process, journal, end } = session;
    const world = this.#world;
    if (process.state === "dead") {
      const kept = this.#faults.between(0, journal.buffer.length);
      journal.flush(kept);
      world.scheduler.bury(process);
      this.#end(`crash, ${kept} of ${journal.buffer.length + kept} events kept`);
      return;
    }
    if (process.state === "paused") {
      this.#sleepers.push(session);
      this.#end("paused");
      return;
    }
    if (end === null) {
      world.breach("V11", `process ${process.number} has no end`);
      return;
    }
    this.#stands = null;
    if ("error" in end) this.#closeError(session, end.error);
    else this.#closeResult(session, end.result.status);
  }

  #closeError({ process, journal, intent }: Session, error: unknown): void {
    const world = this.#world;
    if (journal.failure !== null) {
      if (error !== journal.failure) world.breach("V8", `process ${process.number} ends with ${nameOf(error)}`);
      journal.flush(this.#faults.between(0, journal.buffer.length));
      world.coverage.count(`journal ${journal.failure.message}`);
      this.#end(`journal: ${journal.failure.message}`);
      return;
    }
    if (!isRunnerError(error)) {
      world.breach("V13", `process ${process.number} throws ${nameOf(error)}`);
      return;
    }
    world.coverage.count(`error ${error.code}`);
    this.#end(error.code);
    if (error.code === "runner.write-indeterminate" && intent === "resume") {
      if (this.#isCalm()) this.#stands = error.code;
      return;
    }
    world.breach("V13", `process ${process.number} throws ${error.code}: ${error.message}`);
  }

  #closeResult({ process, journal }: Session, status: string): void {
    const world = this.#world;
    const last = world.log.entries.at(-1)?.event;
    if (journal.buffer.length > 0) world.breach("V13", `process ${process.number} reports what is not on disk`);
    if (status === "waiting") {
      if (this.#isCalm()) world.breach("V11", "it waits, though somebody answers");
      this.#end("waiting");
      return;
    }
    if (status === "stopped") {
      if (last?.type !== "RUN_STOPPED") {
        world.breach("V13", `it reports a stop after ${last?.type}`);
        return;
      }
      const { code, task, gate } = last.data;
      world.coverage.count(`stop ${code}`);
      const where = `stopped at ${task ?? gate} by ${code}`;
      if (this.#isCalm() && this.ends.at(-1) === where) this.#stands = where;
      this.#end(where);
      return;
    }
    if (last?.type !== "RUN_SEALED" || last.data.status !== status) {
      world.breach("V13", `it reports ${status} after ${last?.type}`);
      return;
    }
    const isAgain = this.ends.some((before) => before.startsWith("sealed"));
    this.#end(isAgain ? "sealed again" : `sealed ${status}`);
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

/** Every event on disk, a line each: number, holder, type, task position or subject, and what was decided. */
function tellEvents({ story, log, planned }: World): void {
  if (story === null) return;
  for (const { event, fence } of log.entries) {
    const position = planned.plan.tasks.find(({ id }) => id === event.subject)?.position;
    const data = event.data as { decision?: string; status?: string; code?: string; attempt?: number };
    const said = [data.decision, data.status, data.code, data.attempt].filter((part) => part !== undefined);
    story(`${event.seq} [${fence}] ${event.type} ${position ?? event.subject} ${said.join(" ")}`);
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function summaryOf(world: World): JsonValue {
  const { plan, upsets } = world.planned;
  return {
    kind: plan.kind,
    mode: plan.mode,
    onFailure: plan.onFailure,
    tasks: plan.tasks.map(({ operation, bindings }) => [operation, bindings as unknown as JsonValue]),
    groups: plan.groups,
    gates: plan.gates as unknown as JsonValue,
    rechecks: plan.rechecks as unknown as JsonValue,
    replay: plan.expect.replay,
    upsets: [...upsets] as unknown as JsonValue,
  };
}
