/**
 * A `fetch` for libraries: no redirect, no more bytes than the limit, and the fault kept where the library would bury it.
 *
 * @module
 */
import type { CallFault } from "../execute/adapter.ts";
import { callFailed, fetchFault } from "../execute/call-failed.ts";
import type { Fetch } from "./http.ts";

export interface GuardedFetch {
  readonly fetch: Fetch;
  /** Why the last request failed; undefined where the library is to blame, or the service said so in words. */
  fault(): CallFault | undefined;
  /** Rejects when an answer is too long: a library may not notice that its stream broke off. */
  readonly broken: Promise<never>;
}

/** @param bytesMax - Of each response as it comes over the wire, decompressed. */
export function guardedFetch(send: Fetch, bytesMax: () => number): GuardedFetch {
  let fault: CallFault | undefined;
  let breakOff: (error: Error) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    breakOff = reject;
  });
  broken.catch(() => {});
  const fail = (reason: CallFault) => {
    fault = reason;
    return callFailed(reason);
  };
  const failWhole = () => {
    const error = fail("too-big");
    breakOff(error);
    return error;
  };
  return {
    broken,
    fault: () => fault,
    async fetch(url, init) {
      fault = undefined;
      let response: Response;
      try {
        response = await send(url, { ...init, redirect: "manual" });
      } catch (error) {
        throw fail(fetchFault(error));
      }
      if (response.status < 300 || response.status > 399) return limited(response, bytesMax(), failWhole);
      await response.body?.cancel();
      throw fail("redirect");
    },
  };
}

/** The same response, whose body breaks off at the limit. */
function limited(response: Response, bytesMax: number, fail: () => Error): Response {
  if (response.body === null) return response;
  let size = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.length;
        if (size > bytesMax) controller.error(fail());
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response(counted, { status, statusText, headers });
}
