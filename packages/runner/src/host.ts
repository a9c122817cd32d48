/**
 * The host: what an engine does for the drive loop, and the local one.
 *
 * Engines that schedule elsewhere come behind the same five verbs; the journal stays with the runner.
 *
 * Invariants:
 *   H1. `next` is the loop's only await while tasks run: whatever completes first, there is one place where it enters.
 *   H2. A call with `ready` does not reach its operation before `ready` has resolved, and never when it rejects.
 *   H3. An error of the operations port or of `ready` comes out of `next` unchanged, and stays.
 *   H4. `gate` answers null when nobody has said anything; it does not wait for a person. What it hands over is judged
 *       elsewhere.
 *
 * @module
 */
import type { GateRequest } from "@canonic/contracts";
import type { Call } from "./call.ts";
import type { Answer, Approvals, Clock, Execution, OperationsPort } from "./ports.ts";

export interface Host {
  /** Takes the call on and returns at once. */
  start(call: Call, ready: Promise<void> | null): void;
  /** The position of one more ended call, in the order of ending. */
  next(): Promise<number>;
  /** How an ended call ended; it can be asked once. */
  value(position: number): Execution;
  /** What a person says to this, as they gave it; null for nothing yet. */
  gate(request: GateRequest): Answer<unknown>;
  now(): string;
}

/** Long enough that it costs nothing, short enough that a progress line, a signal and a group commit get their turn. */
const TURN_MS = 10;

/** The host in this process, over a port that executes operations and one that has a person's answers. */
export function createLocalHost(operations: OperationsPort, clock: Clock, approvals: Approvals = () => null): Host {
  const values = new Map<number, Execution>();
  let ended: number[] = [];
  let taken = 0;
  let broken: { readonly error: unknown } | null = null;
  let wake: (() => void) | null = null;
  let lastTurnMs = clock.monotonicMs();

  const end = (position: number, execution: Execution): void => {
    values.set(position, execution);
    ended.push(position);
    wake?.();
  };
  const fail = (error: unknown): void => {
    broken ??= { error };
    wake?.();
  };
  const execute = ({ task, input, contract, entitlement }: Call): Promise<Execution> =>
    operations.execute(task, input, contract, entitlement);

  return {
    start(call, ready) {
      const { position } = call.task;
      const execution = ready === null ? execute(call) : ready.then(() => execute(call));
      execution.then((value) => end(position, value), fail);
    },
    async next() {
      const nowMs = clock.monotonicMs();
      if (nowMs - lastTurnMs > TURN_MS) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        lastTurnMs = clock.monotonicMs();
      }
      while (broken === null && taken === ended.length) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
      if (broken !== null) throw broken.error;
      const position = ended[taken] as number;
      taken += 1;
      if (taken === ended.length) {
        ended = [];
        taken = 0;
      }
      return position;
    },
    value(position) {
      const execution = values.get(position);
      if (execution === undefined) throw new Error(`assertion failed: task ${position} has not ended`);
      values.delete(position);
      return execution;
    },
    gate: (request) => approvals(request),
    now: () => clock.now(),
  };
}
