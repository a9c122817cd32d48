/**
 * Ways to services: functions of this process, HTTP, MCP and OpenAI-compatible endpoints; and services as operations of a pack.
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
export type { ServiceOperationTerms } from "./execute/operation-contract.ts";
export { operationContractOf } from "./execute/operation-contract.ts";
export type { ServiceOperationOptions } from "./execute/service-operation.ts";
export { operationOfService } from "./execute/service-operation.ts";
