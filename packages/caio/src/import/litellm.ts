/**
 * Importer of the public model price catalogue in LiteLLM's file format.
 *
 * @see https://github.com/BerriAI/litellm, `model_prices_and_context_window.json`; its fields are in litellm-fields.ts.
 * @module
 */
import {
  byCodeUnit,
  type JsonObject,
  type JsonValue,
  pointerStep,
  type ServiceContract,
  sortContracts,
} from "@canonic/contracts";
import { Draft } from "./draft.ts";
import { MODES, PRICE_FIELDS, SUPPORTS } from "./litellm-fields.ts";
import { listOf, objectOf, textOf } from "./names.ts";
import { offersOf, type PriceTier } from "./price-tiers.ts";
import { type Prices, readPrice, statePrices } from "./prices.ts";
import type { ImportedEntry, ImportReport, QuarantinedEntry } from "./report.ts";

const TIER = /^(.+)_above_(\d{1,6})k_tokens$/;

/** Every entry but `sample_spec`, which describes the format. An entry whose price rises with the input is an offer for each tier. */
export function importPriceCatalogue(catalogue: JsonObject): ImportReport {
  const contracts: ServiceContract[] = [];
  const entries: ImportedEntry[] = [];
  const quarantined: QuarantinedEntry[] = [];
  for (const [name, value] of Object.entries(catalogue)) {
    if (name === "sample_spec") continue;
    const entry = objectOf(value);
    const draft = new Draft(`/${pointerStep(name)}`, entry ?? {}, name, name);
    if (entry === null) draft.refuse("not-an-entry", "", "an object");
    const tiers = entry === null ? [] : readEntry(draft, name);
    const finished = draft.finish();
    if (finished.contract !== null) contracts.push(...offersOf(finished.contract, tiers));
    entries.push(finished.entry);
    if (finished.quarantined !== null) quarantined.push(finished.quarantined);
  }
  return { format: "litellm", contracts: sortContracts(contracts), entries, quarantined };
}

function readEntry(draft: Draft, name: string): readonly PriceTier[] {
  const { contract } = draft;
  const provider = textOf(draft.take("litellm_provider"));
  if (provider !== null) {
    contract.owner = provider.slice(0, 128);
    contract.traits["provider"] = provider.slice(0, 256);
  } else {
    draft.refuse("provider-missing", "litellm_provider", "the name of a provider");
  }
  readCapabilities(draft);
  readLimits(draft);
  const tiers = readPrices(draft);
  const source = textOf(draft.take("source"));
  if (source !== null) contract.source = source.slice(0, 2048);
  const deprecated = textOf(draft.take("deprecation_date"));
  if (deprecated !== null) contract.traits["deprecation-date"] = deprecated.slice(0, 256);
  const vector = draft.count("output_vector_size");
  if (vector !== null) contract.traits["output-vector-size"] = vector;
  const regions = words(draft.take("supported_regions"));
  contract.privacy.regions = [...new Set(regions)].sort(byCodeUnit);
  contract.privacy.locality = "cloud";
  contract.api = { kind: "openai", baseUrl: null, model: name.slice(0, 256) };
  for (const pointer of ["/privacy/locality", "/api", "/version"]) draft.assume(pointer);
  return tiers;
}

function readCapabilities(draft: Draft): void {
  const capabilities = new Set<string>();
  const mode = draft.take("mode");
  const capability = typeof mode === "string" && Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  if (capability === undefined) draft.refuse("mode-unknown", "mode", `one of ${Object.keys(MODES).join(", ")}`);
  else capabilities.add(capability);
  for (const field of draft.fields) {
    if (!/^supports_[a-z0-9_]+$/.test(field)) continue;
    const value = draft.take(field);
    if (value === null) continue;
    const name = SUPPORTS.get(field);
    if (typeof value !== "boolean") draft.refuse("not-a-truth-value", field, "true or false");
    else if (name === undefined) draft.contract.traits[traitOf(field)] = value;
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

/** A price that rises in any way but with the count of input tokens leaves the whole cost assumed. */
function readPrices(draft: Draft): readonly PriceTier[] {
  const prices: Prices = new Map();
  const tiers = new Map<number, Prices>();
  let isUnderstood = true;
  const tierOf = (above: number): Prices => {
    const tier = tiers.get(above) ?? (new Map() as Prices);
    tiers.set(above, tier);
    return tier;
  };
  for (const field of draft.fields) {
    const unit = PRICE_FIELDS.get(field);
    const [, base = "", thousands = ""] = TIER.exec(field) ?? [];
    const tierUnit = PRICE_FIELDS.get(base);
    if (unit !== undefined) readPrice(draft, prices, unit, [field]);
    else if (tierUnit !== undefined && Number(thousands) > 0)
      readPrice(draft, tierOf(Number(thousands) * 1000), tierUnit, [field]);
    else if (/(^|_)cost(_|$).*_above_/.test(field)) isUnderstood = false;
  }
  for (const size of ["high", "low", "medium"]) {
    readPrice(draft, prices, `search-context-${size}-query`, [
      "search_context_cost_per_query",
      `search_context_size_${size}`,
    ]);
  }
  if (prices.get("input-token") === undefined) readTieredPricing(draft, prices, tierOf);
  statePrices(draft, prices);
  if (!isUnderstood) draft.assume("/cost");
  return [...tiers].map(([above, raised]) => ({ above, prices: raised }));
}

/** `tiered_pricing` lists prices by ranges of input tokens, from 0 on without a gap; any other list is left alone. */
function readTieredPricing(draft: Draft, prices: Prices, tierOf: (above: number) => Prices): void {
  const ranges = listOf(draft.peek("tiered_pricing")).map((tier) => listOf(objectOf(tier)?.["range"]));
  const starts = ranges.map(([start]) => start);
  const isWhole = ranges.every(([start], index) => start === (index === 0 ? 0 : ranges[index - 1]?.[1]));
  if (!isWhole || new Set(starts).size !== starts.length) return;
  for (const [index, start] of starts.entries()) {
    if (typeof start !== "number" || !Number.isSafeInteger(start)) continue;
    draft.take("tiered_pricing", `${index}`, "range");
    for (const field of Object.keys(objectOf(draft.peek("tiered_pricing", `${index}`)) ?? {})) {
      const unit = PRICE_FIELDS.get(field);
      if (unit !== undefined)
        readPrice(draft, start === 0 ? prices : tierOf(start), unit, ["tiered_pricing", `${index}`, field]);
    }
  }
}

function traitOf(field: string): string {
  return field.replace("_", ".").replaceAll("_", "-").slice(0, 64);
}

function words(value: JsonValue | undefined): string[] {
  return listOf(value)
    .filter((item) => typeof item === "string")
    .map((item) => item.toLowerCase());
}
