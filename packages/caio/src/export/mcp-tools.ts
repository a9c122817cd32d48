/**
 * Services as tools of the Model Context Protocol, for a server that offers them.
 *
 * Invariants:
 *   M1. Names are unique: where two services would share one, each has a part of its digest behind it.
 *   M2. A tool takes and gives an object, as the protocol asks; a service that takes anything else takes it as `input`, and one that
 *       gives anything else states no schema of what it gives.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools
 * @module
 */
import {
  byCodeUnit,
  type JsonObject,
  type ServiceContract,
  serviceContractDigestOf,
  sortContracts,
} from "@canonic/contracts";
import { rooted } from "./rooted.ts";

/** A `Tool` of the protocol; `_meta` says which service it stands for. */
export interface McpTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject & { readonly type: "object" };
  readonly outputSchema?: JsonObject & { readonly type: "object" };
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  readonly _meta: {
    readonly "canonic/service": string;
    readonly "canonic/version": string;
    readonly "canonic/contract": string;
  };
}

/** Characters of a name, at most. */
const NAME_MAX = 64;

/** A tool for each contract, sorted by name. */
export function exportMcpTools(contracts: readonly ServiceContract[]): McpTool[] {
  const sorted = sortContracts(contracts);
  const wanted = sorted.map(({ service }) => service.replace(/[^A-Za-z0-9_.-]/g, "_").slice(0, NAME_MAX));
  const uses = new Map<string, number>();
  for (const name of wanted) uses.set(name, (uses.get(name) ?? 0) + 1);
  return sorted
    .map((contract, index) => {
      const digest = serviceContractDigestOf(contract);
      const name = wanted[index] ?? "";
      const isShared = (uses.get(name) ?? 0) > 1;
      return toolOf(contract, isShared ? `${name.slice(0, NAME_MAX - 33)}-${digest.slice(-32)}` : name, digest);
    })
    .toSorted((a, b) => byCodeUnit(a.name, b.name));
}

function toolOf(contract: ServiceContract, name: string, digest: string): McpTool {
  const { effect, api } = contract;
  const output = objectSchema(contract.output);
  return {
    name,
    title: contract.name,
    description: contract.description === "" ? contract.name : contract.description,
    inputSchema: objectSchema(contract.input) ?? wrapped(contract.input),
    ...(output === null ? {} : { outputSchema: output }),
    annotations: {
      readOnlyHint: effect !== "write",
      destructiveHint: effect === "write",
      // What changes nothing may be asked again; of what does, nobody said so but of an operation of ours.
      idempotentHint: effect !== "write" || (api.kind === "operation" && contract.traits["idempotent"] === true),
      openWorldHint: api.kind !== "operation",
    },
    _meta: {
      "canonic/service": contract.service,
      "canonic/version": contract.version,
      "canonic/contract": digest,
    },
  };
}

function objectSchema(schema: ServiceContract["input"]): (JsonObject & { readonly type: "object" }) | null {
  return schema?.["type"] === "object" ? { ...(schema as JsonObject), type: "object" } : null;
}

function wrapped(schema: ServiceContract["input"]): JsonObject & { readonly type: "object" } {
  if (schema === null) return { type: "object" };
  const input = rooted(schema as JsonObject, (pointer) => `/properties/input${pointer}`);
  return { type: "object", properties: { input }, required: ["input"] };
}
