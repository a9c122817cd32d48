/**
 * Importer of A2A agent cards, of protocol 1.0 and of 0.3.
 *
 * @see https://a2a-protocol.org/latest/specification/, section 4.4 (AgentCard).
 * @module
 */
import {
  byCodeUnit,
  canonicalJson,
  type JsonObject,
  type JsonValue,
  type PermissionExpression,
  SemanticVersion,
  type ServiceApi,
} from "@canonic/contracts";
import { checkCardSignatures } from "./agent-card-signature.ts";
import { Draft } from "./draft.ts";
import { capabilityOf, listOf, objectOf, serviceIdOf, textOf } from "./names.ts";
import { permissionOf } from "./permissions.ts";
import type { ImportReport } from "./report.ts";

/** Trust of a card that its owner signed, with a key that the caller trusts. */
const SIGNED = 2;

const FLAGS: readonly (readonly [field: string, capability: string])[] = [
  ["extendedAgentCard", "extended-card"],
  ["pushNotifications", "push-notifications"],
  ["stateTransitionHistory", "state-history"],
  ["streaming", "streaming"],
];

/**
 * One agent as one service; its skills are capabilities.
 *
 * @param keys - A JSON Web Key Set of keys that the caller trusts, null for none. A signature that fails under one of them keeps the
 *   card out; one of another key proves nothing, and the card has the trust of an unsigned one.
 */
