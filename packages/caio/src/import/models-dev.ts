/**
 * Importer of the models.dev catalogue: providers, each with its models.
 *
 * @see https://models.dev, `api.json`; prices are US dollars per million tokens.
 * @module
 */
import { byCodeUnit, type JsonObject, pointerStep, type ServiceContract, sortContracts } from "@canonic/contracts";
import { Draft } from "./draft.ts";
import { listOf, objectOf, textOf } from "./names.ts";
import { offersOf, type PriceTier } from "./price-tiers.ts";
import { type Prices, readPrice, statePrices } from "./prices.ts";
import type { ImportedEntry, ImportReport, QuarantinedEntry } from "./report.ts";

const MILLION = 1_000_000;

const PRICES: readonly (readonly [field: string, unit: string])[] = [
  ["cache_read", "cached-input-token"],
  ["cache_write", "cache-write-token"],
  ["input", "input-token"],
  ["input_audio", "input-audio-token"],
  ["output", "output-token"],
  ["output_audio", "output-audio-token"],
  ["reasoning", "reasoning-token"],
];

const FLAGS: readonly (readonly [field: string, capability: string])[] = [
  ["attachment", "attachment"],
  ["reasoning", "reasoning"],
  ["structured_output", "response-schema"],
  ["temperature", "temperature"],
  ["tool_call", "function-calling"],
];

const TRAITS: readonly (readonly [field: string, trait: string])[] = [
  ["family", "family"],
  ["knowledge", "knowledge"],
  ["last_updated", "last-updated"],
  ["open_weights", "open-weights"],
  ["release_date", "release-date"],
  ["status", "status"],
];

/** The package by which the AI SDK calls what speaks OpenAI's protocol. */
const COMPATIBLE = "@ai-sdk/openai-compatible";

/** Every model of every provider; what a provider says of itself is an entry of its own. */
export function importModelsDev(catalogue: JsonObject): ImportReport {
  const contracts: ServiceContract[] = [];
  const entries: ImportedEntry[] = [];
  const quarantined: QuarantinedEntry[] = [];
  for (const [provider, value] of Object.entries(catalogue)) {
    const about = new Draft(`/${pointerStep(provider)}`, objectOf(value) ?? {}, provider, provider);
    if (objectOf(value) === null) about.refuse("not-an-entry", "", "an object");
    const baseUrl = baseUrlOf(about);
    for (const [model, entry] of Object.entries(objectOf(about.take("models")) ?? {})) {
      const place = `/${pointerStep(provider)}/models/${pointerStep(model)}`;
      const { draft, tiers } = readModel(place, provider, model, objectOf(entry), baseUrl);
      const finished = draft.finish();
      if (finished.contract !== null) contracts.push(...offersOf(finished.contract, tiers));
      entries.push(finished.entry);
      if (finished.quarantined !== null) quarantined.push(finished.quarantined);
    }
    if (about.reasons.length > 0)
      quarantined.push({ place: about.place, service: provider, reasons: [...about.reasons] });
    entries.push(about.finish().entry);
  }
  return { format: "models-dev", contracts: sortContracts(contracts), entries, quarantined };
}

/** An address that speaks OpenAI's protocol, or null; one with a placeholder is none. */
function baseUrlOf(about: Draft): string | null {
  about.take("id");
  if (about.peek("npm") !== COMPATIBLE) return null;
  about.take("npm");
  const api = textOf(about.take("api"));
  return api === null || api.includes("$") || !api.startsWith("https://") ? null : api.slice(0, 2048);
}

type Read = { readonly draft: Draft; readonly tiers: readonly PriceTier[] };

function readModel(
  place: string,
  provider: string,
  model: string,
  entry: JsonObject | null,
  baseUrl: string | null,
): Read {
  const service = `${provider}/${model}`;
  const draft = new Draft(place, entry ?? {}, service, service);
  if (entry === null) draft.refuse("not-an-entry", "", "an object");
  const { contract } = draft;
  contract.name = (textOf(draft.take("name")) ?? service).slice(0, 256);
  draft.take("id");
  contract.owner = provider.slice(0, 128);
  contract.traits["provider"] = provider.slice(0, 256);
  readCapabilities(draft);
  readLimits(draft);
  const tiers = readPrices(draft);
  for (const [field, trait] of TRAITS) {
    const value = draft.peek(field);
    if (typeof value !== "string" && typeof value !== "boolean") continue;
    draft.take(field);
    contract.traits[trait] = typeof value === "string" ? value.slice(0, 256) : value;
  }
  contract.privacy.locality = "cloud";
  contract.api = { kind: "openai", baseUrl, model: model.slice(0, 256) };
  for (const pointer of ["/privacy/locality", "/version"]) draft.assume(pointer);
  if (baseUrl === null) draft.assume("/api");
  return { draft, tiers };
}

/** What a model gives back says what it is for; a model of text can chat. */
function readCapabilities(draft: Draft): void {
  const capabilities = new Set<string>();
  const inputs = texts(draft, "input");
  const outputs = texts(draft, "output");
  if (outputs.length === 0) draft.refuse("modalities-missing", "modalities", "what the model gives back");
  const isEmbedding = /(^|[^a-z])embed/.test(draft.contract.service.toLowerCase());
  if (outputs.includes("text")) capabilities.add(isEmbedding ? "embedding" : "chat");
  if (isEmbedding) draft.assume("/capabilities");
  for (const modality of inputs) if (modality !== "text") capabilities.add(`input.${modality}`);
  for (const modality of outputs) if (modality !== "text") capabilities.add(`output.${modality}`);
  for (const [field, name] of FLAGS) if (draft.take(field) === true) capabilities.add(name);
  draft.contract.capabilities = [...capabilities].sort(byCodeUnit);
}

/** `context` bounds what is sent and answered together. A limit of 0, the catalogue's word for unknown, is left to admission. */
function readLimits(draft: Draft): void {
  const context = draft.count("limit", "context");
  draft.contract.constraints = {
    inputTokensMax: draft.count("limit", "input") ?? context,
    outputTokensMax: draft.count("limit", "output"),
    totalTokensMax: context,
  };
}

function readPrices(draft: Draft): readonly PriceTier[] {
  const prices: Prices = new Map();
  const raised: Prices = new Map();
  for (const [field, unit] of PRICES) {
    readPrice(draft, prices, unit, ["cost", field], MILLION);
    readPrice(draft, raised, unit, ["cost", "context_over_200k", field], MILLION);
  }
  statePrices(draft, prices);
  return raised.size === 0 ? [] : [{ above: 200_000, prices: raised }];
}

function texts(draft: Draft, side: string): string[] {
  return listOf(draft.take("modalities", side)).filter((item) => typeof item === "string");
}
