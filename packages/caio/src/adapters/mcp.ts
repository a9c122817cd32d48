/**
 * Tools of MCP servers, over stdio and streamable HTTP, through the official library.
 *
 * The input is the tool's arguments; where the contract names no tool, `{ tool, arguments }`. The output is the tool's
 * `structuredContent` where it gives one, else `{ content }`. Over stdio a message has at most 10 MiB, the library's own limit.
 *
 * @see Model Context Protocol, tools/call.
 * @module
 */
import type { JsonObject, JsonValue, ServiceApi, ServiceContract } from "@canonic/contracts";
import type { Credentials, ServiceAdapter, ServiceCall } from "../execute/adapter.ts";
import { callFailed } from "../execute/call-failed.ts";
import { type GuardedFetch, guardedFetch } from "./guarded-fetch.ts";
import type { Fetch } from "./http.ts";
import { peer } from "./peer.ts";

type McpApi = Extract<ServiceApi, { kind: "mcp" }>;

const PACKAGE = "@modelcontextprotocol/sdk";
const TIMEOUT_MS = 2_147_483_647;
const HANDSHAKE_BYTES_MAX = 1_048_576;

export interface McpAdapterOptions {
  /** Headers over HTTP, environment variables over stdio. */
  readonly credentials?: Credentials;
  /** The runtime's own when not given. */
  readonly fetch?: Fetch;
}

export function mcpAdapter({ credentials, fetch: send = fetch }: McpAdapterOptions = {}): ServiceAdapter {
  return {
    kind: "mcp",
    async open(contract, signal) {
      const { api } = contract;
      if (api.kind !== "mcp") throw callFailed("failed");
      const { Client } = await peer("mcp", PACKAGE, () => import("@modelcontextprotocol/sdk/client/index.js"));
      let bytesMax = HANDSHAKE_BYTES_MAX;
      const guarded = guardedFetch(send, () => bytesMax);
      const client = new Client({ name: "canonic", version: "1.0.0" });
      const transport = await transportOf(contract, api, credentials, guarded);
      const options = { signal, timeout: TIMEOUT_MS };
      signal.addEventListener("abort", () => void client.close().catch(() => {}), { once: true });
      await client.connect(transport, options).catch((error: unknown) => {
        client.close().catch(() => {});
        throw failure(error, guarded);
      });
      return {
        async call({ input, outputBytesMax, signal: until }: ServiceCall) {
          bytesMax = outputBytesMax;
          const params = callOf(api, input);
          const called = client.callTool(params, undefined, { signal: until, timeout: TIMEOUT_MS });
          const result = await Promise.race([called, guarded.broken]).catch((error: unknown) => {
            throw failure(error, guarded);
          });
          if (result.isError === true) throw callFailed("status");
          const output = result.structuredContent ?? { content: result.content };
          return { output, quantities: {}, usage: "none" };
        },
        async ping(until) {
          await client.ping({ signal: until, timeout: TIMEOUT_MS });
        },
        close: () => client.close(),
      };
    },
  };
}

async function transportOf(
  contract: ServiceContract,
  { transport }: McpApi,
  credentials: Credentials | undefined,
  guarded: GuardedFetch,
) {
  const secrets = { ...(await credentials?.(contract)) };
  if (transport.kind === "stdio") {
    const { StdioClientTransport } = await peer(
      "mcp",
      PACKAGE,
      () => import("@modelcontextprotocol/sdk/client/stdio.js"),
    );
    const { command, args } = transport;
    return new StdioClientTransport({ command, args, env: secrets, stderr: "ignore" });
  }
  const { StreamableHTTPClientTransport } = await peer(
    "mcp",
    PACKAGE,
    () => import("@modelcontextprotocol/sdk/client/streamableHttp.js"),
  );
  return new StreamableHTTPClientTransport(new URL(transport.url), {
    requestInit: { headers: secrets },
    fetch: guarded.fetch as typeof fetch,
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1000,
      maxReconnectionDelay: 1000,
      reconnectionDelayGrowFactor: 1,
    },
  });
}

function callOf({ tool }: McpApi, input: JsonValue): { name: string; arguments: Record<string, unknown> } {
  if (!isObject(input)) throw callFailed("failed");
  if (tool !== null) return { name: tool, arguments: input };
  const { tool: name, arguments: given, ...rest } = input;
  if (typeof name !== "string" || !isObject(given) || Object.keys(rest).length > 0) throw callFailed("failed");
  return { name, arguments: given };
}

function failure(error: unknown, guarded: GuardedFetch): Error {
  const fault = guarded.fault();
  if (fault !== undefined) return callFailed(fault);
  const { code } = error as { code?: unknown };
  if (code === "ENOENT" || code === "EACCES") return callFailed("unreachable");
  if (typeof code === "number" && code >= 400 && code < 600) return callFailed("status", code);
  return callFailed(error instanceof SyntaxError ? "malformed" : "failed");
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
