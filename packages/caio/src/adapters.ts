/**
 * Ways to services: functions of this process, HTTP, MCP and OpenAI-compatible endpoints.
 *
 * @module
 */
export type { HttpAdapterOptions } from "./adapters/http.ts";
export { httpAdapter } from "./adapters/http.ts";
export type { LocalOperation } from "./adapters/local.ts";
export { localAdapter } from "./adapters/local.ts";
export type { McpAdapterOptions } from "./adapters/mcp.ts";
export { mcpAdapter } from "./adapters/mcp.ts";
export type { OpenaiAdapterOptions } from "./adapters/openai.ts";
export { openaiAdapter } from "./adapters/openai.ts";
export type {
  CallFault,
  Credentials,
  ExecutionClock,
  ServiceAdapter,
  ServiceAnswer,
  ServiceCall,
  ServiceConnection,
} from "./execute/adapter.ts";
