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

/** Arguments of one start, at most: an argument of ours is no longer than 1,024 and there are no more than 64. */
const ARGUMENTS_MAX = 56;

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
  contract.privacy.locality = textOf(draft.take("type")) === "remote" ? "cloud" : "local";
  // What runs here may still send what it is given anywhere, unless its network is off.
  if (draft.peek("run", "disableNetwork") !== true) draft.assume("/privacy/locality");
  contract.effect = "write";
  const secrets = listOf(draft.take("config", "secrets")).length + listOf(draft.take("oauth")).length;
  contract.traits["needs-credentials"] = secrets > 0;
  const required = listOf(draft.take("config", "parameters", "required")).length;
  contract.traits["needs-configuration"] = required > 0 || needsValues(draft);
  if (contract.traits["needs-configuration"]) draft.assume("/api");
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
  contract.name = (textOf(draft.take("about", "title")) ?? contract.name).slice(0, 256);
  contract.description = (textOf(draft.take("about", "description")) ?? "").slice(0, 2048);
  const project = textOf(draft.take("source", "project"));
  if (project !== null) {
    contract.source = project.slice(0, 2048);
    const owner = /^https:\/\/(?:github|gitlab)\.com\/([^/]+)\//.exec(project)?.[1];
    if (owner !== undefined) contract.owner = owner.slice(0, 128);
  }
  const commit = textOf(draft.take("source", "commit"));
  if (commit !== null) contract.traits["commit"] = commit.slice(0, 256);
  const category = textOf(draft.take("meta", "category"));
  if (category !== null) contract.traits["category"] = category.toLowerCase().slice(0, 256);
}

/** `dynamic.tools` says that the list is asked of the running server: what is listed then need not be all. */
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
  const isDynamic = draft.take("dynamic", "tools") === true;
  draft.contract.traits["dynamic-tools"] = isDynamic;
  if (listed.length + own.length === 0 || isDynamic) draft.assume("/traits/tools");
  const category = draft.contract.traits["category"];
  const byCategory = typeof category === "string" ? capabilityOf("category", category) : null;
  if (byCategory !== null) capabilities.add(byCategory);
  draft.contract.capabilities = [...capabilities].sort(byCodeUnit);
}

function apiOf(draft: Draft): ServiceApi {
  const url = textOf(draft.take("remote", "url"));
  if (url !== null) {
    const transport = textOf(draft.take("remote", "transport_type"));
    if (transport !== null) draft.contract.traits["transport"] = transport.slice(0, 256);
    // Nobody said that an address of the transport before it speaks streamable HTTP too.
    if (transport !== "streamable-http") draft.assume("/api");
    return { kind: "mcp", transport: { kind: "http", url: url.slice(0, 2048) }, tool: null };
  }
  const image = textOf(draft.take("image"));
  if (image === null) return { kind: "none" };
  const network = draft.take("run", "disableNetwork") === true ? ["--network", "none"] : [];
  const isFixed = !isTemplate(draft.peek("run", "command") ?? null);
  const command = isFixed ? listOf(draft.take("run", "command")).filter((item) => typeof item === "string") : [];
  if (command.length > ARGUMENTS_MAX) draft.refuse("command-long", "run/command", `at most ${ARGUMENTS_MAX} arguments`);
  const args = ["run", "-i", "--rm", ...network, image, ...command].map((argument) => argument.slice(0, 1024));
  return { kind: "mcp", transport: { kind: "stdio", command: "docker", args }, tool: null };
}

/** Something must be filled in, or mounted, before the image does what it says. */
function needsValues(draft: Draft): boolean {
  const run = objectOf(draft.peek("run"));
  return (
    isTemplate(run?.["command"] ?? null) || listOf(run?.["volumes"]).length > 0 || isTemplate(run?.["env"] ?? null)
  );
}

function isTemplate(value: JsonValue): boolean {
  if (typeof value === "string") return value.includes("{{");
  return (
    typeof value === "object" && value !== null && Object.values(value).some((child) => isTemplate(child as JsonValue))
  );
}
