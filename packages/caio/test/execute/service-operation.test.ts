import {
  contractDigestOf,
  type ExecutionReceipt,
  type OperationContext,
  ServiceContract,
  serviceContractDigestOf,
  type TaskId,
} from "@canonic/contracts";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  httpAdapter,
  localAdapter,
  openaiAdapter,
  operationContractOf,
  operationOfService,
  type ServiceOperationTerms,
} from "../../src/adapters.ts";
import { isCaioError } from "../../src/index.ts";
import { contract } from "../kernel/worlds.ts";
import { clock, decided, json, serve } from "./loopback.ts";

const SECRET = "k3y-of-the-caller";
const WORDS = "words of the service";
const TERMS: ServiceOperationTerms = { operation: "text.count", mode: "dryrun" };
const HTTP = { kind: "http", url: "http://127.0.0.1:9/x", method: "POST", operationId: null };
const COUNTED = { type: "object", properties: { count: { type: "integer" } }, required: ["count"] };
const serviceOf = (given: Parameters<typeof contract>[0] = {}) =>
  ServiceContract.parse(contract({ api: HTTP, constraints: NO_LIMITS, output: COUNTED, ...given }));
const NO_LIMITS = { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null };
const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Calls a service of a real server as an operation; what is thrown says nothing of the secret or of the service's words. */
async function called(
  handler: Parameters<typeof serve>[0],
  given: Parameters<typeof contract>[0] = {},
  { terms = {}, route }: { terms?: Partial<ServiceOperationTerms>; route?: OperationContext["route"] } = {},
) {
  const server = await serve(handler);
  servers.push(server);
  const receipts: ExecutionReceipt[] = [];
  const tokens: number[] = [];
  const isChat = (given.api as { kind?: string } | undefined)?.kind === "openai";
  const credentials = () => ({ authorization: SECRET, apiKey: SECRET });
  const api = isChat ? { kind: "openai", baseUrl: server.url, model: "m" } : { ...HTTP, url: server.url };
  const service = serviceOf({ ...given, api });
  const operation = operationOfService(service, {
    ...{ ...TERMS, ...terms, clock, onReceipt: (receipt) => void receipts.push(receipt) },
    adapter: isChat ? openaiAdapter({ credentials }) : httpAdapter({ credentials }),
  });
  const context = {
    ...{ task: "t" as TaskId, signal: new AbortController().signal, reportTokens: (n: number) => void tokens.push(n) },
    ...(route === undefined ? {} : { route }),
  };
  try {
    const output = await operation.run(isChat ? { messages: [] } : { body: 1 }, context);
    return { output, code: null, receipts, tokens, operation, requests: server.requests };
  } catch (error) {
    if (!isCaioError(error)) throw error;
    expect(JSON.stringify([error, error.message, error.stack, receipts])).not.toMatch(/k3y|words of/);
    expect(operation.contract.failureModes.map(({ code }) => code)).toContain(error.code);
    return { output: null, code: error.code, receipts, tokens, operation, requests: server.requests };
  }
}

