/**
 * Services that are one operation of an HTTP interface, over the runtime's `fetch`.
 *
 * Invariants:
 *   H1. No other origin than the contract's is asked: a redirect is followed for GET alone, within the origin, three times.
 *   H2. No more bytes are read than the limit, and none after the caller stopped waiting.
 *
 * @see OpenAPI 3.1; RFC 9110, sections 15.4 (redirects) and 15.
 * @module
 */
import type { ServiceContract } from "@canonic/contracts";
import type { Credentials, ServiceAdapter, ServiceCall } from "../execute/adapter.ts";
import { callFailed, fetchFault } from "../execute/call-failed.ts";
import { type HttpRequest, requestOf } from "./http-request.ts";

const REDIRECTS_MAX = 3;

export type Fetch = (url: URL | string, init: RequestInit) => Promise<Response>;

export interface HttpAdapterOptions {
  /** Headers that carry a secret. */
  readonly credentials?: Credentials;
  /** The runtime's own when not given. */
  readonly fetch?: Fetch;
}

export function httpAdapter({ credentials, fetch: send = fetch }: HttpAdapterOptions = {}): ServiceAdapter {
  return {
    kind: "http",
    async open(contract) {
      return {
        call: (call) => callOnce(contract, call, send, credentials),
        async ping(signal) {
          const { api } = contract;
          if (api.kind !== "http") throw callFailed("failed");
          const { origin } = new URL(api.url.replaceAll(/\{[^{}]*\}/g, "x"));
          await sendOnce(send, origin, { method: "HEAD", redirect: "manual", signal });
        },
        close: async () => {},
      };
    },
  };
}

async function callOnce(
  contract: ServiceContract,
  { input, signal, outputBytesMax }: ServiceCall,
  send: Fetch,
  credentials: Credentials | undefined,
) {
  if (contract.api.kind !== "http") throw callFailed("failed");
  const request = requestOf(contract.api, input);
  const secrets = (await credentials?.(contract)) ?? {};
  const response = await follow(send, request, secrets, signal);
  if (!response.ok) {
    await response.body?.cancel();
    throw callFailed("status", response.status);
  }
  const bytes = await readBody(response, outputBytesMax);
  return { output: bytes.length === 0 ? null : parse(bytes), quantities: {}, usage: "none" as const };
}

async function follow(
  send: Fetch,
  { url: first, method, headers, body }: HttpRequest,
  secrets: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let url = first;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const init = { method, headers: { ...headers, ...secrets }, body, signal, redirect: "manual" } as const;
    const response = await sendOnce(send, url, init);
    if (response.status < 300 || response.status > 399) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (method !== "GET" || location === null || !URL.canParse(location, url.href)) throw callFailed("redirect");
    const next = new URL(location, url.href);
    if (next.origin !== first.origin) throw callFailed("redirect");
    url = next;
  }
  throw callFailed("redirect");
}

async function sendOnce(send: Fetch, url: URL | string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch (error) {
    throw callFailed(fetchFault(error));
  }
}

/** The whole body; a response without a body has none. */
async function readBody(response: Response, bytesMax: number): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.length;
    if (size > bytesMax) {
      await reader.cancel();
      throw callFailed("too-big");
    }
    chunks.push(value);
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw callFailed("malformed");
  }
}
