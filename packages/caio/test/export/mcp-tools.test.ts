import { compileSchema, type JsonValue, type ServiceContract } from "@canonic/contracts";
import { ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exportMcpTools, importDockerServer } from "../../src/index.ts";
import { anyService } from "./generated.ts";

const services = fc.uniqueArray(anyService, {
  selector: ({ service, version }) => `${service}@${version}`,
  maxLength: 8,
});

test("makes each service one tool that the protocol's own schema accepts, with a name of its own (M1)", () => {
  fc.assert(
    fc.property(services, (contracts) => {
      const tools = exportMcpTools(contracts);

      expect(ListToolsResultSchema.parse({ tools }).tools).toHaveLength(contracts.length);
      expect(new Set(tools.map(({ name }) => name)).size).toBe(contracts.length);
      for (const { name } of tools) expect(name).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
      const told = tools.map(({ _meta }) => `${_meta["canonic/service"]}@${_meta["canonic/version"]}`);
      expect(told.sort()).toEqual(contracts.map(({ service, version }) => `${service}@${version}`).sort());
    }),
    { numRuns: 300 },
  );
});

test("takes what the service takes, under `input` where that is no object (M2)", () => {
  let wrapped = 0;

  fc.assert(
    fc.property(anyService, (contract: ServiceContract) => {
      const [tool] = exportMcpTools([contract]);
      const check = compileSchema(tool?.inputSchema ?? false);
      if (contract.input === null || contract.input["type"] === "object") return;
      wrapped += 1;
      const takes = compileSchema(contract.input as never);
      for (const value of ["text", 7, -1, {}, { next: { value: "x" } }, { next: 1 }, null] as JsonValue[])
        expect(check({ input: value }).length === 0, JSON.stringify(value)).toBe(takes(value).length === 0);
      expect(check({})).not.toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(wrapped).toBeGreaterThan(50);
});

test("gives two services of one written name different names, the same in any order", () => {
  const [one] = fc.sample(anyService, { numRuns: 1, seed: 1 }) as [ServiceContract];
  const pair = [
    { ...one, service: "a/b" as ServiceContract["service"] },
    { ...one, service: "a:b" as ServiceContract["service"] },
  ];

  const names = exportMcpTools(pair).map(({ name }) => name);

  expect(names.every((name) => /^a_b-[0-9a-f]{32}$/.test(name))).toBe(true);
  expect(exportMcpTools([...pair].reverse()).map(({ name }) => name)).toEqual(names);
});

test("is read back by the importer of MCP servers, as a capability for each tool", () => {
  fc.assert(
    fc.property(services, (contracts) => {
      const tools = exportMcpTools(contracts);
      const server = { name: "gateway", type: "server", image: "acme/gateway", about: {} };
      const { contracts: imported, quarantined } = importDockerServer(server, "x", tools as unknown as JsonValue);

      expect(quarantined).toEqual([]);
      expect(imported[0]?.traits["tools"]).toBe(contracts.length);
      const words = new Set(tools.map(({ name }) => name.replace(/[^A-Za-z0-9_-]+/g, "-")));
      expect(imported[0]?.capabilities.filter((name) => name.startsWith("tool."))).toHaveLength(words.size);
    }),
    { numRuns: 100 },
  );
});