describe("the contract of an operation that executes a service", () => {
  test("follows from the service's and names it by digest, and is never pure or replayed (O1, O2)", () => {
    const determinism = fc.constantFrom("deterministic", "seeded", "recorded");
    const varied = fc.record({
      determinism,
      effect: fc.constantFrom("pure", "read"),
      name: fc.stringMatching(/^\w{1,9}$/),
    });
    fc.assert(
      fc.property(varied, varied, (one, other) => {
        const [a, b] = [serviceOf(one), serviceOf(other)];
        const made = operationContractOf(a, TERMS);

        expect(made).toMatchObject({
          effect: "read",
          determinism: "recorded",
          input: { type: "object" },
          output: COUNTED,
        });
        expect(made.service).toBe(serviceContractDigestOf(a));
        expect(contractDigestOf(made) === contractDigestOf(operationContractOf(b, TERMS))).toBe(
          serviceContractDigestOf(a) === serviceContractDigestOf(b),
        );
      }),
    );
  });

  test("takes limits, personal sides and capabilities from service and terms", () => {
    const latency = {
      property: "latency-max",
      bound: "max",
      value: 2_500_000,
      unit: "us",
      of: null,
      basis: "declared",
    };
    const service = serviceOf({
      constraints: { inputTokensMax: 10, outputTokensMax: 5, totalTokensMax: null },
      guarantees: [latency],
      invariants: [{ id: "few", expression: "output.count < 9" }],
    });

    expect(
      operationContractOf(service, { ...TERMS, personal: ["input"], capabilities: ["access-secret"] }),
    ).toMatchObject({
      ...{ version: "1.0.0", mode: "dryrun", tokensMax: 15, personal: ["input"], capabilities: ["access-secret"] },
      termination: { timeoutMs: 6_000, outputBytesMax: 1_048_576 },
      successCriteria: [{ id: "measured" }, { id: "few", statement: "output.count < 9" }],
    });
    expect(operationContractOf(serviceOf(), { ...TERMS, deadlineMs: 5 }).termination.timeoutMs).toBe(1_005);
    expect(operationContractOf(serviceOf(), TERMS)).not.toHaveProperty("tokensMax");
  });

  test("writes live alone, is not idempotent, and states no failure mode of a call that began (O3)", () => {
    const live = operationContractOf(serviceOf({ effect: "write" }), { ...TERMS, mode: "live" });

    expect([live.effect, live.determinism, live.idempotent]).toEqual(["write", "recorded", false]);
    expect(live.failureModes.map(({ code }) => code)).toEqual(["caio.execution-refused", "caio.input-invalid"]);
  });

  test("is refused where no operation can execute the service, and where a dry run would write (O3, O4)", () => {
    const kinds = [{ kind: "none" }, { kind: "a2a", url: "http://127.0.0.1/", skill: null }];
    const refused: [object, Partial<ServiceOperationTerms>, string][] = [
      ...kinds.map((api): [object, object, string] => [{ api }, {}, "/api/kind"]),
      [{ api: { kind: "operation", operation: "a.b", version: "1.0.0", contract: null } }, {}, "/api/kind"],
      [{ effect: "write" }, {}, "/effect"],
      [{ api: { kind: "openai", baseUrl: null, model: "m" } }, {}, "/constraints"],
      [{}, { deadlineMs: 0 }, "/deadlineMs"],
      [{}, { deadlineMs: 3_599_001 }, "/deadlineMs"],
      [{}, { operation: "no id" }, "/operation"],
      [{}, { tokensMax: -1 }, "/tokensMax"],
    ];
    for (const [given, terms, pointer] of refused) {
      expect(() => operationContractOf(serviceOf(given), { ...TERMS, ...terms })).toThrow(
        expect.objectContaining({
          code: "caio.operation-invalid",
          details: { issues: [expect.objectContaining({ pointer })] },
        }),
      );
    }
    expect(() => operationContractOf({ ...serviceOf(), service: "" as never }, TERMS)).toThrow(/`\/service`/);
    expect(() =>
      operationContractOf(serviceOf({ invariants: [{ id: "x", expression: "output.count <" }] }), TERMS),
    ).toThrow(expect.objectContaining({ code: "caio.invariant-invalid" }));
    expect(() => operationOfService(serviceOf(), { ...TERMS, clock, adapter: localAdapter(new Map()) })).toThrow(
      expect.objectContaining({ code: "caio.adapter-missing" }),
    );
  });
});

