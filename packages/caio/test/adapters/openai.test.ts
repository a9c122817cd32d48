import { afterEach, describe, expect, test } from "vitest";
import { openaiAdapter } from "../../src/adapters.ts";
import { executeDecision, isCaioError } from "../../src/index.ts";
import { execution, json, serve } from "../execute/loopback.ts";

type Handler = Parameters<typeof serve>[0];
const SECRET = "sk-of-the-caller";
const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const INPUT = { messages: [{ role: "user", content: "hi" }] };
const COST = {
  currency: "USD",
  prices: [
    { unit: "input-token", picos: 3 },
    { unit: "output-token", picos: 5 },
  ],
};

/** Calls a chat completion of a real server with a cap of ten output tokens and a budget of 1,000 picos. */
async function call(handler: Handler, deadlineUs = 5_000_000) {
  const server = await serve(handler);
  servers.push(server);
  const api = { kind: "openai", baseUrl: `${server.url}/v1`, model: "m-1" };
  const given = execution(
    { api, cost: COST },
    { quantities: { "input-token": 20, "output-token": 10 }, budgetPicos: 1_000 },
  );
  const adapters = [openaiAdapter({ credentials: () => ({ apiKey: SECRET }) })];
  try {
    const done = await executeDecision({ ...given, input: INPUT, adapters, deadlineUs, outputBytesMax: 10_000 });
    expect(JSON.stringify(done)).not.toContain(SECRET);
    return { found: done.output, receipt: done.receipt, requests: server.requests };
  } catch (error) {
    if (!isCaioError(error)) throw error;
    expect(JSON.stringify([error, error.message, error.stack, given.receipts])).not.toContain(SECRET);
    const found =
      error.code === "caio.execution-failed"
        ? error.details.fault
        : error.code === "caio.guarantee-violated"
          ? error.details.property
          : error.code;
    return { found, receipt: given.receipts[0], requests: server.requests };
  }
}

function completion(usage: unknown, message: unknown = { role: "assistant", content: "hello" }) {
  return {
    id: "c",
    object: "chat.completion",
    model: "m-1",
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage,
  };
}
const answer =
  (usage: unknown, message?: unknown): Handler =>
  (_, response) =>
    json(response, completion(usage, message));

describe("a chat completion", () => {
  test("is asked once with model, messages, temperature and cap, and its usage is what it cost", async () => {
    let authorization: string | undefined;
    const { found, receipt, requests } = await call((request, response) => {
      authorization = request.headers.authorization;
      json(response, completion({ prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 }));
    });

    expect(found).toEqual({ content: "hello", finishReason: "stop", toolCalls: [] });
    expect(receipt).toMatchObject({
      quantities: { "input-token": 12, "output-token": 4 },
      costPicos: 12 * 3 + 4 * 5,
      outcome: "fulfilled",
    });
    expect(requests).toHaveLength(1);
    expect(JSON.parse((requests[0] ?? "").replace("POST /v1/chat/completions ", ""))).toEqual({
      ...INPUT,
      model: "m-1",
      temperature: 1,
      max_tokens: 10,
    });
    expect(authorization).toBe(`Bearer ${SECRET}`);
  });

  test("that lies about its usage, takes more than its cap or more than the budget is a violation", async () => {
    const usage = (prompt_tokens: unknown, completion_tokens: unknown, total_tokens?: unknown) => ({
      ...{ prompt_tokens, completion_tokens, total_tokens },
    });

    expect((await call(answer(usage(12, 4, 15)))).found).toBe("usage");
    expect((await call(answer(usage(12, 0, 12)))).found).toBe("usage");
    expect((await call(answer(usage(-1, 4, 3)))).found).toBe("usage");
    expect((await call(answer(usage("12", 4, 16)))).found).toBe("usage");
    expect((await call(answer(usage(12, 11, 23)))).found).toBe("output-tokens");
    expect((await call(answer(usage(400, 4, 404)))).found).toBe("budget");
  });

  test("that says nothing of its usage counts as what was asked for", async () => {
    expect((await call(answer(undefined))).receipt).toMatchObject({ quantities: {}, costPicos: 20 * 3 + 10 * 5 });
  });

  test("fails with its fault, is not asked again and not followed elsewhere", async () => {
    const elsewhere = await serve((_, response) => json(response, completion(undefined)));
    servers.push(elsewhere);
    const faults: [Handler, string, number?][] = [
      [(_, response) => json(response, { error: { message: SECRET } }, 500), "status"],
      [(_, response) => json(response, { error: { message: "slow down" } }, 429), "status"],
      [(_, response) => void response.writeHead(200, { "content-type": "application/json" }).end("{not"), "malformed"],
      [(_, response) => json(response, { choices: [] }), "malformed"],
      [answer(undefined, { content: 7 }), "malformed"],
      [answer(undefined, { content: "x".repeat(20_000) }), "too-big"],
      [(_, response) => void response.socket?.destroy(), "failed"],
      [() => {}, "deadline", 2_000_000],
      [(_, response) => void response.writeHead(307, { location: `${elsewhere.url}/v1` }).end(), "redirect"],
    ];
    for (const [handler, fault, deadlineUs] of faults) {
      const { found, receipt, requests } = await call(handler, deadlineUs);

      expect(found).toBe(fault);
      expect([receipt?.outcome, receipt?.output]).toEqual(["failed", null]);
      expect(requests).toHaveLength(1);
    }
    expect(elsewhere.requests).toEqual([]);
  });
});
