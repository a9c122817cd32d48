/**
 * Importer of the public model price catalogue in LiteLLM's file format.
 *
 * @see https://github.com/BerriAI/litellm, `model_prices_and_context_window.json` (its `sample_spec` describes the fields).
 * @module
 */
import { byCodeUnit, type JsonObject, type JsonValue, type ServiceContract, sortContracts } from "@canonic/contracts";
import { Draft } from "./draft.ts";
import { picosOf } from "./picos.ts";
import type { ImportedEntry, ImportReport, QuarantinedEntry } from "./report.ts";

/** The capability that each mode of the catalogue stands for. */
const MODES: Readonly<Record<string, string>> = {
  audio_speech: "audio.speech",
  audio_transcription: "audio.transcription",
  chat: "chat",
  completion: "completion",
  embedding: "embedding",
  guardrail: "moderation",
  image_edit: "image.edit",
  image_generation: "image.generation",
  moderation: "moderation",
  ocr: "ocr",
  realtime: "realtime",
  rerank: "rerank",
  responses: "chat",
  search: "search",
  vector_store: "vector-store",
  video_generation: "video.generation",
};

/** Price fields and the unit that each one prices. */
const PRICES: readonly (readonly [field: string, unit: string])[] = [
  ["input_cost_per_token", "input-token"],
  ["output_cost_per_token", "output-token"],
  ["cache_read_input_token_cost", "cached-input-token"],
  ["cache_creation_input_token_cost", "cache-write-token"],
  ["output_cost_per_reasoning_token", "reasoning-token"],
  ["input_cost_per_audio_token", "input-audio-token"],
  ["output_cost_per_audio_token", "output-audio-token"],
  ["input_cost_per_character", "input-character"],
  ["output_cost_per_character", "output-character"],
  ["input_cost_per_image", "input-image"],
  ["output_cost_per_image", "output-image"],
  ["input_cost_per_pixel", "input-pixel"],
  ["output_cost_per_pixel", "output-pixel"],
  ["input_cost_per_second", "input-second"],
  ["output_cost_per_second", "output-second"],
  ["input_cost_per_request", "request"],
  ["input_cost_per_query", "query"],
];

/** `supports_*` fields that are capabilities when true, and traits either way. */
const SUPPORTS: readonly (readonly [field: string, name: string])[] = [
  ["supports_function_calling", "function-calling"],
  ["supports_parallel_function_calling", "parallel-function-calling"],
  ["supports_tool_choice", "tool-choice"],
  ["supports_vision", "input.image"],
  ["supports_image_input", "input.image"],
  ["supports_pdf_input", "input.pdf"],
  ["supports_audio_input", "input.audio"],
  ["supports_video_input", "input.video"],
  ["supports_audio_output", "output.audio"],
  ["supports_response_schema", "response-schema"],
  ["supports_prompt_caching", "prompt-caching"],
  ["supports_reasoning", "reasoning"],
  ["supports_system_messages", "system-messages"],
  ["supports_web_search", "web-search"],
  ["supports_computer_use", "computer-use"],
  ["supports_url_context", "url-context"],
  ["supports_native_streaming", "streaming"],
  ["supports_assistant_prefill", "assistant-prefill"],
];

/** Every entry but `sample_spec`, which describes the format. */
export function importPriceCatalogue(catalogue: JsonObject): ImportReport {
  const contracts: ServiceContract[] = [];
  const entries: ImportedEntry[] = [];
  const quarantined: QuarantinedEntry[] = [];
  for (const [name, value] of Object.entries(catalogue)) {
    if (name === "sample_spec") continue;
    const place = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    const finished = isObject ? draftOf(place, name, value as JsonObject).finish() : notAnEntry(place, name);
    if (finished.contract !== null) contracts.push(finished.contract);
    entries.push(finished.entry);
    if (finished.quarantined !== null) quarantined.push(finished.quarantined);
  }
  return { format: "litellm", contracts: sortContracts(contracts), entries, quarantined };
}

