/**
 * Runs whose capabilities are served from elsewhere: by a model, a service over HTTP and an MCP server over stdio, chosen, measured and proved.
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type ArchiveVerification, memorySource, parseTrustFile, signerFromPem, verifyEvidence } from "@canonic/audit";
import { PlannedWorlds } from "@canonic/caio";
import {
  type Digest,
  digestJson,
  type ExecutionReceipt,
  type PlannedWorld,
  type RouteIdentity,
  type RouteRequest,
  routeIdentityOf,
  type ServiceContract,
  serviceContractDigestOf,
  type TokenClaims,
} from "@canonic/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunReport, workplace } from "../authority/plans.ts";
import { readBelow } from "../main-job/command-line.ts";
import { type Forgery, forged, type Loose, opened, replaceArtifact } from "../tamper/dishonest-keeper.ts";
import { root } from "../tidy/tree.ts";
import { serviceOf } from "./catalogue.ts";

const KEY = "k3y-that-nobody-may-find";
const WORDS = "w0rds-of-the-service";
const place = workplace(join(root, "tests", "routed-runs", "served.config.ts"));
const trust = () => parseTrustFile(readFileSync(place.path(".canonic/trust.json")));
const write = (name: string, value: unknown) => writeFileSync(place.path(name), JSON.stringify(value));

let server: Server;
const asked: (string | undefined)[] = [];
let services: readonly ServiceContract[];

const objectOf = (properties: object) => ({ type: "object", properties, required: Object.keys(properties) }) as never;
const number = { type: "number" };
const called = { determinism: "recorded", effect: "read" } as const;
const PROGRAM = join(root, "packages", "caio", "test", "adapters", "mcp-server.ts");

const ANSWERS: Readonly<Record<string, object>> = {
  kept: { sky: "clear-and-cold" },
  chat: {
    choices: [{ message: { content: "yes" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
  },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    const name = request.url?.split(/[/?]/)[1] ?? "";
    const answer = Object.hasOwn(ANSWERS, name) ? ANSWERS[name] : { sky: 7, [WORDS]: WORDS };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const over = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = (name: string, capability: string, picos: number) =>
    serviceOf(`sky/${name}`, "", {
      ...{ ...called, picos, capabilities: [capability] },
      api: { kind: "http", url: `${over}/${name}`, method: "GET", operationId: null },
      input: objectOf({ query: objectOf({ city: { type: "string" } }) }),
      output: objectOf({ sky: { type: "string" } }),
    });
  const mcp = (name: string, capability: string, invariants: ServiceContract["invariants"]) =>
    serviceOf(`sums/${name}`, "", {
      ...{ ...called, invariants, capabilities: [capability] },
      api: { kind: "mcp", transport: { kind: "stdio", command: process.execPath, args: [PROGRAM] }, tool: "add" },
      input: objectOf({ a: number, b: number }),
      output: objectOf({ sum: number }),
    });
  const model = serviceOf("models/say", "", {
    ...{ ...called, capabilities: ["chat"] },
    api: { kind: "openai", baseUrl: `${over}/chat`, model: "m" },
    constraints: { inputTokensMax: null, outputTokensMax: 20, totalTokensMax: 40 },
  });
  services = [
    http("kept", "forecast", 1),
    http("broken", "promise", 1),
    mcp("add", "sum", [{ id: "more", expression: "output.sum > input.a" }]),
    mcp("few", "small-sum", [{ id: "few", expression: "output.sum < 4" }]),
    model,
    { ...http("note", "note", 1), effect: "write" },
  ];
  write("served.json", services);
  mkdirSync(place.path("catalogue"));
  write("catalogue/services.json", [...services, http("elsewhere", "forecast", 0)]);
  writeFileSync(place.path("key.txt"), KEY);
  await Promise.all([
    plan("all", { tasks: [SAY, ASK, ADD] }),
    plan("broken", { tasks: [task("ask", "promise", IN_OSLO), ADD] }),
    plan("few", { tasks: [task("small", "small-sum", { a: 2, b: 3 }), ADD] }),
    plan("note", { onFailure: "stop", tasks: [task("note", "note", IN_OSLO)] }, "--mode", "live"),
  ]);
});
afterAll(() => void server.close());

const task = (name: string, capability: string, parameters: object) => ({
  ...{ name, capability, parameters },
  route: { quantities: { call: 1 } },
});
const IN_OSLO = { query: { city: "oslo" } };
const ASK = task("ask", "forecast", IN_OSLO);
const SAY = task("say", "chat", { messages: [{ role: "user", content: "is it?" }] });
const ADD = task("add", "sum", { a: 2, b: 3 });

async function plan(name: string, request: object, ...more: readonly string[]): Promise<void> {
  write(`${name}.yaml`, request);
  const from = ["--catalogue", "catalogue", "--profile", "cheapest", ...more];
  await place.json(["plan", `${name}.yaml`, ...from, "--out", `${name}.json`]);
}

const receipts = (): ExecutionReceipt[] =>
  readFileSync(place.path("receipts.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ExecutionReceipt);

/** Everything that the working folder holds but the key's own file, as one text. */
const allBytes = () =>
  [...readBelow(place.folder)]
    .map(([path, bytes]) => (path === "key.txt" ? "" : Buffer.from(bytes).toString("latin1")))
    .join("\n");

