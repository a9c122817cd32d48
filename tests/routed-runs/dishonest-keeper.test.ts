/**
 * A keeper who holds the log's key, and would have a routed run look otherwise decided: everything is made and signed again, and only
 * deciding again shows what is false.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memorySource, type NoteSigner, parseTrustFile, signerFromPem, verifyBundle } from "@canonic/audit";
import { openBudget, PlannedWorlds } from "@canonic/caio";
import { type Digest, digestJson, type TrustFile } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { type RunReport, workplace } from "../authority/plans.ts";
import { readBelow, sourceLine } from "../main-job/command-line.ts";
import { runCommand } from "../run-command.ts";
import type { Bundle } from "../tamper/bundle-copy.ts";
import { type Forgery, forged, type Loose, opened, replaceArtifact } from "../tamper/dishonest-keeper.ts";
import { root } from "../tidy/tree.ts";
import { ROUTED, serviceOf } from "./catalogue.ts";

const RULES = `
rules:
  - id: pure-alone
    require: service.effect == "pure"
`;

let bundle: Bundle;
let bundleFolder: string;
let trustPath: string;
let trust: TrustFile;
let signer: NoteSigner;
let origin: string;
beforeAll(async () => {
  const place = workplace();
  mkdirSync(place.path("catalogue"));
  const services = [serviceOf("a/dear", "rows.count", { picos: 9 }), serviceOf("b/cheap", "rows.count", { picos: 1 })];
  writeFileSync(place.path("catalogue/services.json"), JSON.stringify(services));
  writeFileSync(place.path("routed.yaml"), ROUTED);
  writeFileSync(place.path("rules.yaml"), RULES);
  await place.json(["plan", "routed.yaml", "--catalogue", "catalogue", "--rules", "rules.yaml", "--out", "plan.json"]);
  const report = await place.json<RunReport>(["run", "plan.json", "--jobs", "1"]);
  bundleFolder = report.bundle ?? "";
  trustPath = place.path(".canonic/trust.json");
  bundle = readBelow(bundleFolder);
  trust = parseTrustFile(readFileSync(place.path(".canonic/trust.json")));
  origin = trust.logs[0]?.origin ?? "";
  signer = signerFromPem(origin, readFileSync(join(place.folder, ".canonic/keys/log.pem"), "utf8"));
});

async function judged(alter: (run: Forgery) => void, routes: object = { routes: async () => new PlannedWorlds() }) {
  const run = opened(bundle);
  alter(run);
  const { verdict, reasons } = await verifyBundle(memorySource(forged(run, origin, signer)), { trust, ...routes });
  return { verdict, codes: [...new Set(reasons.map(({ code }) => code))] };
}

const routing = (run: Forgery): Loose => run.events.find(({ type, data }) => type === "ROUTING_DECISION" && data.route);
const routedTask = (run: Forgery): Loose => run.plan.tasks.find((task: Loose) => task.route !== undefined);

/** Another decision in the place of the run's, named by the event. */
function decideOtherwise(run: Forgery, alter: (decision: Loose) => void): void {
  const event = routing(run);
  const decision = structuredClone(run.artifacts.get(event.data.route));
  run.artifacts.delete(event.data.route);
  alter(decision);
  event.data.route = digestJson(decision);
  run.artifacts.set(event.data.route, decision);
}

/** Another world in the place of the plan's; the decision names its parts, and nothing else of it changes. */
function moveWorld(run: Forgery, alter: (world: Loose) => void): void {
  const old = routedTask(run).route.world as Digest;
  const world = structuredClone(run.artifacts.get(old));
  alter(world);
  replaceArtifact(run, old, world);
  decideOtherwise(run, (decision) => {
    const { schema: _schema, ...parts } = world;
    for (const [name, part] of Object.entries(parts))
      decision.world[name] = part === null ? null : digestJson(part as Loose);
  });
}

test("a routed run that is made again with the log's key and nothing altered is VALID", async () => {
  expect(await judged(() => undefined)).toEqual({ verdict: "VALID", codes: [] });
});

test("what would cost a verifier too much to decide again is left open, never VALID", async () => {
  const within = (steps: number) => ({ routes: async () => new PlannedWorlds(openBudget(steps)) });

  expect(await judged(() => undefined, within(10))).toEqual({ verdict: "INDETERMINATE", codes: ["route-not-derived"] });
  expect(await judged(() => undefined, within(1_000_000))).toEqual({ verdict: "VALID", codes: [] });
});

test("the verifier that is one file decides again too", async () => {
  const command = join(root, "apps", "verifier", "src", "canonic-verify.ts");
  const [node = "", ...options] = sourceLine;
  const { code, stdout } = await runCommand(node, [...options, command, bundleFolder, "--trust", trustPath]);

  expect({ code, verdict: stdout.split(/[\n:]/)[0] }).toEqual({ code: 0, verdict: "VALID" });
});