export function importAgentCard(card: JsonObject, place: string, keys: JsonValue = null): ImportReport {
  const name = textOf(card["name"]);
  const draft = new Draft(place, card, place, name ?? place);
  draft.take("name");
  if (name === null) draft.refuse("name-missing", "name", "the name of an agent");
  const { contract } = draft;
  contract.description = (textOf(draft.take("description")) ?? "").slice(0, 4096);
  contract.api = apiOf(draft);
  if (contract.api.kind === "none") draft.refuse("address-missing", "supportedInterfaces", "an https address");
  const host = contract.api.kind === "a2a" ? /^https?:\/\/([^/?#@]+)/.exec(contract.api.url)?.[1] : undefined;
  const id = serviceIdOf(`a2a/${host ?? "unknown"}/${(name ?? "").toLowerCase()}`);
  if (id !== null) contract.service = id;
  readVersion(draft);
  const owner = textOf(draft.take("provider", "organization"));
  if (owner !== null) contract.owner = owner.slice(0, 128);
  contract.source = textOf(draft.take("documentationUrl"))?.slice(0, 2048) ?? null;
  readCapabilities(draft);
  const { signature, signed } = checkCardSignatures(card, keys);
  readSecurity(draft, signed);
  draft.take("signatures");
  if (signature === "bad") draft.refuse("signature-invalid", "signatures", "signatures that hold under the given keys");
  contract.traits["signature"] = signature;
  contract.security.trust = signature === "valid" ? SIGNED : 0;
  contract.privacy.locality = "cloud";
  contract.effect = "write";
  for (const pointer of ["/effect", "/privacy/locality"]) draft.assume(pointer);
  const finished = draft.finish();
  return {
    format: "a2a-agent-card",
    contracts: finished.contract === null ? [] : [finished.contract],
    entries: [finished.entry],
    quarantined: finished.quarantined === null ? [] : [finished.quarantined],
  };
}

/** The first interface that an HTTP client can call; version 0.3 has its address at the top. */
function apiOf(draft: Draft): ServiceApi {
  for (const index of listOf(draft.peek("supportedInterfaces")).keys()) {
    const at = ["supportedInterfaces", `${index}`] as const;
    const binding = textOf(draft.peek(...at, "protocolBinding"));
    if (binding !== "JSONRPC" && binding !== "HTTP+JSON") continue;
    const api = calledAt(draft, ...at, "url");
    if (api === null) continue;
    for (const field of ["protocolBinding", "protocolVersion"]) {
      const value = textOf(draft.take(...at, field));
      if (value !== null)
        draft.contract.traits[field === "protocolBinding" ? "binding" : "protocol"] = value.slice(0, 256);
    }
    return api;
  }
  const preferred = textOf(draft.peek("preferredTransport")) ?? "JSONRPC";
  const api = preferred === "GRPC" ? null : calledAt(draft, "url");
  if (api === null) return { kind: "none" };
  draft.take("preferredTransport");
  draft.contract.traits["binding"] = preferred.slice(0, 256);
  const protocol = textOf(draft.take("protocolVersion"));
  if (protocol !== null) draft.contract.traits["protocol"] = protocol.slice(0, 256);
  return api;
}

function calledAt(draft: Draft, ...path: readonly string[]): ServiceApi | null {
  const url = textOf(draft.peek(...path));
  if (url === null || !/^https?:\/\/[^/?#@\s]+([/?#]\S*)?$/.test(url) || url.length > 2048) return null;
  draft.take(...path);
  return { kind: "a2a", url, skill: null };
}

function readVersion(draft: Draft): void {
  const version = textOf(draft.take("version"));
  const parsed = SemanticVersion.safeParse(version ?? "");
  if (parsed.success) draft.contract.version = parsed.data;
  else draft.assume("/version");
  if (version !== null) draft.contract.traits["version"] = version.slice(0, 256);
}

function readCapabilities(draft: Draft): void {
  const capabilities = new Set(["a2a"]);
  for (const [field, name] of FLAGS) if (draft.take("capabilities", field) === true) capabilities.add(name);
  const skills = listOf(draft.peek("skills"));
  for (const index of skills.keys()) {
    const id = textOf(draft.take("skills", `${index}`, "id"));
    const capability = id === null ? null : capabilityOf("skill", id);
    if (capability === null) draft.refuse("skill-invalid", `skills/${index}`, "a skill with an id");
    else capabilities.add(capability);
    for (const [side, field] of [
      ["input", "inputModes"],
      ["output", "outputModes"],
    ] as const)
      addModes(capabilities, side, draft.take("skills", `${index}`, field));
  }
  addModes(capabilities, "input", draft.take("defaultInputModes"));
  addModes(capabilities, "output", draft.take("defaultOutputModes"));
  draft.contract.capabilities = [...capabilities].sort(byCodeUnit);
}

/** Media types other than text say what can be sent and what comes back. */
function addModes(capabilities: Set<string>, side: string, modes: JsonValue | undefined): void {
  for (const mode of listOf(modes)) {
    const type = typeof mode === "string" ? mode.toLowerCase() : "";
    const kind = type === "application/pdf" ? "pdf" : /^(audio|image|video)\//.exec(type)?.[1];
    if (kind !== undefined) capabilities.add(`${side}.${kind}`);
  }
}

/**
 * What a card asks for anywhere is asked for everywhere: a service is admitted as a whole. Where a signature covers the card without
 * what is empty, an alternative without scopes may have been added by anybody: what was signed is asked for too.
 */
function readSecurity(draft: Draft, signed: JsonObject): void {
  const asked: PermissionExpression[] = [];
  const ask = (requirements: JsonValue | undefined, place: string): void => {
    const permission = permissionOf(requirements);
    if (permission === undefined) draft.refuse("security-unreadable", place, "alternatives of schemes with scopes");
    else if (permission !== null && !asked.some((known) => canonicalJson(known) === canonicalJson(permission)))
      asked.push(permission);
  };
  for (const field of ["security", "securityRequirements"]) {
    ask(draft.take(field), field);
    if (signed[field] !== draft.peek(field)) ask(signed[field], field);
    for (const index of listOf(draft.peek("skills")).keys())
      ask(draft.take("skills", `${index}`, field), `skills/${index}/${field}`);
    if (signed["skills"] === draft.peek("skills")) continue;
    for (const [index, skill] of listOf(signed["skills"]).entries())
      ask(objectOf(skill)?.[field], `skills/${index}/${field}`);
  }
  if (asked.length > 16) draft.refuse("security-unreadable", "skills", "at most 16 different requirements");
  draft.contract.security.permission =
    asked.length === 1 ? (asked[0] ?? null) : asked.length === 0 ? null : { all: asked };
}
