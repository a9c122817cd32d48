/**
 * Admission: what contradicts itself is kept out, with the reason, before anything is routed to it.
 *
 * A catalogue is written by many hands. A router that believes an image model's token price sends it every cheap request, and each
 * one fails; so an entry must be consistent with itself and, in price, with those of its kind.
 *
 * Invariants:
 *   A1. Nothing is changed: a contract is admitted as it came or quarantined with every reason.
 *   A2. A price outlier is judged against the other offers of the same capability in the same list, by order of magnitude only.
 *
 * @module
 */
import { type Reason, type ServiceContract, sortContracts } from "@canonic/contracts";
import { callFaultsOf } from "./call-faults.ts";
import type { QuarantinedEntry } from "./report.ts";

/** Capabilities whose price is told by the token, and what must not be the only thing that such a service gives back. */
const TEXT = ["chat", "completion"];

/** Names of families that draw or film and never chat; a whole word of the service's id. */
const DRAWING = new Set(
  "flux dalle imagen midjourney kandinsky sdxl ideogram recraft seedream seedance veo sora kling hidream ssd".split(
    " ",
  ),
);
const DRAWING_PAIRS = [
  ["stable", "diffusion"],
  ["stable", "image"],
  ["dall", "e"],
  ["gpt", "image"],
  ["nova", "canvas"],
  ["nova", "reel"],
  ["titan", "image"],
  ["japanese", "stable"],
  ["playground", "v2"],
] as const;

/** Above this a token is priced per million by mistake: 1,000 US dollars a million tokens. */
const TOKEN_PICOS_MAX = 1_000_000_000;

/** A token price under a twentieth of that of the cheapest fiftieth of its kind is an outlier, among at least so many offers. */
const OUTLIER_FACTOR = 20;
const CHEAPEST_PART = 50;
const OFFERS_MIN = 200;

/** Both lists together are what came in. */
export interface Admission {
  /** Sorted by service, then version. */
  readonly admitted: readonly ServiceContract[];
  readonly quarantined: readonly QuarantinedEntry[];
}

/** Checks contracts against themselves and each other. Two different contracts of one service and version are both kept out. */
export function admitServices(contracts: readonly ServiceContract[]): Admission {
  const floor = priceFloor(contracts);
  const twins = new Map<string, number>();
  for (const { service, version } of contracts) {
    const key = `${service}@${version}`;
    twins.set(key, (twins.get(key) ?? 0) + 1);
  }
  const admitted: ServiceContract[] = [];
  const quarantined: QuarantinedEntry[] = [];
  for (const contract of contracts) {
    const reasons = faultsOf(contract, floor);
    if ((twins.get(`${contract.service}@${contract.version}`) ?? 0) > 1) {
      reasons.push(fault("caio.duplicate-service", "/service", "one contract for each service and version"));
    }
    if (reasons.length === 0) admitted.push(contract);
    else quarantined.push({ place: contract.service, service: contract.service, reasons });
  }
  return { admitted: sortContracts(admitted), quarantined };
}

function faultsOf(contract: ServiceContract, floor: number | null): Reason[] {
  const reasons = callFaultsOf(contract);
  const { constraints, capabilities } = contract;
  for (const [name, limit] of Object.entries(constraints)) {
    if (limit === 0) reasons.push(fault("caio.context-zero", `/constraints/${name}`, "a limit over 0, or none"));
  }
  const { outputTokensMax, totalTokensMax } = constraints;
  if (outputTokensMax !== null && totalTokensMax !== null && totalTokensMax > 0 && outputTokensMax > totalTokensMax) {
    reasons.push(
      fault("caio.output-over-total", "/constraints/outputTokensMax", "no more than input and output together"),
    );
  }
  if (!capabilities.some((capability) => TEXT.includes(capability))) return reasons;
  if (drawsByName(contract.service)) {
    reasons.push(
      fault("caio.mode-contradicted", "/capabilities", "no text capability of a service named as an image model"),
    );
  }
  if (contract.traits["output-vector-size"] !== undefined) {
    reasons.push(fault("caio.mode-contradicted", "/traits/output-vector-size", "no vectors of a text capability"));
  }
  const outputs = capabilities.filter((capability) => capability.startsWith("output."));
  const endpoints = String(contract.traits["endpoints"] ?? "");
  if (endpoints !== "" && !/chat|completions|responses|messages|batch|realtime/.test(endpoints)) {
    reasons.push(fault("caio.mode-contradicted", "/traits/endpoints", "an endpoint that answers with text"));
  }
  const picos = new Map(contract.cost?.prices.map((price) => [price.unit, price.picos]) ?? []);
  const input = picos.get("input-token");
  const output = picos.get("output-token");
  const isPricedByImage = [...picos.keys()].some((unit) => /^output-(image|pixel|second)$/.test(unit));
  if (isPricedByImage && output === undefined && outputs.length === 0) {
    reasons.push(fault("caio.mode-contradicted", "/cost/prices", "a token price where a text capability is offered"));
  }
  for (const price of [input, output]) {
    if (price !== undefined && price > TOKEN_PICOS_MAX) {
      reasons.push(fault("caio.price-implausible", "/cost/prices", "at most 1,000 a million tokens"));
      break;
    }
  }
  const isOutlier = floor !== null && input !== undefined && output !== undefined && input + output > 0;
  if (isOutlier && (input + output) * OUTLIER_FACTOR < floor) {
    reasons.push(fault("caio.price-implausible", "/cost/prices", "a price of the order of others of its kind"));
  }
  return reasons;
}

/** The price that a fiftieth of all priced offers of text do not exceed, both directions added; null where there are few. */
function priceFloor(contracts: readonly ServiceContract[]): number | null {
  const sums = contracts
    .filter(({ capabilities }) => capabilities.some((capability) => TEXT.includes(capability)))
    .map(({ cost }) => {
      const of = (unit: string) => cost?.prices.find((price) => price.unit === unit)?.picos ?? 0;
      return of("input-token") + of("output-token");
    })
    .filter((sum) => sum > 0)
    .sort((a, b) => a - b);
  return sums.length < OFFERS_MIN ? null : (sums[Math.floor(sums.length / CHEAPEST_PART)] ?? null);
}

function drawsByName(service: string): boolean {
  const words = service.toLowerCase().split(/[^a-z0-9]+/);
  if (words.some((word) => DRAWING.has(word.replace(/[0-9]+$/, "")))) return true;
  return DRAWING_PAIRS.some(([a, b]) =>
    words.some((word, at) => word === a && words[at + 1]?.replace(/[0-9]+$/, "") === b.replace(/[0-9]+$/, "")),
  );
}

function fault(code: string, place: string, expected: string): Reason {
  return { code, place, message: `expected ${expected}` };
}
