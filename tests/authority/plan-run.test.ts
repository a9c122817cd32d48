/**
 * Plans under tokens, by real processes: what runs, what is refused and why, and what is left as evidence.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { RunEvent } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { canonicJson, readBelow, startCanonic } from "../main-job/command-line.ts";
import { executionEvents, type RunReport, simulatedConfig, THREE_DOMAINS, workplace } from "./plans.ts";

const TASK = [
  "ROUTING_DECISION",
  "AUTHORIZATION_SCOPE_CHECK",
  "RESOURCE_LIMIT_CHECK",
  "EXECUTION_STARTED",
  "EXECUTION_COMPLETED",
];

test("a three-domain plan under a token is sixteen execution events, and its bundle is VALID", async () => {
  const at = workplace();
  const plan = await at.plan(THREE_DOMAINS);
  const token = await at.token(plan, "token.txt");

  const report = await at.json(["run", plan, "--token", "token.txt"]);

  const events = await at.events(report.run);
  expect(executionEvents(events).map(({ type }) => type)).toEqual(["TOKEN_VALIDATION", ...TASK, ...TASK, ...TASK]);
  expect(events.flatMap((event) => (event.type === "TOKEN_VALIDATION" ? [event.data.token] : []))).toEqual([token]);
  expect(report).toMatchObject({ status: "completed", outputs: 3, failure: null, waiting: null, stop: null });
  await expect(at.verdict(report.run)).resolves.toBe("VALID");
  const [header = "", payload = "", signature = ""] = readFileSync(at.path("token.txt"), "utf8").trim().split(".");
  const holders = [...readBelow(at.folder)].filter(([, bytes]) => {
    return [`${header}.${payload}`, payload, signature].some((part) => Buffer.from(bytes).includes(part));
  });
  expect(holders.map(([file]) => file)).toEqual(["token.txt"]);
});

describe("a refused token leaves evidence: denied with its reason, the rest skipped by name, exit 1, VALID", () => {
  type Refused = {
    readonly token?: readonly string[];
    readonly run?: readonly string[];
    readonly before?: (at: ReturnType<typeof workplace>) => Promise<unknown>;
    readonly code: string;
    readonly stage: string;
    readonly completed: number;
  };
  const cases: readonly (readonly [string, Refused])[] = [
    [
      "revoked",
      {
        before: (at) => at.json(["token", "revoke", "token.txt", "--reason", "enough"]),
        code: "authority.token-revoked",
        stage: "token",
        completed: 0,
      },
    ],
    [
      "expired",
      {
        token: ["--lifetime", "1"],
        before: () => wait(1500),
        code: "authority.token-expired",
        stage: "token",
        completed: 0,
      },
    ],
    ["another user", { run: ["--user", "mallory"], code: "authority.user-differs", stage: "token", completed: 0 }],
    [
      "a token of another user",
      { token: ["--user", "ada"], code: "authority.user-differs", stage: "token", completed: 0 },
    ],
    [
      "another trigger",
      { run: ["--trigger", "scheduled"], code: "authority.trigger-refused", stage: "token", completed: 0 },
    ],
    [
      "no trigger at all",
      { run: ["--trigger", "webhook"], code: "authority.trigger-refused", stage: "token", completed: 0 },
    ],
    [
      "a method out of scope",
      {
        token: ["--operation", "source.pin", "rows.burst", "ledger.record"],
        code: "authority.method-refused",
        stage: "scope",
        completed: 1,
      },
    ],
    [
      "a domain out of scope",
      {
        token: ["--operation", "source.pin", "rows.count"],
        code: "authority.domain-refused",
        stage: "scope",
        completed: 2,
      },
    ],
    [
      "one task more than the limit",
      { token: ["--invocations", "2"], code: "authority.limit-invocations", stage: "limit", completed: 2 },
    ],
    [
      "one task more than the frequency",
      { token: ["--frequency", "2/1800"], code: "authority.limit-frequency", stage: "limit", completed: 2 },
    ],
  ];

  test.each(cases)("%s", async (_what, refused) => {
    const at = workplace();
    const plan = await at.plan(THREE_DOMAINS);
    await at.token(plan, "token.txt", ...(refused.token ?? []));
    await refused.before?.(at);

    const report = await at.json<RunReport>(["run", plan, "--token", "token.txt", ...(refused.run ?? [])], 1);

    const events = await at.events(report.run);
    const denied = events.flatMap((event) => (event.type === "EXECUTION_DENIED" ? [event] : []));
    const [first] = denied;
    expect(report.status).toBe("denied");
    expect(denied.map(({ data }) => [data.stage, data.reasons[0]?.code])).toEqual([[refused.stage, refused.code]]);
    expect(events.filter(({ type }) => type === "EXECUTION_COMPLETED")).toHaveLength(refused.completed);
    expect(events.flatMap((event) => (event.type === "EXECUTION_SKIPPED" ? [event.data.because] : []))).toEqual(
      new Array(2 - refused.completed).fill(first?.subject),
    );
    await expect(at.verdict(report.run)).resolves.toBe("VALID");
  });
});

test("a token is used up across runs: what one run spent, the next cannot", async () => {
  const at = workplace();
  const plan = await at.plan(THREE_DOMAINS);
  await at.token(plan, "token.txt");

  await at.json(["run", plan, "--token", "token.txt"]);
  const second = await at.json<RunReport>(["run", plan, "--token", "token.txt"], 1);

  expect(second.failure).toMatchObject({ operation: "source.pin", code: "authority.limit-invocations" });
});

test("a child token allows what it says and no more, and revoking its parent ends both", async () => {
  const at = workplace();
  const plan = await at.plan(THREE_DOMAINS);
  await at.token(plan, "parent.txt", "--confirmation", "mine.pem");
  const attenuate = ["token", "attenuate", "parent.txt", "--key", "mine.pem"];

  await at.json([...attenuate, "--operation", "source.pin", "--out", "child.txt"]);
  const wider = await at.refusal([...attenuate, "--operation", "vault.open", "--out", "wide.txt"], 2);
  const child = await at.json<RunReport>(["run", plan, "--token", "child.txt"], 1);
  await at.json(["token", "revoke", "parent.txt", "--reason", "enough"]);
  const orphan = await at.json<RunReport>(["run", plan, "--token", "child.txt"], 1);

  expect(wider).toBe("authority.not-contained");
  expect(child.failure).toMatchObject({ operation: "rows.count", code: "authority.domain-refused" });
  expect(orphan.failure).toMatchObject({ operation: "source.pin", code: "authority.token-revoked" });
});

describe("live", () => {
  test("a run without a live adapter is refused before its first event", async () => {
    const at = workplace();
    const plan = await at.plan(THREE_DOMAINS, "live", "--mode", "live");
    const without = { ...at.options, config: simulatedConfig };

    const { error } = await canonicJson<{ error: { code: string } }>(["run", plan, "--mode", "live"], {
      ...without,
      code: 1,
    });

    expect(error.code).toBe("orchestrator.no-live-adapter");
    await expect(at.refusal(["runs"], 2)).resolves.toBe("orchestrator.store-missing");
  });

  test("the mode of the command must be the plan's, and dry run is what is not said", async () => {
    const at = workplace();
    const live = await at.plan(THREE_DOMAINS, "live", "--mode", "live");
    const dry = await at.plan(THREE_DOMAINS, "dry");

    await expect(at.refusal(["run", live], 1)).resolves.toBe("orchestrator.mode-differs");
    await expect(at.refusal(["run", dry, "--mode", "live"], 1)).resolves.toBe("orchestrator.mode-differs");
  });

  test("a dry-run token runs nothing live", async () => {
    const at = workplace();
    const live = await at.plan(THREE_DOMAINS, "live", "--mode", "live");
    await at.token(live, "token.txt", "--mode", "dryrun");
    await at.json(["arm", "--reason", "a test"]);

    const report = await at.json<RunReport>(["run", live, "--mode", "live", "--token", "token.txt"], 1);

    expect(report.failure?.code).toBe("authority.mode-refused");
  });

  test("a live write needs a store that a person has armed, and carries the fence of its holder", async () => {
    const at = workplace();
    mkdirSync(at.path("ledger"));
    const live = await at.plan(THREE_DOMAINS, "live", "--mode", "live");

    const safe = await at.json<RunReport>(["run", live, "--mode", "live"], 1);
    await at.json(["arm", "--reason", "a test"]);
    const armed = await at.json<RunReport>(["run", live, "--mode", "live"]);

    expect(safe.failure?.code).toBe("authority.not-armed");
    expect(armed.status).toBe("completed");
    expect(readFileSync(at.path("ledger/a"), "utf8"), "the second holder of this plan").toBe("2");
    await expect(at.verdict(armed.run)).resolves.toBe("VALID");
  });

  test("`canonic halt` from another process stops a live run before its next write, exit 4; a second runner is told who holds it", async () => {
    const at = workplace();
    mkdirSync(at.path("ledger"));
    writeFileSync(at.path("ledger/paced"), "");
    const entry = (name: string) => `  - { operation: ledger.record, parameters: { entry: ${name} } }\n`;
    const live = await at.plan(`tasks:\n${["a", "b", "c"].map(entry).join("")}`, "live", "--mode", "live");
    await at.json(["arm", "--reason", "a test"]);

    const { child, ended } = startCanonic(["run", live, "--mode", "live", "--json"], at.options);
    while (!existsSync(at.path("ledger/a")) && child.exitCode === null) await wait(10);
    const second = await at.refusal(["run", live, "--mode", "live"], 1);
    const halted = await at.json<{ mode: string; journaled: boolean }>(["halt", "--reason", "stop"]);
    writeFileSync(at.path("ledger/a.go"), "");
    const { code, stdout, stderr } = await ended;

    expect({ code, stderr: code === 4 ? "" : stderr }).toEqual({ code: 4, stderr: "" });
    expect(second).toBe("orchestrator.run-held");
    expect(halted).toMatchObject({ mode: "halted", journaled: false });
    const report = JSON.parse(stdout) as RunReport;
    expect(report).toMatchObject({
      status: "denied",
      failure: { operation: "ledger.record", code: "authority.halted" },
    });
    expect(readdirSync(at.path("ledger")).sort()).toEqual(["a", "a.go", "paced"]);
    const authority = await at.events("authority");
    expect(authority.flatMap((event) => (event.type === "MODE_CHANGED" ? [event.data.to] : []))).toEqual([
      "armed",
      "halted",
    ]);
    await expect(at.verdict(report.run)).resolves.toBe("VALID");
  });
});

test("each of the twelve mandatory event types comes of a real flow", async () => {
  const at = workplace();
  const plan = await at.plan(THREE_DOMAINS);
  const burst = await at.plan("tasks: [{ operation: rows.burst }]", "burst");
  const reach = await at.plan("tasks: [{ operation: rows.reach }]", "reach");
  await at.token(plan, "short.txt", "--lifetime", "1");
  await at.token(plan, "revoked.txt");
  await at.json(["token", "revoke", "revoked.txt", "--reason", "enough"]);
  await wait(1500);

  const runs = [
    await at.json(["run", plan]),
    await at.json(["run", plan, "--token", "short.txt"], 1),
    await at.json(["run", burst], 1),
    await at.json(["run", reach], 1),
  ];

  const found: RunEvent[] = [...(await at.events("authority"))];
  for (const { run } of runs) found.push(...(await at.events(run)));
  expect(runs.map(({ status }) => status)).toEqual(["completed", "denied", "failed", "failed"]);
  expect([...new Set(found.map(({ type }) => type))].sort()).toEqual(
    expect.arrayContaining([
      "AUTHORIZATION_SCOPE_CHECK",
      "BOUNDARY_VIOLATION",
      "EXECUTION_COMPLETED",
      "EXECUTION_DENIED",
      "EXECUTION_STARTED",
      "OPERATION_ABORTED",
      "RESOURCE_LIMIT_CHECK",
      "TOKEN_EXPIRED",
      "TOKEN_FIRST_USED",
      "TOKEN_ISSUED",
      "TOKEN_REVOKED",
      "TOKEN_VALIDATION",
    ]),
  );
  for (const { run } of runs) await expect(at.verdict(run)).resolves.toBe("VALID");
});
