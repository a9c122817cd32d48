/**
 * Importer of the models.dev catalogue: providers, each with its models.
 *
 * @see https://models.dev, `api.json`; prices are US dollars per million tokens.
 * @module
 */
import { byCodeUnit, type JsonObject, type JsonValue, type ServiceContract, sortContracts } from "@canonic/contracts";
import { Draft } from "./draft.ts";
import { picosOf } from "./picos.ts";
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

/** Every model of every provider. */
export function importModelsDev(catalogue: JsonObject): ImportReport {
  const contracts: ServiceContract[] = [];
  const entries: ImportedEntry[] = [];
  const quarantined: QuarantinedEntry[] = [];
  for (const [provider, value] of Object.entries(catalogue)) {
    const models = objectOf(objectOf(value)?.["models"] ?? null);
    for (const [model, entry] of Object.entries(models ?? {})) {
      const place = `/${pointed(provider)}/models/${pointed(model)}`;
      const finished = draftOf(place, provider, model, objectOf(entry)).finish();
      if (finished.contract !== null) contracts.push(finished.contract);
      entries.push(finished.entry);
      if (finished.quarantined !== null) quarantined.push(finished.quarantined);
    }
  }
  return { format: "models-dev", contracts: sortContracts(contracts), entries, quarantined };
}

function draftOf(place: string, provider: string, model: string, entry: JsonObject | null): Draft {
  const service = `${provider}/${model}`;
  const draft = new Draft(place, entry ?? {}, service, service);
  if (entry === null) draft.refuse("not-an-entry", "", "an object");
  const { contract } = draft;
  const name = draft.take("name");
  if (typeof name === "string" && name !== "") contract.name = name.slice(0, 256);
  draft.take("id");
  contract.owner = provider.slice(0, 128);
  contract.traits["provider"] = provider.slice(0, 256);
  readCapabilities(draft);
  readLimits(draft);
  readPrices(draft);
  for (const [field, trait] of [
    ["knowledge", "knowledge"],
    ["release_date", "release-date"],
    ["last_updated", "last-updated"],
    ["open_weights", "open-weights"],
    ["status", "status"],
  ] as const) {
    const value = draft.take(field);
    if (typeof value === "string" || typeof value === "boolean")
      contract.traits[trait] = typeof value === "string" ? value.slice(0, 256) : value;
  }
  contract.privacy.locality = "cloud";
  contract.api = { kind: "openai", baseUrl: null, model: model.slice(0, 256) };
  for (const pointer of ["/privacy/locality", "/api", "/version"]) draft.assume(pointer);
  return draft;
}

/** What a model gives back says what it is for; a model of text can chat. */
function readCapabilities(draft: Draft): void {
  const capabilities = new Set<string>();
  const modalities = objectOf(draft.take("modalities") ?? null);
  const inputs = texts(modalities?.["input"]);
  const outputs = texts(modalities?.["output"]);
  if (outputs.length === 0) draft.refuse("modalities-missing", "modalities", "what the model gives back");
  const isEmbedding = /(^|[^a-z])embed/.test(draft.contract.service.toLowerCase());
  if (outputs.includes("text")) capabilities.add(isEmbedding ? "embedding" : "chat");
  if (isEmbedding) draft.assume("/capabilities");
  for (const modality of inputs) if (modality !== "text") capabilities.add(`input.${modality}`);
  for (const modality of outputs) if (modality !== "text") capabilities.add(`output.${modality}`);
  for (const [field, name] of [
    ["attachment", "attachment"],
    ["reasoning", "reasoning"],
    ["structured_output", "response-schema"],
    ["temperature", "temperature"],
    ["tool_call", "function-calling"],
  ] as const) {
    if (draft.take(field) === true) capabilities.add(name);
  }
  draft.contract.capabilities = [...capabilities].sort(byCodeUnit);
}

/** `context` bounds what is sent and answered together. A limit of 0 is how the catalogue says that it does not know. */
function readLimits(draft: Draft): void {
  const limit = objectOf(draft.take("limit") ?? null);
  const of = (field: string): number | null => {
    const value = limit?.[field] ?? null;
    if (value === null || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)) return value;
    draft.refuse("not-a-count", `limit/${field}`, "a whole number from 0");
    return null;
  };
  const context = of("context");
  draft.contract.constraints = {
    inputTokensMax: of("input") ?? context,
    outputTokensMax: of("output"),
    totalTokensMax: context,
  };
}

function readPrices(draft: Draft): void {
  const cost = objectOf(draft.take("cost") ?? null);
  if (cost === null) return;
  const prices: { unit: string; picos: number }[] = [];
  for (const [field, unit] of PRICES) {
    const value = cost[field];
    if (value === undefined || value === null) continue;
    const price = typeof value === "number" ? picosOf(value, MILLION) : null;
    if (price === null) {
      draft.refuse(
        typeof value === "number" && value < 0 ? "price-negative" : "price-invalid",
        `cost/${field}`,
        "a price from 0",
      );
      continue;
    }
    if (!price.exact) draft.assume("/cost");
    prices.push({ unit, picos: price.picos });
  }
  if (prices.length === 0) return;
  draft.contract.cost = { currency: "USD", prices: prices.sort((a, b) => byCodeUnit(a.unit, b.unit)) };
  if (prices.every(({ picos }) => picos === 0)) draft.assume("/cost");
}

function objectOf(value: JsonValue | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

function texts(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function pointed(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}
