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
  const repository = textOf(draft.take("repository", "url"));
  const website = repository === null ? textOf(draft.take("websiteUrl")) : null;
  contract.source = (repository ?? website)?.slice(0, 2048) ?? null;
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
  const version = textOf(draft.take("version")) ?? textOf(draft.take("version_detail", "version"));
  const whole = /^v?(\d+\.\d+\.\d+)/.exec(version ?? "")?.[1] ?? "";
  if (SemanticVersion.safeParse(whole).success) draft.contract.version = whole;
  else draft.assume("/version");
  if (version !== null) draft.contract.traits["version"] = version.slice(0, 256);
}

/** A remote over streamable HTTP first, then a package that a launcher can start, then an address of the transport before. */
function apiOf(draft: Draft): ServiceApi {
  return remoteOf(draft, /^streamable/) ?? packageOf(draft) ?? remoteOf(draft, /^sse$/) ?? { kind: "none" };
}

function remoteOf(draft: Draft, wanted: RegExp): ServiceApi | null {
  for (const index of listOf(draft.peek("remotes")).keys()) {
    const at = ["remotes", `${index}`] as const;
    const url = textOf(draft.peek(...at, "url"));
    const field = draft.peek(...at, "type") === undefined ? "transport_type" : "type";
    const type = textOf(draft.peek(...at, field));
    if (url === null || type === null || !wanted.test(type)) continue;
    draft.take(...at, "url");
    draft.take(...at, field);
    draft.contract.traits["transport"] = type.slice(0, 256);
    // Nobody said that an address of the transport before it speaks streamable HTTP too; one with placeholders is none yet.
    if (!type.startsWith("streamable") || url.includes("{")) draft.assume("/api");
    readNeeds(draft, [...at, "headers"]);
    return { kind: "mcp", transport: { kind: "http", url: url.slice(0, 2048) }, tool: null };
  }
  return null;
}

function packageOf(draft: Draft): ServiceApi | null {
  for (const index of listOf(draft.peek("packages")).keys()) {
    const at = ["packages", `${index}`] as const;
    const registryField = draft.peek(...at, "registryType") === undefined ? "registry_name" : "registryType";
    const nameField = draft.peek(...at, "identifier") === undefined ? "name" : "identifier";
    const registry = textOf(draft.peek(...at, registryField));
    const identifier = textOf(draft.peek(...at, nameField));
    const launcher = registry === null || !Object.hasOwn(LAUNCHERS, registry) ? undefined : LAUNCHERS[registry];
    const transport = textOf(draft.peek(...at, "transport", "type"));
    if (launcher === undefined || identifier === null || identifier.startsWith("-")) continue;
    if (transport !== null && transport !== "stdio") continue;
    for (const field of [registryField, nameField, "version"]) draft.take(...at, field);
    if (transport !== null) draft.take(...at, "transport", "type");
    const [command, ...args] = launcher;
    readNeeds(draft, [...at, "environmentVariables"]);
    const takesArguments = ["runtimeArguments", "packageArguments"].some(
      (key) => listOf(draft.peek(...at, key)).length > 0,
    );
    if (takesArguments) draft.assume("/api");
    const name = pinned(registry, identifier, draft.peek(...at, "version"));
    return { kind: "mcp", transport: { kind: "stdio", command, args: [...args, name] }, tool: null };
  }
  return null;
}

/** Headers or variables that must be given: which of them is a secret is told apart. */
function readNeeds(draft: Draft, path: readonly string[]): void {
  const inputs = listOf(draft.take(...path)).map(objectOf);
  const required = inputs.filter((input) => input?.["isRequired"] === true || input?.["is_required"] === true);
  const isSecret = required.some((input) => input?.["isSecret"] === true || input?.["is_secret"] === true);
  draft.contract.traits["needs-configuration"] = required.length > 0;
  draft.contract.traits["needs-credentials"] = isSecret;
  if (required.length > 0) draft.assume("/api");
}

function pinned(registry: string | null, identifier: string, version: JsonValue | undefined): string {
  const exact = textOf(version);
  if (exact === null || registry === "oci") return identifier.slice(0, 1024);
  return `${identifier}${registry === "pypi" ? "==" : "@"}${exact}`.slice(0, 1024);
}
