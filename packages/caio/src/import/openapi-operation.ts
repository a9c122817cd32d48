/**
 * One operation of an OpenAPI document as a service contract.
 *
 * @module
 */
import {
  byCodeUnit,
  CapabilityName,
  type JsonObject,
  type JsonValue,
  SemanticVersion,
  ServiceId,
} from "@canonic/contracts";
import type { Draft } from "./draft.ts";
import { capabilityOf, listOf, objectOf, serviceIdOf, textOf } from "./names.ts";
import type { OperationPlace } from "./openapi-place.ts";
import { readSchemas } from "./openapi-schemas.ts";
import { permissionOf } from "./permissions.ts";

/** Reads an operation into its draft. */
export function readOperation(draft: Draft, place: OperationPlace): void {
  const { contract } = draft;
  const operationId = textOf(draft.take("operationId"));
  const word = operationId ?? `${place.method}${place.path}`;
  const id = serviceIdOf(`openapi/${place.title.toLowerCase()}/${word}`);
  if (id === null) draft.refuse("name-missing", "operationId", "a name");
  else contract.service = id;
  contract.name = (textOf(draft.take("summary")) ?? word).slice(0, 256);
  contract.description = (textOf(draft.take("description")) ?? "").slice(0, 4096);
  contract.source = textOf(draft.take("externalDocs", "url"))?.slice(0, 2048) ?? null;
  if (draft.take("deprecated") === true) contract.traits["deprecated"] = true;
  readCapabilities(draft, word);
  readOurs(draft, objectOf(objectOf(place.document["info"]) ?? null)?.["version"]);
  const security = draft.take("security") ?? place.document["security"];
  const permission = permissionOf(security);
  if (permission === undefined) draft.refuse("security-unreadable", "security", "alternatives of schemes with scopes");
  else contract.security.permission = permission;
  readApi(draft, place, operationId);
  readSchemas(draft, place);
  contract.effect = place.method === "get" ? "read" : "write";
  contract.privacy.locality = "cloud";
  draft.assume("/privacy/locality");
}

function readCapabilities(draft: Draft, word: string): void {
  const capabilities = new Set<string>();
  const own = capabilityOf("operation", word);
  if (own !== null) capabilities.add(own);
  for (const tag of listOf(draft.take("tags"))) {
    const capability = typeof tag === "string" ? capabilityOf("category", tag.toLowerCase()) : null;
    if (capability !== null) capabilities.add(capability);
  }
  draft.contract.capabilities = [...capabilities].sort(byCodeUnit);
}

/** `x-canonic` is what our own exporter writes: the name, version and capabilities that the service has with us. */
function readOurs(draft: Draft, documentVersion: JsonValue | undefined): void {
  const { contract } = draft;
  const service = ServiceId.safeParse(draft.peek("x-canonic", "service")).data;
  if (service !== undefined) {
    draft.take("x-canonic", "service");
    contract.service = service;
  }
  const own = SemanticVersion.safeParse(draft.peek("x-canonic", "version")).data;
  if (own !== undefined) draft.take("x-canonic", "version");
  const version = own ?? SemanticVersion.safeParse(documentVersion).data;
  if (version !== undefined) contract.version = version;
  else draft.assume("/version");
  const listed = listOf(draft.peek("x-canonic", "capabilities")).map((name) => CapabilityName.safeParse(name).data);
  const capabilities = listed.filter((name) => name !== undefined);
  if (capabilities.length === 0 || capabilities.length < listed.length) return;
  draft.take("x-canonic", "capabilities");
  contract.capabilities = [...new Set(capabilities)].sort(byCodeUnit);
}

function readApi(draft: Draft, place: OperationPlace, operationId: string | null): void {
  const servers = draft.take("servers") ?? place.item["servers"] ?? place.document["servers"];
  const base = listOf(servers)
    .map((server) => addressOf(objectOf(server)))
    .find((address) => address !== null);
  if (base === undefined) {
    draft.refuse("address-missing", "servers", "a server with a whole http address");
    return;
  }
  if (!place.path.startsWith("/")) draft.refuse("path-invalid", "", "a path that begins with `/`");
  const url = `${base.replace(/\/$/, "")}${place.path}`;
  draft.contract.api = {
    kind: "http",
    url,
    method: place.method.toUpperCase() as "GET",
    operationId: operationId?.slice(0, 256) ?? null,
  };
  draft.contract.privacy.encryptedInTransit = url.startsWith("https://");
}

/** A server's address with the defaults of its variables; null for one that is relative, or incomplete. */
function addressOf(server: JsonObject | null): string | null {
  const variables = objectOf(server?.["variables"]);
  const url = (textOf(server?.["url"]) ?? "").replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(variables ?? {}, name) ? objectOf(variables?.[name])?.["default"] : undefined;
    return typeof value === "string" ? value : whole;
  });
  return /^https?:\/\/[^/?#@\s{}]+(\/[^?#\s{}]*)?$/.test(url) ? url : null;
}