describe("decisions that are named and there, and do not follow", () => {
  const lies: [string, (run: Forgery) => void][] = [
    [
      "another choice",
      (run) =>
        decideOtherwise(
          run,
          ({ outcome, ranking }) =>
            Object.assign(outcome, ranking[1], { kind: "chosen" }) &&
            ["score", "terms", "costPicos", "latencyUs"].map((name) => delete outcome[name]),
        ),
    ],
    ["another score", (run) => decideOtherwise(run, ({ ranking }) => Object.assign(ranking[0], { score: 1 }))],
    ["another root", (run) => decideOtherwise(run, (decision) => Object.assign(decision, { root: decision.request }))],
    ["another count", (run) => decideOtherwise(run, ({ counts }) => Object.assign(counts, { match: 1 }))],
    [
      "another price in the registry",
      (run) =>
        moveWorld(run, ({ snapshot }) => Object.assign(snapshot.services[0].contract.cost.prices[0], { picos: 3 })),
    ],
    ["a service less in the registry", (run) => moveWorld(run, ({ snapshot }) => snapshot.services.shift())],
    [
      "another state in the registry",
      (run) => moveWorld(run, ({ snapshot }) => Object.assign(snapshot.services[0], { state: "probation" })),
    ],
    ["another weight", (run) => moveWorld(run, ({ scoreProfile }) => Object.assign(scoreProfile.weights, { risk: 7 }))],
    [
      "another rule",
      (run) =>
        moveWorld(run, ({ rules }) =>
          Object.assign(rules.rules[0].effect, { expression: 'service.effect == "write"' }),
        ),
    ],
    ["observations", (run) => moveWorld(run, (world) => Object.assign(world, { observations: OBSERVED }))],
  ];
  test.each(lies)("%s is INVALID", async (_name, alter) => {
    expect(await judged(alter)).toEqual({ verdict: "INVALID", codes: ["route-differs"] });
  });

  test.each(lies)("%s is not VALID without a router", async (_name, alter) => {
    expect((await judged(alter, {})).verdict).not.toBe("VALID");
  });
});

describe("decisions that are not of their task", () => {
  const lies: [string, string, (run: Forgery) => void][] = [
    [
      "none",
      "route-missing",
      (run) => {
        run.artifacts.delete(routing(run).data.route);
        delete routing(run).data.route;
      },
    ],
    [
      "one that is not there",
      "route-missing",
      (run) => {
        run.artifacts.delete(routing(run).data.route);
      },
    ],
    [
      "one of somebody else",
      "route-untrue",
      (run) => decideOtherwise(run, ({ world }) => Object.assign(world, { identity: world.rules })),
    ],
    [
      "one of another world",
      "route-untrue",
      (run) => decideOtherwise(run, ({ world }) => Object.assign(world, { snapshot: world.rules })),
    ],
    [
      "one of another request",
      "route-untrue",
      (run) => decideOtherwise(run, (decision) => Object.assign(decision, { request: decision.root })),
    ],
    [
      "one of another moment",
      "route-untrue",
      (run) => decideOtherwise(run, (decision) => Object.assign(decision, { at: "2026-01-01T00:00:00.000Z" })),
    ],
    [
      "one that policies had a part in",
      "route-untrue",
      (run) => decideOtherwise(run, ({ world }) => Object.assign(world, { authorization: world.rules })),
    ],
    [
      "a refusal, and it ran",
      "route-untrue",
      (run) =>
        decideOtherwise(run, (decision) =>
          Object.assign(decision, { outcome: { kind: "refused", code: "caio.no-match" } }),
        ),
    ],
    [
      "no decision at all",
      "route-malformed",
      (run) => decideOtherwise(run, (decision) => Object.assign(decision, { schema: "canonic/route-decision/v9" })),
    ],
    [
      "one for a task that names its operation",
      "route-unplanned",
      (run) => {
        const other = run.events.find(({ type, data }) => type === "ROUTING_DECISION" && !data.route);
        other.data.route = routing(run).data.route;
      },
    ],
  ];
  test.each(lies)("%s is INVALID (%s)", async (_name, code, alter) => {
    const { verdict, codes } = await judged(alter, {});

    expect(verdict).toBe("INVALID");
    expect(codes).toContain(code);
  });
});

const OBSERVED = {
  schema: "canonic/observation-snapshot/v1",
  at: "1970-01-01T00:00:00.000Z",
  halfLifeHours: 24,
  confidencePpm: 900_000,
  receipts: `sha256:${"0".repeat(64)}`,
  services: [
    {
      service: "a/dear",
      version: "1.0.0",
      receipts: 50,
      reliabilityPpm: 1_000_000,
      latencyUs: { p50: 1, p95: 1, p99: 1, max: 1 },
      costPicos: null,
    },
  ],
};