describe("an operation that executes a service", () => {
  test("gives the answer with one receipt, which names the operation's contract where no decision led to it (B1)", async () => {
    const { output, receipts, operation, requests } = await called((_, response) => json(response, { count: 7 }));

    expect([output, requests]).toEqual([{ count: 7 }, ["POST / 1"]]);
    expect(receipts).toMatchObject([{ outcome: "fulfilled", decision: contractDigestOf(operation.contract) }]);
    expect(receipts[0]?.contract).toBe(operation.contract.service);
  });

  test("fails with the code of a failure mode and one receipt, whatever is broken, and asks once (B2, B4)", async () => {
    const quick = { property: "latency-max", bound: "max", value: 20_000, unit: "us", of: null, basis: "declared" };
    const broken: [string, Parameters<typeof serve>[0], Parameters<typeof contract>[0]?][] = [
      ["caio.guarantee-violated", (_, response) => json(response, { count: WORDS })],
      ["caio.guarantee-violated", (_, response) => json(response, [WORDS])],
      [
        "caio.guarantee-violated",
        (_, response) => json(response, { count: 7, [WORDS]: 1 }),
        { invariants: [{ id: "few", expression: "output.count < 7" }] },
      ],
      [
        "caio.guarantee-violated",
        (_, response) => void setTimeout(() => json(response, { count: 7 }), 30),
        { guarantees: [quick] },
      ],
      ["caio.execution-failed", (_, response) => json(response, { error: `${WORDS} ${SECRET}` }, 500)],
      ["caio.execution-failed", (_, response) => void response.writeHead(200).end(WORDS)],
      ["caio.execution-failed", (_, response) => json(response, { count: 1, long: WORDS.repeat(200) })],
    ];
    for (const [code, handler, given = {}] of broken) {
      const run = await called(handler, given, { terms: { outputBytesMax: 1_000 } });

      expect([run.code, run.output, run.receipts.length, run.requests.length]).toEqual([code, null, 1, 1]);
      expect(run.receipts[0]?.outcome).not.toBe("fulfilled");
    }
  });

  test("holds a routed task to its request, and is no other service's than the one that was decided (B1)", async () => {
    const answer: Parameters<typeof serve>[0] = (_, response) => json(response, { count: 7 });
    const server = await serve(answer);
    servers.push(server);
    const own = { api: { ...HTTP, url: server.url }, constraints: NO_LIMITS, output: COUNTED };
    const operation = operationOfService(serviceOf(own), { ...TERMS, clock, adapter: httpAdapter() });
    const price = { currency: "USD", prices: [{ unit: "call", picos: 5 }] };
    const of = (given: object, asked: object = {}) => {
      const done = decided([{ ...own, ...given }], asked);
      return { request: done.question.request, decision: done.record() };
    };
    const run = (route: ReturnType<typeof of>) =>
      operation.run({ body: 1 }, { task: "t" as TaskId, signal: new AbortController().signal, route });

    await expect(run(of({}))).resolves.toEqual({ count: 7 });
    const asked = server.requests.length;
    const { decision } = of({});
    const others = [of({ cost: price }), of({ name: "another" }), { ...of({}, { budgetPicos: 5 }), decision }];
    for (const other of others) {
      await expect(run(other)).rejects.toMatchObject({ code: "caio.execution-refused" });
    }
    expect(server.requests.length).toBe(asked);
  });

  test("reports the tokens that were used, and the most that may be where nobody says how many (B3)", async () => {
    const chat = { api: { kind: "openai" }, output: null, constraints: { ...NO_LIMITS, totalTokensMax: 40 } };
    const message = { choices: [{ message: { content: "yes" }, finish_reason: "stop" }] };
    const usage = (input: number, output: number) => ({ prompt_tokens: input, completion_tokens: output });
    const answering =
      (body: object): Parameters<typeof serve>[0] =>
      (_, response) =>
        json(response, body);

    const told = await called(answering({ ...message, usage: usage(7, 2) }), chat);
    const silent = await called(answering(message), chat);
    const over = await called(answering({ ...message, usage: usage(39, 2) }), chat);

    expect([told.tokens, silent.tokens]).toEqual([[9], [40]]);
    expect([over.code, over.tokens]).toEqual(["caio.guarantee-violated", []]);
  });

  test("fails where its receipt is not kept", async () => {
    const server = await serve((_, response) => json(response, { count: 7 }));
    servers.push(server);
    const full = () => {
      throw new Error("no room");
    };
    const service = serviceOf({ api: { ...HTTP, url: server.url } });
    const operation = operationOfService(service, { ...TERMS, clock, adapter: httpAdapter(), onReceipt: full });

    const run = operation.run({ body: 1 }, { task: "t" as TaskId, signal: new AbortController().signal });

    await expect(run).rejects.toThrow("no room");
  });
});
