/**
 * One flow for stores that answer at once and for stores that answer later.
 *
 * A flow is a generator that asks with `yield* ask(answer)`. It goes on in the same turn as long as the answers are there; from
 * the first promise on it is a promise itself.
 *
 * @module
 */
import type { Answer } from "./storage.ts";

export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

/** The value of an answer, now or when it comes. */
export function* ask<T>(answer: Answer<T>): Steps<T> {
  return answer instanceof Promise ? ((yield answer) as T) : answer;
}

/** Runs a flow to its end. */
export function settle<T>(steps: Steps<T>): Answer<T> {
  const first = steps.next();
  return first.done ? first.value : later(steps, first.value);
}

async function later<T>(steps: Steps<T>, pending: Promise<unknown>): Promise<T> {
  for (let waitedFor = pending; ; ) {
    let value: unknown;
    try {
      value = await waitedFor;
    } catch (error) {
      const thrown = steps.throw(error);
      if (thrown.done) return thrown.value;
      waitedFor = thrown.value;
      continue;
    }
    const next = steps.next(value);
    if (next.done) return next.value;
    waitedFor = next.value;
  }
}
