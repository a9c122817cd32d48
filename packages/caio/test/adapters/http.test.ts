import type { ServerResponse } from "node:http";
import type { JsonValue } from "@canonic/contracts";
import { afterEach, describe, expect, test } from "vitest";
import { httpAdapter } from "../../src/adapters.ts";
import { executeDecision, isCaioError } from "../../src/index.ts";
import { execution, json, serve } from "../execute/loopback.ts";

type Handler = Parameters<typeof serve>[0];
const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const SECRET = "s3cret-of-the-caller";

/** Calls an operation of a real server and gives the fault, or the output. */
async function call(handler: Handler, { input = {}, method = "GET", path = "/x", deadlineUs = 5_000_000 } = {}) {
  const server = await serve(handler);
  servers.push(server);
  const api = { kind: "http", url: `${server.url}${path}`, method, operationId: null };
  const given = execution({ api, output: { type: "object" } });
  const adapters = [httpAdapter({ credentials: () => ({ authorization: `Bearer ${SECRET}` }) })];
  const options = { ...given, input: input as JsonValue, adapters, deadlineUs, outputBytesMax: 10_000 };
  try {
    return { found: (await executeDecision(options)).output, given, requests: server.requests };
  } catch (error) {
    if (!isCaioError(error)) throw error;
    expect(JSON.stringify([error, error.message, error.stack, given.receipts])).not.toContain(SECRET);
    const found = error.code === "caio.execution-failed" ? error.details.fault : error.code;
    return { found, given, requests: server.requests };
  }
}

describe("a service over HTTP", () => {
  test("gets path, query, header and body in their places, and the secret in its header", async () => {
    const { found, requests, given } = await call(
      (request, response, body) => json(response, { body: JSON.parse(body), ...pick(request.headers) }),
      {
        method: "POST",
        path: "/users/{id}/notes",
        input: {
          path: { id: "a/../b c" },
          query: { tag: ["x", "y&z"], n: 2 },
          header: { "x-trace": "t" },
          body: { text: "é" },
        },
      },
    );

    expect(requests).toEqual(['POST /users/a%2F..%2Fb%20c/notes?tag=x&tag=y%26z&n=2 {"text":"é"}']);
    expect(found).toEqual({ body: { text: "é" }, authorization: `Bearer ${SECRET}`, "x-trace": "t" });
    expect(JSON.stringify(given.receipts)).not.toContain(SECRET);

    function pick(headers: Record<string, unknown>) {
      return { authorization: headers["authorization"], "x-trace": headers["x-trace"] };
    }
  });

  test("takes no input that would reach elsewhere, and sends nothing of it", async () => {
    const inputs = [
      { path: { id: ".." } },
      { path: { id: "" } },
      { path: {} },
      { path: { id: "a", other: "b" } },
      { path: { id: "a" }, header: { Authorization: "mine" } },
      { path: { id: "a" }, header: { "content-length": "1" } },
      { path: { id: "a" }, host: "x" },
      { path: { id: "a" }, body: {} },
    ];
    for (const input of inputs) {
      const { found, requests } = await call((_, response) => json(response, {}), { path: "/users/{id}", input });

      expect([found, requests]).toEqual(["failed", []]);
    }
  });

  test("fails with its fault and nothing of the answer, whatever the server does", async () => {
    const elsewhere = await serve((_, response) => json(response, { stolen: true }));
    servers.push(elsewhere);
    const faults: [Handler, string, object?][] = [
      [(_, response) => json(response, { words: SECRET }, 500), "status"],
      [(_, response) => void response.writeHead(200).end("{not json"), "malformed"],
      [(_, response) => void response.writeHead(200).end(Buffer.from([0x22, 0xff, 0x22])), "malformed"],
      [(_, response) => json(response, { text: "x".repeat(20_000) }), "too-big"],
      [endless, "too-big"],
      [(_, response) => void response.socket?.destroy(), "failed"],
      [(_, response) => void response.writeHead(200).write("{", () => response.socket?.destroy()), "failed"],
      [() => {}, "deadline", { deadlineUs: 50_000 }],
      [(_, response) => void response.writeHead(200).write("{"), "deadline", { deadlineUs: 50_000 }],
      [(_, response) => void response.writeHead(302, { location: `${elsewhere.url}/y` }).end(), "redirect"],
      [(_, response) => void response.writeHead(307, { location: "/y" }).end(), "redirect", { method: "POST" }],
      [(_, response) => void response.writeHead(302, { location: "/x" }).end(), "redirect"],
      [(_, response) => json(response, [1]), "caio.guarantee-violated"],
      [(_, response) => void response.writeHead(204).end(), "caio.guarantee-violated"],
    ];
    for (const [handler, fault, options] of faults) {
      const { found, given } = await call(handler, options);

      expect(found).toBe(fault);
      expect(given.receipts).toHaveLength(1);
      expect(given.receipts[0]?.outcome).not.toBe("fulfilled");
    }
    expect(elsewhere.requests).toEqual([]);

    function endless(_: unknown, response: ServerResponse): void {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write("1".repeat(1_000)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    }
  });

  test("follows a redirect of a GET within its origin", async () => {
    const { found, requests } = await call((request, response) => {
      if (request.url === "/x") response.writeHead(302, { location: "/y" }).end();
      else json(response, { at: "y" });
    });

    expect([found, requests.length]).toEqual([{ at: "y" }, 2]);
  });

  test("that is not there is unreachable", async () => {
    const server = await serve(() => {});
    await server.close();
    const api = { kind: "http", url: `${server.url}/`, method: "GET", operationId: null };

    const run = executeDecision({ ...execution({ api }), input: {}, adapters: [httpAdapter()] });

    await expect(run).rejects.toMatchObject({ details: { fault: "unreachable" } });
  });
});
