/**
 * Runs whose tasks name a capability: chosen when planned, decided again for the token when run, judged offline.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseTrustFile, verifyBundle } from "@canonic/audit";
import { PLANNED_AT, type Plan, type RouteDecision, type RunEvent, type ServiceContract } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { type RunReport, workplace } from "../authority/plans.ts";
import { ROUTED, serviceOf } from "./catalogue.ts";

const place = workplace();
const catalogue = (name: string, services: readonly ServiceContract[]): string => {
  mkdirSync(place.path(name), { recursive: true });
  writeFileSync(place.path(`${name}/services.json`), JSON.stringify(services));
  return name;
};
const planFile = (name: string): { readonly plan: Plan; readonly artifacts: Record<string, { schema?: string }> } =>
  JSON.parse(readFileSync(place.path(name), "utf8"));
const routingOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "ROUTING_DECISION" ? [event.data] : []));

/** Exports a run that has no results, and judges its bundle by the command. */
async function verdictOf(run: string): Promise<string> {
  await place.json(["export", run, "--out", `bundle-${run}`]);
  const judged = ["verify", `bundle-${run}`, "--trust", ".canonic/trust.json"];
  return (await place.json<{ verdict: string }>(judged)).verdict;
}

const CHEAP = serviceOf("b/cheap", "rows.count", { picos: 1 });
const DEAR = serviceOf("a/dear", "rows.reach", { picos: 9 });

describe("a run of a plan that names a capability", () => {
  let report: RunReport;
  let events: readonly RunEvent[];
  beforeAll(async () => {
    catalogue("catalogue", [CHEAP, DEAR, serviceOf("c/elsewhere", "moon.land", { picos: 0 })]);
    writeFileSync(place.path("routed.yaml"), ROUTED);
    await place.json([
      "plan",
      "routed.yaml",
      "--catalogue",
      "catalogue",
      "--profile",
      "cheapest",
      "--out",
      "plan.json",
    ]);
    report = await place.json<RunReport>(["run", "plan.json"]);
    events = await place.events(report.run);
  });

  test("pins the chosen operation, with request and world beside the plan and no time in them", () => {
    const { plan, artifacts } = planFile("plan.json");

    const [work, pin] = plan.tasks;
    expect([work?.operation, pin?.operation, pin?.route]).toEqual(["rows.count", "source.pin", undefined]);
    const world = JSON.stringify(artifacts[work?.route?.world ?? ""]);
    expect(artifacts[work?.route?.request ?? ""]).toMatchObject({ capabilities: ["work"], quantities: { call: 1 } });
    expect(JSON.parse(world).snapshot.services.map((entry: { health: null }) => entry.health)).toEqual([null, null]);
    expect(world).not.toContain("moon.land");
  });

  test("is the same plan, byte for byte, whatever the order of the catalogue", async () => {
    catalogue("turned", [serviceOf("c/elsewhere", "moon.land", { picos: 0 }), DEAR, CHEAP]);
    await place.json(["plan", "routed.yaml", "--catalogue", "turned", "--profile", "cheapest", "--out", "turned.json"]);

    expect(readFileSync(place.path("turned.json"), "utf8")).toBe(readFileSync(place.path("plan.json"), "utf8"));
  });

  test("decides again for the token's identity, and the event names the decision", async () => {
    expect(report.status).toBe("completed");
    const [work, pin] = routingOf(events);

    expect(work).toMatchObject({
      decision: "allow",
      operation: "rows.count",
      route: expect.stringMatching(/^sha256:/),
    });
    expect(pin).not.toHaveProperty("route");
    const decision = JSON.parse(
      readFileSync(`${report.bundle}/artifacts/${work?.route?.slice(7)}.json`, "utf8"),
    ) as RouteDecision;
    expect(decision).toMatchObject({ at: PLANNED_AT, outcome: { service: "b/cheap" } });
    expect(decision.world.identity).toMatch(/^sha256:/);
  });

  test("is VALID for whoever has a router, and INDETERMINATE without one", async () => {
    const { verdict } = await place.json<{ verdict: string }>([
      "verify",
      `${report.bundle}`,
      "--trust",
      ".canonic/trust.json",
    ]);
    const trust = parseTrustFile(readFileSync(place.path(".canonic/trust.json")));
    const without = await verifyBundle(`${report.bundle}`, { trust });

    expect(verdict).toBe("VALID");
    expect(without.verdict).toBe("INDETERMINATE");
    expect(without.reasons.map(({ code }) => code)).toEqual(["route-not-derived"]);
  });
});

