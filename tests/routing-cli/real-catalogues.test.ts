/**
 * The command over catalogues as they are published: routed from files and from a registry, in processes of their own.
 */
import { existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RouteDecision } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { canonic, canonicJson, temporaryFolder } from "../main-job/command-line.ts";
import { root } from "../tidy/tree.ts";

const data = join(root, "..", "shared", "data");
const prices = join(data, "price-catalogue-sample", "prices.json");
const servers = join(data, "mcp-servers", "servers");
const isThere = existsSync(prices) && existsSync(servers);
if (!isThere) process.stderr.write("No published catalogues beside the repository: their tests are skipped.\n");

type Routed = {
  readonly decision: RouteDecision;
  readonly catalogue: { readonly services: number; readonly quarantined: number };
};

describe.skipIf(!isThere)("published catalogues", () => {
  const folder = temporaryFolder();
  const options = { cwd: folder, config: null };
  const AT = ["--at", "2026-01-31T12:00:00.000Z", "--profile", "cheapest"];
  let fromFiles: Routed;
  beforeAll(async () => {
    symlinkSync(join(data), join(folder, "data"));
    writeFileSync(
      join(folder, "chat.yaml"),
      "capabilities: [chat]\nquantities: { input-token: 2000, output-token: 200 }\n",
    );
    const route = ["route", "chat.yaml", "--catalogue", "data", ...AT, "--out", "routed.json"];
    fromFiles = await canonicJson<Routed>(route, options);
  });

  test("a folder of price lists and hundreds of MCP servers is one list of services, with what contradicts itself kept out", () => {
    const names = readdirSync(servers);
    process.stderr.write(`${fromFiles.catalogue.services} services of ${names.length + 1} published files\n`);

    expect(fromFiles.catalogue.services).toBeGreaterThan(300);
    expect(fromFiles.catalogue.quarantined).toBeGreaterThan(0);
    expect(fromFiles.decision.outcome.kind).toBe("chosen");
  });

  test("the written decision is VALID for another process", async () => {
    const { code, stdout } = await canonic(["verify", "routed.json"], options);

    expect({ code, verdict: stdout.split("\n")[0] }).toEqual({ code: 0, verdict: "VALID" });
  });

  test("a registry of the same files chooses the same, from the same contracts", async () => {
    const files = [prices, ...readdirSync(servers).map((name) => join(servers, name, "server.yaml"))].filter(
      existsSync,
    );
    await canonicJson(["services", "import", ...files, "--catalogue", "registry", "--active"], options);
    const { decision } = await canonicJson<Routed>(["route", "chat.yaml", "--catalogue", "registry", ...AT], options);

    expect(decision.outcome).toEqual(fromFiles.decision.outcome);
    expect(decision.ranking).toEqual(fromFiles.decision.ranking);
    expect(decision.counts).toEqual(fromFiles.decision.counts);
  });
});
