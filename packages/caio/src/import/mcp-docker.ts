/**
 * Importer of the server contracts of Docker's MCP registry: `server.yaml`, with the `tools.json` that may stand beside it.
 *
 * @see https://github.com/docker/mcp-registry
 * @module
 */
import { byCodeUnit, type JsonObject, type JsonValue, type ServiceApi } from "@canonic/contracts";
import { Draft } from "./draft.ts";
import { capabilityOf, listOf, objectOf, serviceIdOf, textOf } from "./names.ts";
import type { ImportReport } from "./report.ts";

/**
 * One server as one service. Its tools are capabilities; where none are listed, `mcp` is all that is known of it.
 *
 * @param place - How the file is called in the report.
 * @param tools - The value of `tools.json`, null where there is none.
 */
export function importDockerServer(server: JsonObject, place: string, tools: JsonValue = null): ImportReport {
  const name = textOf(server["name"]);
  const id = name === null ? null : serviceIdOf(`mcp/${name}`);
  const draft = new Draft(place, server, id ?? place, name ?? place);
  draft.take("name");
  if (id === null) draft.refuse("name-missing", "name", "the name of a server");
  const { contract } = draft;
  readAbout(draft);
  readTools(draft, tools);
  contract.api = apiOf(draft);
  if (contract.api.kind === "none") draft.refuse("address-missing", "image", "an image, or a remote with an address");
  const isRemote = textOf(server["type"]) === "remote";
  draft.take("type");
  contract.privacy.locality = isRemote ? "cloud" : "local";
  // What runs here may still send what it is given anywhere, unless its network is off.
  if (objectOf(server["run"])?.["disableNetwork"] !== true) draft.assume("/privacy/locality");
  contract.effect = "write";
  contract.security.trustRequired = 0;
  const needsSecret =
    listOf(objectOf(draft.take("config"))?.["secrets"]).length > 0 || listOf(draft.take("oauth")).length > 0;
  contract.traits["needs-credentials"] = needsSecret;
  for (const pointer of ["/version", "/effect"]) draft.assume(pointer);
  const finished = draft.finish();
  return {
    format: "mcp-docker",
    contracts: finished.contract === null ? [] : [finished.contract],
    entries: [finished.entry],
    quarantined: finished.quarantined === null ? [] : [finished.quarantined],
  };
}

function readAbout(draft: Draft): void {
  const { contract } = draft;
  const about = objectOf(draft.take("about"));
  contract.name = (textOf(about?.["title"]) ?? contract.name).slice(0, 256);
  contract.description = (textOf(about?.["description"]) ?? "").slice(0, 2048);
  const source = objectOf(draft.take("source"));
  const project = textOf(source?.["project"]);
  if (project !== null) {
    contract.source = project.slice(0, 2048);
    const owner = /^https:\/\/(?:github|gitlab)\.com\/([^/]+)\//.exec(project)?.[1];
    if (owner !== undefined) contract.owner = owner.slice(0, 128);
  }
  const commit = textOf(source?.["commit"]);
  if (commit !== null) contract.traits["commit"] = commit.slice(0, 256);
  const meta = objectOf(draft.take("meta"));
  const category = textOf(meta?.["category"]);
  if (category !== null) contract.traits["category"] = category.toLowerCase().slice(0, 256);
}

function readTools(draft: Draft, tools: JsonValue): void {
  const listed = listOf(tools);
  const own = listOf(draft.take("tools"));
  const capabilities = new Set(["mcp"]);
  let readOnly = listed.length > 0;
  for (const tool of [...listed, ...own]) {
    const value = objectOf(tool);
    const name = textOf(value?.["name"]);
    const capability = name === null ? null : capabilityOf("tool", name);
    if (capability === null) draft.refuse("tool-invalid", "tools", "tools with names");
    else capabilities.add(capability);
    if (objectOf(value?.["annotations"])?.["readOnlyHint"] !== true) readOnly = false;
  }
  draft.contract.traits["read-only-hint"] = readOnly;
  draft.contract.traits["tools"] = listed.length + own.length;
  if (listed.length + own.length === 0) draft.assume("/traits/tools");
  const category = draft.contract.traits["category"];
  const byCategory = typeof category === "string" ? capabilityOf("category", category) : null;
  if (byCategory !== null) capabilities.add(byCategory);
  draft.contract.capabilities = [...capabilities].sort(byCodeUnit);
}

function apiOf(draft: Draft): ServiceApi {
  const remote = objectOf(draft.take("remote"));
  const url = textOf(remote?.["url"]);
  if (url !== null) {
    const transport = textOf(remote?.["transport_type"]);
    if (transport !== null) draft.contract.traits["transport"] = transport.slice(0, 256);
    return { kind: "mcp", transport: { kind: "http", url: url.slice(0, 2048) }, tool: null };
  }
  const image = textOf(draft.take("image"));
  if (image === null) return { kind: "none" };
  return {
    kind: "mcp",
    transport: { kind: "stdio", command: "docker", args: ["run", "-i", "--rm", image.slice(0, 1024)] },
    tool: null,
  };
}