/** The verdict of whoever has a router. */
const judge = async (source: Parameters<typeof verifyEvidence>[0]) =>
  verifyEvidence(source, { trust: trust(), routes: new PlannedWorlds() });

describe("a run whose capabilities are served by a model, over HTTP and by an MCP server", () => {
  let denied: RunReport;
  let report: RunReport;
  let bundle: string;
  beforeAll(async () => {
    await place.json(["token", "issue", "--plan", "all.json", "--tokens-per-response", "39", "--out", "narrow.txt"]);
    denied = await place.json<RunReport>(["run", "all.json", "--token", "narrow.txt"], 1);
    report = await place.json<RunReport>(["run", "all.json"]);
    bundle = report.bundle ?? "";
  });

  test("completes with their answers, asked with the key and once each", async () => {
    expect(report.status).toBe("completed");
    const outputs = readFileSync(join(bundle, "outputs.jsonl"), "utf8").trimEnd().split("\n");
    const said = { content: "yes", finishReason: "stop", toolCalls: [] };
    expect(outputs.map((line) => JSON.parse(line))).toEqual([said, { sky: "clear-and-cold" }, { sum: 5 }]);
    expect(asked).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
  });

  test("counts the tokens of a model, and asks none of which the token does not allow the most", async () => {
    const spent = (await place.events(report.run)).flatMap(({ type, data }) =>
      type === "EXECUTION_COMPLETED" ? [data.tokens] : [],
    );

    expect(spent).toEqual([9, 0, 0]);
    expect(denied).toMatchObject({
      status: "denied",
      outputs: 0,
      failure: { operation: "served.say", code: "authority.limit-tokens-per-response" },
    });
  });

  test("leaves receipts that name the run's decisions and the contracts that were chosen", async () => {
    const events = await place.events(report.run);
    const routes = events.flatMap(({ type, data }) => (type === "ROUTING_DECISION" ? [data.route] : []));
    const contracts = [services[4], services[0], services[2]].map((service) =>
      serviceContractDigestOf(service as ServiceContract),
    );

    expect(receipts().map(({ decision }) => decision)).toEqual(routes);
    expect(receipts().map(({ contract }) => contract)).toEqual(contracts);
  });

  test("is VALID, and executed again nobody is asked", async () => {
    const args = ["verify", bundle, "--trust", ".canonic/trust.json", "--replay"];

    expect(await place.json(args)).toMatchObject({
      verdict: "VALID",
      run: { replay: { same: 0, different: 0, unavailable: 0, excluded: 3 } },
    });
    expect([asked.length, receipts().length]).toEqual([2, 3]);
  });

  test("is not VALID where the world has another contract of the service than the operation executes", async () => {
    const [origin, key] = [trust().logs[0]?.origin ?? "", readFileSync(place.path(".canonic/keys/log.pem"), "utf8")];
    const [honest, lying] = [opened(readBelow(bundle)), opened(readBelow(bundle))];
    otherContract(lying);
    const signed = (run: Forgery) => memorySource(forged(run, origin, signerFromPem(origin, key)));
    const untouched = await judge(signed(honest));
    const { verdict, reasons } = await judge(signed(lying));

    expect(untouched.verdict).toBe("VALID");
    expect([verdict, [...new Set(reasons.map(({ code }) => code))]]).toEqual(["INVALID", ["route-untrue"]]);
  });
});

