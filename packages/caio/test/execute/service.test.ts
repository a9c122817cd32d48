import { describe, expect, test } from "vitest";
import { httpAdapter, localAdapter } from "../../src/adapters.ts";
import { callFailed } from "../../src/execute/call-failed.ts";
import { openService } from "../../src/index.ts";
import { clock, execution, json, serve } from "./loopback.ts";

const API = { kind: "operation", operation: "text.count", version: "1.0.0", contract: null };

function contractOf(given: ReturnType<typeof execution>) {
  const [first] = given.services.services;
  if (first === undefined) throw new Error("no service");
  return first.contract;
}

describe("a service that stays connected", () => {
  test("connects once for many executions, and again after it was closed", async () => {
    const given = execution({ api: API });
    const local = localAdapter(new Map([["text.count@1.0.0", () => 7]]));
    let opened = 0;
    const counting = {
      ...local,
      open: (...args: Parameters<typeof local.open>) => {
        opened += 1;
        return local.open(...args);
      },
    };
    const service = openService(contractOf(given), { adapters: [counting], clock });
    const { decision, request } = given;

    await service.initialize(1_000_000);
    const outputs = [
      await service.execute({ decision, request, input: 1 }),
      await service.execute({ decision, request, input: 2 }),
    ];
    await service.close();
    await service.execute({ decision, request, input: 3 });

    expect(outputs.map(({ output }) => output)).toEqual([7, 7]);
    expect(opened).toBe(2);
  });

  test("connects anew after a call that broke, and not after one that the service refused", async () => {
    const given = execution({ api: API });
    const faults = [callFailed("failed"), callFailed("status", 500), new Error("gone")];
    let [opened, calls] = [0, 0];
    const breaking = {
      kind: "operation" as const,
      open: async () => {
        opened += 1;
        return { call: () => Promise.reject(faults[calls++ % 3]), ping: async () => {}, close: async () => {} };
      },
    };
    const service = openService(contractOf(given), { adapters: [breaking], clock });
    const { decision, request } = given;

    for (let times = 0; times < 4; times += 1) {
      await expect(service.execute({ decision, request, input: 1 })).rejects.toMatchObject({ name: "CaioError" });
    }

    expect([calls, opened]).toEqual([4, 3]);
  });

  test("is healthy for as long as it was asked, and unhealthy where nobody listens or answers", async () => {
    const server = await serve((request, response) => (request.method === "HEAD" ? json(response, {}) : undefined));
    const api = { kind: "http", url: `${server.url}/x/{id}`, method: "GET", operationId: null };
    const silent = await serve(() => {});
    const fixed = { ...clock, now: () => 1_700_000_000_000 };
    const of = (to: object) =>
      openService(contractOf(execution({ api: to })), { adapters: [httpAdapter()], clock: fixed });

    expect(await of(api).health(2_000_000, 1_500)).toEqual({
      status: "healthy",
      expiresAt: "2023-11-14T22:13:21.500Z",
    });
    expect((await of({ ...api, url: silent.url }).health(50_000, 1)).status).toBe("unhealthy");
    await server.close();
    await silent.close();
    expect((await of(api).health(2_000_000, 1)).status).toBe("unhealthy");
  });

  test("says what an answer is held to without calling anybody", () => {
    const given = execution({
      api: API,
      output: { type: "string" },
      invariants: [{ id: "short", expression: "size(output) < 3" }],
    });
    const service = openService(contractOf(given), { adapters: [localAdapter(new Map())], clock });
    const measurement = {
      ...{ input: null, output: "long", latencyUs: 1, quantities: { "output-token": 101 } },
      ...{ usage: "consistent" as const, outputTokensMax: null, isRepeated: null },
    };

    const verdicts = service.verifyGuarantees(given.request, measurement);

    expect(verdicts.map(({ property, verdict }) => [property, verdict])).toEqual([
      ["output-schema", "satisfied"],
      ["usage", "satisfied"],
      ["input-tokens", "unknown"],
      ["output-tokens", "violated"],
      ["total-tokens", "satisfied"],
      ["short", "violated"],
    ]);
  });
});
