/**
 * An MCP server of the official library with tools that behave, and some that do not. As a process of its own it talks over stdio.
 *
 * @module
 */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

export function mcpServer(): McpServer {
  const server = new McpServer({ name: "test", version: "1.0.0" });
  server.registerTool(
    "add",
    { inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } },
    ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }], structuredContent: { sum: a + b } }),
  );
  server.registerTool("echo", { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: "text", text }],
  }));
  server.registerTool("env", { inputSchema: {} }, () => ({
    content: [{ type: "text", text: String(process.env["TEST_TOKEN"]) }],
  }));
  server.registerTool("large", { inputSchema: { length: z.number() } }, ({ length }) => ({
    content: [{ type: "text", text: "x".repeat(length) }],
  }));
  server.registerTool("refuse", { inputSchema: {} }, () => {
    throw new Error("words of the server");
  });
  server.registerTool("hang", { inputSchema: {} }, () => new Promise(() => {}));
  server.registerTool("exit", { inputSchema: {} }, () => process.exit(3));
  return server;
}

if (process.argv[1] === import.meta.filename) await mcpServer().connect(new StdioServerTransport());
