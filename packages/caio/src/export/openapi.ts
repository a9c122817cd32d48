/**
 * Services as one OpenAPI 3.1 document, for whoever calls them over HTTP, or through a gateway.
 *
 * A service that is called over HTTP keeps its method and path; any other is `POST /services/ID/VERSION` of the gateway. `x-canonic` on
 * each operation has the name, version and capabilities that our own importer reads again.
 *
 * Invariants:
 *   E1. Each contract is one operation, or is told among `left` with the reason; none replaces another.
 *   E2. The importer reads each HTTP service back: address, method, name, version, capabilities, permission and schemas.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 * @module
 */
import { type JsonObject, type JsonValue, type ServiceContract, sortContracts } from "@canonic/contracts";
import { Components } from "./openapi-components.ts";
import { parametersOf, requestBodyOf, responsesOf } from "./openapi-parts.ts";
import { requirementsOf } from "./openapi-security.ts";

export interface ExportedOpenApi {
  readonly document: JsonObject;
  /** What one document cannot hold beside what it holds: a second service with the same method and path. */
  readonly left: readonly { readonly service: string; readonly version: string; readonly code: "caio.path-taken" }[];
}

/** What the document says of itself; `server` is the gateway's address, for services that have none of their own over HTTP. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly server: string;
}

/** One document of all contracts, whatever their order. */
export function exportOpenApi(contracts: readonly ServiceContract[], info: OpenApiInfo): ExportedOpenApi {
  const paths: Record<string, Record<string, JsonValue>> = {};
  const schemes = new Set<string>();
  const components = new Components();
  const left: ExportedOpenApi["left"][number][] = [];
  for (const contract of sortContracts(contracts)) {
    const { server, path, method } = placeOf(contract, info.server);
    const item = Object.hasOwn(paths, path) ? paths[path] : undefined;
    if (item !== undefined && Object.hasOwn(item, method)) {
      left.push({ service: contract.service, version: contract.version, code: "caio.path-taken" });
      continue;
    }
    const security = requirementsOf(contract.security.permission);
    for (const requirement of security) for (const scheme of Object.keys(requirement)) schemes.add(scheme);
    const input = components.take(contract.input);
    const output = components.take(contract.output);
    paths[path] = { ...item, [method]: operationOf({ ...contract, input, output }, server, security) };
  }
  const securitySchemes = Object.fromEntries(
    [...schemes].sort().map((scheme) => [scheme, { type: "http", scheme: "bearer" }] as const),
  );
  const document: JsonObject = {
    openapi: "3.1.1",
    info: { title: info.title, version: info.version },
    servers: [{ url: info.server }],
    paths,
    components: { schemas: components.finish(), securitySchemes },
  };
  return { document, left };
}

function placeOf(contract: ServiceContract, gateway: string): { server: string; path: string; method: string } {
  const { api } = contract;
  const [, server, path] = (api.kind === "http" ? /^(https?:\/\/[^/?#]+)(\/[^?#]*)?$/.exec(api.url) : null) ?? [];
  if (api.kind === "http" && server !== undefined)
    return { server, path: path ?? "/", method: api.method.toLowerCase() };
  return {
    server: gateway,
    path: `/services/${encodeURIComponent(contract.service)}/${contract.version}`,
    method: "post",
  };
}

function operationOf(contract: ServiceContract, server: string, security: readonly JsonObject[]): JsonObject {
  const { api } = contract;
  const isHttp = api.kind === "http";
  return {
    ...(isHttp && api.operationId !== null ? { operationId: api.operationId } : {}),
    summary: contract.name,
    ...(contract.description === "" ? {} : { description: contract.description }),
    servers: [{ url: server }],
    ...(isHttp ? parametersOf(contract.input) : {}),
    ...requestBodyOf(contract.input, isHttp),
    responses: responsesOf(contract.output),
    security,
    "x-canonic": { service: contract.service, version: contract.version, capabilities: contract.capabilities },
  };
}
