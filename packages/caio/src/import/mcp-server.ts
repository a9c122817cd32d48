/**
 * Importer of `server.json`, by which the official MCP registry describes a server.
 *
 * @see https://modelcontextprotocol.io/registry, server.schema.json of 2025-12-11 and before.
 * @module
 */
import { type JsonObject, type JsonValue, SemanticVersion, type ServiceApi } from "@canonic/contracts";
import { Draft } from "./draft.ts";
import { listOf, objectOf, serviceIdOf, textOf } from "./names.ts";
import type { ImportReport } from "./report.ts";

/** How a package of each registry is started. */
const LAUNCHERS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  npm: ["npx", "-y"],
  oci: ["docker", "run", "-i", "--rm"],
  pypi: ["uvx"],
};

/** One server as one service; it lists no tools, so `mcp` is all that it offers by name until it was asked. */
export function importServerJson(server: JsonObject, place: string): ImportReport {
  const name = textOf(server["name"]);
  const id = name === null ? null : serviceIdOf(`mcp/${name}`);
  const draft = new Draft(place, server, id ?? place, textOf(server["title"]) ?? name ?? place);
  if (id === null) draft.refuse("name-missing", "name", "the name of a server");
  const { contract } = draft;
  for (const field of ["$schema", "name", "title"]) draft.take(field);
  contract.description = (textOf(draft.take("description")) ?? "").slice(0, 2048);
  readVersion(draft);
  const owner = /^([A-Za-z0-9.-]+)\//.exec(name ?? "")?.[1];
  if (owner !== undefined) contract.owner = owner.slice(0, 128);
  const repository = objectOf(draft.take("repository"));
  contract.source =
    textOf(repository?.["url"])?.slice(0, 2048) ?? textOf(draft.take("websiteUrl"))?.slice(0, 2048) ?? null;
  contract.api = apiOf(draft);
  if (contract.api.kind === "none")
    draft.refuse("address-missing", "packages", "a package that can be started, or a remote");
  const isRemote = contract.api.kind === "mcp" && contract.api.transport.kind === "http";
  contract.privacy.locality = isRemote ? "cloud" : "local";
  contract.capabilities = ["mcp"];
  contract.effect = "write";
  for (const pointer of ["/effect", "/privacy/locality"]) draft.assume(pointer);
  const finished = draft.finish();
  return {
    format: "mcp-server",
    contracts: finished.contract === null ? [] : [finished.contract],
    entries: [finished.entry],
    quarantined: finished.quarantined === null ? [] : [finished.quarantined],
  };
}

function readVersion(draft: Draft): void {
  const version = textOf(draft.take("version")) ?? textOf(objectOf(draft.take("version_detail"))?.["version"]);
  const whole = /^v?(\d+\.\d+\.\d+)/.exec(version ?? "")?.[1] ?? "";
  if (SemanticVersion.safeParse(whole).success) draft.contract.version = whole;
  else draft.assume("/version");
  if (version !== null) draft.contract.traits["version"] = version.slice(0, 256);
}

/** A remote over streamable HTTP first, then a package that a launcher can start. */
function apiOf(draft: Draft): ServiceApi {
  const remotes = listOf(draft.take("remotes")).map(objectOf);
  const packages = listOf(draft.take("packages")).map(objectOf);
  for (const remote of remotes) {
    const url = textOf(remote?.["url"]);
    const type = textOf(remote?.["type"]) ?? textOf(remote?.["transport_type"]);
    if (url === null || (type !== "streamable-http" && type !== "streamable")) continue;
    return { kind: "mcp", transport: { kind: "http", url: url.slice(0, 2048) }, tool: null };
  }
  for (const offered of packages) {
    const registry = textOf(offered?.["registryType"]) ?? textOf(offered?.["registry_name"]);
    const identifier = textOf(offered?.["identifier"]) ?? textOf(offered?.["name"]);
    const launcher = registry === null || !Object.hasOwn(LAUNCHERS, registry) ? undefined : LAUNCHERS[registry];
    if (launcher === undefined || identifier === null) continue;
    const [command, ...args] = launcher;
    return {
      kind: "mcp",
      transport: { kind: "stdio", command, args: [...args, pinned(registry, identifier, offered?.["version"])] },
      tool: null,
    };
  }
  return { kind: "none" };
}

function pinned(registry: string | null, identifier: string, version: JsonValue | undefined): string {
  const exact = textOf(version);
  if (exact === null || registry === "oci") return identifier.slice(0, 1024);
  return `${identifier}${registry === "pypi" ? "==" : "@"}${exact}`.slice(0, 1024);
}