/** A world in which the chosen service says something else, and decisions that follow from it: only the operation names another contract. */
function otherContract(run: Forgery): void {
  const [first] = run.plan.tasks;
  const old = first.route.world as Digest;
  const world = structuredClone(run.artifacts.get(old)) as Loose;
  const entry = world.snapshot.services.find(({ contract }: Loose) => contract.service === "sky/kept");
  entry.contract.description = "another promise";
  const digest = replaceArtifact(run, old, world);
  const validation = run.events.find(({ type }) => type === "TOKEN_VALIDATION");
  const claims = run.artifacts.get(validation.data.claims) as TokenClaims;
  const identity = routeIdentityOf(claims, validation.data.token) as RouteIdentity;
  for (const event of run.events.filter(({ type }) => type === "ROUTING_DECISION")) {
    const { route } = run.plan.tasks.find(({ id }: Loose) => id === event.subject);
    const request = run.artifacts.get(route.request) as RouteRequest;
    const decision = new PlannedWorlds().decide(world as PlannedWorld, digest, request, identity).record();
    run.artifacts.delete(event.data.route);
    event.data.route = digestJson(decision as Loose);
    run.artifacts.set(event.data.route, decision);
  }
}

describe("a promise that a service breaks", () => {
  const broken = ["broken", "few"];

  test("fails its task with its code, over HTTP and by an MCP server, and the failed runs are VALID", async () => {
    const before = receipts().length;
    for (const name of broken) {
      expect(await place.json<RunReport>(["run", `${name}.json`], 1)).toMatchObject({
        status: "failed",
        outputs: 0,
        failure: {
          operation: `served.${name}`,
          code: "runner.operation-failed",
          reasons: [{ place: "caio.guarantee-violated" }],
        },
      });
    }
    await place.json(["export", "--runs", "3..4", "--out", "failed.tar"]);
    const { verdict, runs } = (await judge(place.path("failed.tar"))) as ArchiveVerification;

    expect(receipts().slice(before)).toMatchObject(
      broken.map((name) => ({ outcome: "violated", service: expect.stringContaining(name) })),
    );
    expect([verdict, runs.map((run) => run?.status)]).toEqual(["VALID", ["failed", "failed"]]);
  });

  test("is asked no second time where it writes: whether it has is not known, and no resume finds out", async () => {
    await place.json(["arm", "--reason", "a test"]);
    const before = asked.length;
    const stopped = await place.json<RunReport>(["run", "note.json", "--mode", "live"], 1);

    expect(stopped).toMatchObject({ status: "stopped", stop: { code: "runner.operation-failed" } });
    expect(await place.refusal(["resume", stopped.run], 1)).toBe("runner.write-indeterminate");
    expect(asked.length - before).toBe(1);
  });

  test("leaves neither the key nor a word of the service anywhere", () => {
    const bytes = allBytes();

    expect(asked).toEqual(Array(4).fill(`Bearer ${KEY}`));
    expect(bytes).toContain("clear-and-cold");
    for (const kept of [KEY, WORDS, Buffer.from(KEY).toString("base64").slice(0, 20)])
      expect(bytes).not.toContain(kept);
  });
});

test("what was planned with one contract of a service does not run where the operation executes another", async () => {
  const [kept, ...rest] = services as [ServiceContract, ...ServiceContract[]];
  write("served.json", [{ ...kept, description: "another promise" }, ...rest]);

  expect(await place.refusal(["run", "all.json"], 2)).toBe("orchestrator.operations-changed");
  expect(asked).toHaveLength(4);
});