function draftOf(place: string, name: string, entry: JsonObject): Draft {
  const draft = new Draft(place, entry, name, name);
  const { contract } = draft;
  const provider = draft.take("litellm_provider");
  if (typeof provider === "string") {
    contract.owner = provider.slice(0, 128);
    contract.traits["provider"] = provider.slice(0, 256);
  } else {
    draft.refuse("provider-missing", "litellm_provider", "the name of a provider");
  }
  readCapabilities(draft);
  readLimits(draft);
  readPrices(draft);
  const source = draft.take("source");
  if (typeof source === "string") contract.source = source.slice(0, 2048);
  const deprecated = draft.take("deprecation_date");
  if (typeof deprecated === "string") contract.traits["deprecation-date"] = deprecated.slice(0, 256);
  contract.privacy.locality = "cloud";
  draft.assume("/privacy/locality");
  contract.api = { kind: "openai", baseUrl: null, model: name.slice(0, 256) };
  draft.assume("/api");
  draft.assume("/version");
  return draft;
}

function readCapabilities(draft: Draft): void {
  const capabilities = new Set<string>();
  const mode = draft.take("mode");
  const capability = typeof mode === "string" && Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  if (capability === undefined) draft.refuse("mode-unknown", "mode", `one of ${Object.keys(MODES).join(", ")}`);
  else capabilities.add(capability);
  for (const [field, name] of SUPPORTS) {
    const value = draft.take(field);
    if (value === undefined || value === null) continue;
    if (typeof value !== "boolean") draft.refuse("not-a-truth-value", field, "true or false");
    else if (value) capabilities.add(name);
  }
  for (const modality of words(draft.take("supported_modalities"))) {
    if (modality !== "text") capabilities.add(`input.${modality}`);
  }
  for (const modality of words(draft.take("supported_output_modalities"))) {
    if (modality !== "text") capabilities.add(`output.${modality}`);
  }
  const endpoints = words(draft.take("supported_endpoints"));
  if (endpoints.length > 0) draft.contract.traits["endpoints"] = endpoints.sort(byCodeUnit).join(" ").slice(0, 256);
  draft.contract.capabilities = [...capabilities].sort(byCodeUnit);
}

/** `max_tokens` is a legacy field: what can be written where that is not said, else nothing that `max_input_tokens` does not say. */
function readLimits(draft: Draft): void {
  const input = draft.count("max_input_tokens");
  const output = draft.count("max_output_tokens");
  const legacy = draft.count("max_tokens");
  draft.contract.constraints = {
    inputTokensMax: input ?? legacy,
    outputTokensMax: output ?? legacy,
    totalTokensMax: null,
  };
  if (input === null && legacy !== null) draft.assume("/constraints/inputTokensMax");
  if (output === null && legacy !== null) draft.assume("/constraints/outputTokensMax");
}

function readPrices(draft: Draft): void {
  const prices: { unit: string; picos: number }[] = [];
  for (const [field, unit] of PRICES) {
    const value = draft.take(field);
    if (value === undefined || value === null) continue;
    const price = typeof value === "number" ? picosOf(value) : null;
    if (price === null) {
      draft.refuse(
        typeof value === "number" && value < 0 ? "price-negative" : "price-invalid",
        field,
        "a price from 0",
      );
      continue;
    }
    if (!price.exact) draft.assume("/cost");
    prices.push({ unit, picos: price.picos });
  }
  if (prices.length > 0) {
    draft.contract.cost = { currency: "USD", prices: prices.sort((a, b) => byCodeUnit(a.unit, b.unit)) };
    if (prices.every(({ picos }) => picos === 0)) draft.assume("/cost");
  }
}

function words(value: JsonValue | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item === "string").map((item) => item.toLowerCase());
}

function notAnEntry(place: string, name: string): ReturnType<Draft["finish"]> {
  const draft = new Draft(place, {}, name, name);
  draft.refuse("not-an-entry", "", "an object");
  return draft.finish();
}
