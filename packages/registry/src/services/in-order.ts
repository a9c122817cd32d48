/**
 * One at a time, in the order of the calls.
 *
 * @module
 */

/** Runs each work when all before it have ended, however those ended. */
export function inOrder(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
