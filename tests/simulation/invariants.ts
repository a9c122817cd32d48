/**
 * The invariants of the simulation, and those that are looked at between sessions.
 *
 *   V1.  No write's effect happens twice.
 *   V2.  A run that completed has every effect exactly once, and the outputs of the oracle.
 *   V3.  A write happens only when its intent is on disk.
 *   V4.  Nothing behind a gate begins before the gate's approval is on record; it is of its approver, for exactly
 *        this, was shown while it held, and is recorded once.
 *   V5.  The grammar accepts the events on disk after every session, whatever prefix a crash left.
 *   V6.  Nothing begins when authority could see a halt, a revocation, an expiry or a store that is not armed; no token is
 *        used more often than it allows, each execution being a use, and the store knows of every use: spent when it ended, spent
 *        or held when it began.
 *   V7.  A write happens only when every recheck that stands before it gave the journaled bytes just before.
 *   V8.  Nothing begins after the journal has failed, and the session ends with the journal's own error, unchanged.
 *   V9.  A target that has met a holder takes no write of an earlier one, and neither does the log.
 *   V10. Attempts and fences increase; chains are whole.
 *   V11. No session hangs, and every run comes to an end or stands for a stated reason.
 *   V12. The same seed gives the same bytes.
 *   V13. What a session reports is on disk when it reports it.
 *   V14. An operation is given what its contract entitles it to, with its run's key and its holder's fence, and nothing else.
 *   V15. What is executed was begun in the journal, is asked for by a recheck, or is part of the replay.
 *   V16. No secret-shaped value of a bound plan is in the journal.
 *
 * V3, V4, V6 to V8, V14 and V15 are looked at in `operations-port.ts` while operations begin and write, V10 in `grammar.ts`,
 * V8, V9, V11 and V13 in `endings.ts` when a session ends, V11 in `simulation.ts` while it goes on, V12 in `many-seeds.ts`.
 *
 * @module
 */
import type { Digest, JsonValue, RunEvent } from "@canonic/contracts";
import { grammarFault } from "./grammar.ts";
import { REGISTRIES, SECRET } from "./operations.ts";
import { oracleFault } from "./oracle.ts";
import { approvalFault, type Presented } from "./people.ts";
import type { World } from "./world.ts";

/** Looks at the world as it stands between two sessions. */
export function lookAtWorld(world: World, presented: ReadonlyMap<Digest, Presented>): void {
  const events = world.log.events();
  lookAtGrammar(world, events);
  lookAtEffects(world);
  lookAtApprovals(world, events);
  lookAtLimits(world, events, presented);
}

/** Looks at what is left when nothing goes on any more. */
export function lookAtEnd(world: World): void {
  const events = world.log.events();
  const seal = events.at(-1);
  const { plan } = world.planned;
  for (const [digest, bytes] of world.log.payloads)
    if (plan.kind === "bound" && Buffer.from(bytes).includes(SECRET))
      world.breach("V16", `payload ${digest} holds the secret`);
  if (seal?.type !== "RUN_SEALED" || (seal.data.status !== "completed" && seal.data.status !== "violated")) return;
  for (const task of plan.tasks.filter(({ operation }) => operation.startsWith("target."))) {
    const count = world.target.effects.filter(({ key }) => key === `${world.run}/${task.id}`).length;
    if (count !== 1) world.breach("V2", `the write of task ${task.position} happened ${count} times`);
  }
  const digests = new Map(
    events.flatMap((event) => (event.type === "EXECUTION_COMPLETED" ? [[event.subject, event.data.output]] : [])),
  );
  const outputs = plan.tasks.map(({ id }) => {
    const bytes = world.log.payloads.get(digests.get(id) as Digest);
    return Buffer.from(bytes ?? []).toString("utf8");
  });
  const fault = oracleFault(world, outputs);
  if (fault !== null) world.breach("V2", fault);
}

function lookAtGrammar(world: World, events: readonly RunEvent[]): void {
  const { plan } = world.planned;
  const fault = grammarFault({
    plan,
    planDigest: world.planDigest,
    contracts: REGISTRIES[plan.mode].contracts,
    events,
    payload: (digest) => {
      const bytes = world.log.payloads.get(digest);
      return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString("utf8")) as JsonValue);
    },
  });
  if (fault !== null) world.breach("V5", fault);
}