describe("a run for a token that routes otherwise", () => {
  test("is denied when its identity leads to another service than was planned", async () => {
    catalogue("other", [CHEAP, serviceOf("d/mine", "rows.reach", { picos: 0, permission: "rows.count" })]);
    writeFileSync(place.path("other.yaml"), ROUTED);
    await place.json(["plan", "other.yaml", "--catalogue", "other", "--profile", "cheapest", "--out", "other.json"]);
    const report = await place.json<RunReport>(["run", "other.json"], 1);
    const events = await place.events(report.run);

    expect(report).toMatchObject({ status: "denied", failure: { code: "runner.route-differs" } });
    expect(routingOf(events)[0]).toMatchObject({
      decision: "refuse",
      operation: "rows.reach",
      route: expect.any(String),
    });
    expect(events.map(({ type }) => type)).not.toContain("EXECUTION_STARTED");
    expect(await verdictOf(report.run)).toBe("VALID");
  });

  test("is denied with the router's own code when no service answers its identity", async () => {
    const limits = ["--invocations", "9", "--tokens-per-response", "0", "--tokens-total", "0", "--frequency", "9/60"];
    const operations = ["--operation", "ledger.record", "--operation", "rows.count", "--operation", "source.pin"];
    await place.json(["token", "issue", ...operations, ...limits, "--out", "wide.txt"]);
    catalogue("closed", [serviceOf("e/closed", "rows.count", { permission: "ledger.record" })]);
    writeFileSync(place.path("closed.yaml"), ROUTED);
    await place.json(["plan", "closed.yaml", "--catalogue", "closed", "--token", "wide.txt", "--out", "closed.json"]);

    const denied = await place.json<RunReport>(["run", "closed.json"], 1);
    expect(denied).toMatchObject({ status: "denied", failure: { code: "caio.no-secure" } });
    expect(await verdictOf(denied.run)).toBe("VALID");
    const allowed = await place.json<RunReport>(["run", "closed.json", "--token", "wide.txt"]);
    expect(allowed.status).toBe("completed");
  });

  test("stops where the plan says so, and goes on under a token that routes as planned", async () => {
    writeFileSync(place.path("stop.yaml"), `onFailure: stop\n${ROUTED}`);
    await place.json(["plan", "stop.yaml", "--catalogue", "closed", "--token", "wide.txt", "--out", "stop.json"]);
    const stopped = await place.json<RunReport>(["run", "stop.json"], 1);
    expect(stopped).toMatchObject({ status: "stopped", stop: { code: "caio.no-secure" } });

    const resumed = await place.json<RunReport>(["resume", stopped.run, "--token", "wide.txt"]);
    expect(resumed).toMatchObject({ run: stopped.run, status: "completed" });
    expect(routingOf(await place.events(stopped.run)).map(({ decision }) => decision)).toEqual([
      "refuse",
      "allow",
      "allow",
    ]);
    const judged = ["verify", `${resumed.bundle}`, "--trust", ".canonic/trust.json"];
    expect((await place.json<{ verdict: string }>(judged)).verdict).toBe("VALID");
  });
});

test("a request that cannot be routed when it is planned makes no plan, and says where and why", async () => {
  writeFileSync(place.path("refused.yaml"), ROUTED.replace("capability: work", "capability: fly"));
  const refused = await place.run("plan", "refused.yaml", "--catalogue", "catalogue", "--out", "refused.json");

  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    "refused.yaml:4:17: no service that is a loaded operation for dryrun answers `fly`: caio.no-match",
  );
});
