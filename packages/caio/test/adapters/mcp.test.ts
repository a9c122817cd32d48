import { fileURLToPath } from "node:url";
import type { JsonValue } from "@canonic/contracts";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { afterEach, expect, test } from "vitest";
import { mcpAdapter } from "../../src/adapters.ts";
import { executeDecision, isCaioError } from "../../src/index.ts";
import { execution, json, serve } from "../execute/loopback.ts";
import { mcpServer } from "./mcp-server.ts";

const PROGRAM = fileURLToPath(new URL("mcp-server.ts", import.meta.url));
const SECRET = "t0ken-of-the-caller";
const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function call(transport: object, tool: string | null, input: JsonValue, deadlineUs = 20_000_000) {
  const given = execution({ api: { kind: "mcp", transport, tool } });
  const adapters = [mcpAdapter({ credentials: () => ({ TEST_TOKEN: SECRET }) })];
  try {
    const { output } = await executeDecision({ ...given, input, adapters, deadlineUs, outputBytesMax: 20_000 });
    return output;
  } catch (error) {
    if (!isCaioError(error)) throw error;
    expect(JSON.stringify([error, error.message, error.stack, given.receipts])).not.toMatch(/t0ken|words of the/);
    expect(given.receipts).toHaveLength(1);
    return error.code === "caio.execution-failed" ? error.details.fault : error.code;
  }
}

const stdio = { kind: "stdio", command: process.execPath, args: [PROGRAM] };

/** A server of its own for each request, as stateless servers are made. */
async function overHttp() {
  const server = await serve((request, response, body) => {
    if (request.headers["test_token"] !== SECRET) return json(response, {}, 401);
    if (request.method !== "POST") return json(response, {}, 405);
    const transport = new StreamableHTTPServerTransport({});
    const one = mcpServer();
    void one.connect(transport as never).then(() => transport.handleRequest(request, response, JSON.parse(body)));
    return undefined;
  });
  servers.push(server);
  return { kind: "http", url: `${server.url}/mcp` };
}

test("a tool gives structured content where it has it, and content as it comes where not", async () => {
  for (const to of [stdio, await overHttp()]) {
    expect(await call(to, "add", { a: 2, b: 3 })).toEqual({ sum: 5 });
    expect(await call(to, null, { tool: "echo", arguments: { text: "é" } })).toEqual({
      content: [{ type: "text", text: "é" }],
    });
  }
});

test("a tool fails with its fault and none of its words: a refusal, a wrong input, a hang, too much", async () => {
  const to = await overHttp();

  expect(await call(to, "refuse", {})).toBe("status");
  expect(await call(to, "nothing", {})).toMatch(/^(status|failed)$/);
  expect(await call(to, "add", { a: "x" })).toMatch(/^(status|failed)$/);
  expect(await call(to, null, { tool: "add" })).toBe("failed");
  expect(await call(to, "large", { length: 30_000 })).toBe("too-big");
  expect(await call(to, "hang", {}, 300_000)).toBe("deadline");
  expect(await call(stdio, "refuse", {})).toBe("status");
  expect(await call(stdio, "large", { length: 30_000 })).toBe("too-big");
  expect(await call(stdio, "hang", {}, 1_500_000)).toBe("deadline");
});

test("a secret reaches an MCP process through its environment alone", async () => {
  expect(await call(stdio, "env", {})).toEqual({ content: [{ type: "text", text: SECRET }] });
});

test("an MCP process that ends, or a program that is not there, is a fault", async () => {
  expect(await call(stdio, "exit", {})).toBe("failed");
  expect(await call({ ...stdio, command: "/nowhere/at-all" }, "add", {})).toBe("unreachable");
});

test("an MCP server that refuses the secret, redirects or is not there is a fault", async () => {
  const refusing = await serve((_, response) => json(response, { words: "words of the server" }, 403));
  const sending = await serve((_, response) => void response.writeHead(307, { location: refusing.url }).end());
  servers.push(refusing, sending);
  const gone = await serve(() => {});
  await gone.close();

  expect(await call({ kind: "http", url: refusing.url }, "add", {})).toBe("status");
  expect(await call({ kind: "http", url: sending.url }, "add", {})).toBe("redirect");
  expect(await call({ kind: "http", url: gone.url }, "add", {})).toBe("unreachable");
});