function lookAtEffects(world: World): void {
  const { effects } = world.target;
  const keys = new Set(effects.map(({ key }) => key));
  if (keys.size < effects.length) world.breach("V1", "a write's effect happened twice");
  for (const [index, { fence }] of effects.entries())
    if (fence < (effects[index - 1]?.fence ?? 0)) world.breach("V9", `fence ${fence} wrote after a later one`);
  for (const [index, { fence }] of world.log.entries.entries())
    if (fence < (world.log.entries[index - 1]?.fence ?? 0))
      world.breach("V9", `fence ${fence} journaled after a later one`);
}

function lookAtApprovals(world: World, events: readonly RunEvent[]): void {
  const recorded = events.flatMap((event) => (event.type === "APPROVAL_RECORDED" ? [event.data] : []));
  if (new Set(recorded.map(({ approval }) => approval)).size < recorded.length)
    world.breach("V4", "an approval was used twice");
  for (const data of recorded) {
    const fault = approvalFault(world, data);
    if (fault !== null) world.breach("V4", `the approval of ${data.gate}: ${fault}`);
  }
}

/**
 * What the journal shows under each token against the token's own limits, and against what the store says was spent.
 *
 * The store may know of more: of executions whose events were lost, and of what is still held for them. One that lives no
 * longer than a session knows of its own token, once something has begun under it.
 */
function lookAtLimits(world: World, events: readonly RunEvent[], presented: ReadonlyMap<Digest, Presented>): void {
  const under = new Map<string, Digest>();
  const began = new Map<Digest, number>();
  const ended = new Map<Digest, number[]>();
  for (const { type, subject, data } of events) {
    if (type === "RESOURCE_LIMIT_CHECK") under.set(subject, data.token);
    const token = under.get(subject) as Digest;
    if (type === "EXECUTION_STARTED") began.set(token, (began.get(token) ?? 0) + 1);
    if (type === "EXECUTION_COMPLETED") ended.set(token, [...(ended.get(token) ?? []), data.tokens]);
    if (type === "OPERATION_ABORTED") ended.set(token, [...(ended.get(token) ?? []), costOf(world, subject)]);
  }
  const working = world.log.entries.findLast(({ event }) => event.type === "EXECUTION_STARTED");
  const remembered = working?.fence === world.log.fence ? under.get(working.event.subject) : undefined;
  for (const [token, executions] of began) {
    const limits = presented.get(token)?.claims.limits;
    if (limits === undefined) {
      world.breach("V6", "tasks began under a token that nobody presented");
      return;
    }
    const { counts } = world.storage.reserve(
      { id: "nothing", at: world.now(), need: 0, tokens: [{ token, since: world.now() }] },
      () => false,
    );
    const known = counts[0];
    const spent = ended.get(token) ?? [];
    const tokens = sumOf(spent);
    if (executions > limits.invocations)
      world.breach("V6", `${executions} executions for ${limits.invocations} invocations`);
    if (tokens > limits.tokensTotal) world.breach("V6", `${tokens} model tokens for ${limits.tokensTotal}`);
    if (world.forgetsAuthority && token !== remembered) continue;
    if (known === undefined || known.invocationsUsed < spent.length || known.tokensUsed < tokens)
      world.breach("V6", "the store knows of less than was spent");
    else if (known.invocationsUsed + known.invocationsReserved < executions)
      world.breach("V6", "the store knows of fewer executions than began");
    else if (known.invocationsUsed + known.invocationsReserved > limits.invocations)
      world.breach("V6", "the store has given away more than the token allows");
  }
}

/** What an execution of a task may cost at most. */
function costOf({ planned }: World, id: string): number {
  const { mode, tasks } = planned.plan;
  const task = tasks.find((each) => each.id === id);
  return REGISTRIES[mode].contracts.get(task?.operation ?? "")?.tokensMax ?? 0;
}

function sumOf(costs: readonly number[]): number {
  return costs.reduce((sum, cost) => sum + cost, 0);
}
