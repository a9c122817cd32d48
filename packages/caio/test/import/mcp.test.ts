import type { JsonObject } from "@canonic/contracts";
import { expect, test } from "vitest";
import { importDockerServer, importServerJson } from "../../src/index.ts";
import { DOCKER, SERVER } from "./documents.ts";

const docker = (change: JsonObject) =>
  importDockerServer({ ...DOCKER, ...change } as unknown as JsonObject, "server.yaml");
const server = (change: JsonObject) =>
  importServerJson({ ...SERVER, ...change } as unknown as JsonObject, "server.json");

test("starts an image as it is, with its command, and without a network where it wants none", () => {
  const [contract] = docker({}).contracts;

  expect(contract?.api).toEqual({
    kind: "mcp",
    transport: {
      kind: "stdio",
      command: "docker",
      args: ["run", "-i", "--rm", "--network", "none", "mcp/atlas", "--transport=stdio"],
    },
    tool: null,
  });
  expect(contract?.capabilities).toEqual(["category.devops", "mcp", "tool.search_docs"]);
  expect(contract?.privacy.locality).toBe("local");
  expect(contract?.assumed).toEqual(["/effect", "/version"]);
});

test("assumes the address of what must be filled in or mounted first, and never passes a placeholder on", () => {
  for (const run of [{ command: ["--key={{key}}"] }, { volumes: ["/a:/b"] }, { env: { A: "{{b}}" } }]) {
    const [contract] = docker({ run }).contracts;

    expect(contract?.traits["needs-configuration"]).toBe(true);
    expect(contract?.assumed).toContain("/api");
    expect(JSON.stringify(contract?.api)).not.toContain("{{");
  }
});

test("takes an address of the transport before streamable HTTP, and says that it is assumed to speak it", () => {
  const remote = (transport_type: string) =>
    docker({ image: null, remote: { url: "https://a.example/x", transport_type } });

  expect(remote("sse").contracts[0]?.assumed).toContain("/api");
  expect(remote("streamable-http").contracts[0]?.assumed).not.toContain("/api");
});

test("says that tools which a server lists only while it runs may be more than the file has", () => {
  expect(docker({ dynamic: { tools: true } }).contracts[0]?.assumed).toContain("/traits/tools");
  expect(docker({}).contracts[0]?.assumed).not.toContain("/traits/tools");
});

test("prefers a streamable remote, then a package that a launcher starts, then the older transport", () => {
  const streamable = { type: "streamable-http", url: "https://a.example/mcp" };
  const kinds = [
    server({ remotes: [{ type: "sse", url: "https://a.example/sse" }, streamable] }),
    server({}),
    server({ packages: [{ registryType: "nuget", identifier: "x" }] }),
  ].map(({ contracts }) => (contracts[0]?.api.kind === "mcp" ? contracts[0].api.transport : null));

  expect(kinds).toEqual([
    { kind: "http", url: "https://a.example/mcp" },
    { kind: "stdio", command: "npx", args: ["-y", "@acme/atlas@1.2.3"] },
    { kind: "http", url: "https://acme.example/sse" },
  ]);
});

test("never takes a package whose name a launcher would read as an option", () => {
  const { contracts, quarantined } = server({
    packages: [{ registryType: "npm", identifier: "--call=x" }],
    remotes: [],
  });

  expect(contracts).toEqual([]);
  expect(quarantined[0]?.reasons.map(({ code }) => code)).toEqual(["caio.address-missing"]);
});

test("tells that a server needs a secret, and assumes that it starts without one", () => {
  const [contract] = server({}).contracts;

  expect(contract?.traits).toMatchObject({ "needs-configuration": true, "needs-credentials": true });
  expect(contract?.assumed).toContain("/api");
});
