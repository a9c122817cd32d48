/**
 * One call of one service: within its time, of bounded size, and measured.
 *
 * Invariants:
 *   C1. It ends: by an answer, by the deadline, or because the caller gave up, whether or not the adapter listens to its signal.
 *   C2. What is thrown by an adapter or a library reaches nobody: only the fault does.
 *   C3. What is returned as output is canonical JSON within the size limit, and nobody else's object.
 *
 * @module
 */
import { type ControlSignal, canonicalBytes, frozenJson, type JsonValue, UnitName } from "@canonic/contracts";
import { isCaioError } from "../errors.ts";
import type { CallFault, ExecutionClock, ServiceAnswer, ServiceConnection } from "./adapter.ts";
import { callFailed } from "./call-failed.ts";

const TIMER_MS_MAX = 2_147_483_647;

/** `usage` is `inconsistent`, too, where a quantity is no whole number; only whole ones are in `quantities`. */
export type CallResult = { readonly latencyUs: number } & (
  | {
      readonly kind: "answered";
      readonly output: JsonValue;
      readonly quantities: Readonly<Record<string, number>>;
      readonly usage: ServiceAnswer["usage"];
    }
  | { readonly kind: "failed"; readonly fault: CallFault; readonly status: number | null }
);

export interface CallLimits {
  readonly deadlineUs: number;
  readonly outputBytesMax: number;
  readonly clock: ExecutionClock;
  /** The caller's own, to give up. */
  readonly signal: AbortSignal | undefined;
}

/** Calls once. Throws nothing but what is our own mistake. */
export async function callService(
  connect: (signal: AbortSignal) => Promise<ServiceConnection>,
  input: JsonValue,
  control: ControlSignal | null,
  limits: CallLimits,
): Promise<CallResult> {
  const { clock, deadlineUs, outputBytesMax } = limits;
  const started = clock.monotonicUs();
  const elapsed = () => Math.max(0, Math.ceil(clock.monotonicUs() - started));
  try {
    const answer = await within(limits, async (signal) => {
      const connection = await connect(signal);
      return await connection.call({ input, control, outputBytesMax, signal });
    });
    const latencyUs = elapsed();
    if (latencyUs > deadlineUs) return { kind: "failed", fault: "deadline", status: null, latencyUs };
    return { kind: "answered", latencyUs, ...checked(answer, outputBytesMax) };
  } catch (error) {
    if (isCaioError(error) && error.code === "caio.adapter-missing") throw error;
    const { fault, status } = faultOf(error);
    return { kind: "failed", fault, status, latencyUs: elapsed() };
  }
}

/** Runs `work` until it settles, the deadline passes or the caller gives up; in the latter two its signal is aborted. */
export async function within<Value>(
  { clock, deadlineUs, signal }: Pick<CallLimits, "clock" | "deadlineUs" | "signal">,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController();
  let fail: (fault: CallFault) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    fail = (fault) => {
      reject(callFailed(fault));
      controller.abort();
    };
  });
  const giveUp = () => fail("aborted");
  signal?.addEventListener("abort", giveUp, { once: true });
  const stop = clock.after(Math.min(TIMER_MS_MAX, Math.ceil(deadlineUs / 1000)), () => fail("deadline"));
  try {
    if (signal?.aborted === true) giveUp();
    return await Promise.race([ended, controller.signal.aborted ? ended : work(controller.signal)]);
  } finally {
    stop();
    signal?.removeEventListener("abort", giveUp);
  }
}

export function faultOf(error: unknown): { readonly fault: CallFault; readonly status: number | null } {
  if (isCaioError(error) && error.code === "caio.call-failed") return error.details;
  return { fault: "failed", status: null };
}

function checked({ output, quantities, usage }: ServiceAnswer, outputBytesMax: number) {
  const whole: Record<string, number> = {};
  let isWhole = true;
  for (const [unit, quantity] of Object.entries(quantities)) {
    if (UnitName.safeParse(unit).success && Number.isSafeInteger(quantity) && (quantity as number) >= 0) {
      whole[unit] = (quantity as number) + 0;
    } else isWhole = false;
  }
  return {
    output: ownJson(output, outputBytesMax),
    quantities: whole,
    usage: isWhole ? usage : ("inconsistent" as const),
  };
}

function ownJson(output: unknown, bytesMax: number): JsonValue {
  let bytes: Uint8Array;
  try {
    bytes = canonicalBytes(output as JsonValue);
  } catch {
    throw callFailed("malformed");
  }
  if (bytes.length > bytesMax) throw callFailed("too-big");
  return frozenJson(output as JsonValue);
}
