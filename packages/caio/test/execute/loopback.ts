/**
 * Decisions, a clock and servers for tests of execution.
 *
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ExecutionReceipt, RouteRequest, ServiceContract } from "@canonic/contracts";
import { decide, type ExecutionClock, openWorld, type RouteWorld } from "../../src/index.ts";
import { entry, NO_RULES, question, world } from "../kernel/worlds.ts";

type Given<Type> = { readonly [Key in keyof Type]?: unknown };

export const clock: ExecutionClock = {
  now: () => Date.now(),
  monotonicUs: () => performance.now() * 1000,
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** Decides a question over services; each is what differs from a contract that passes. */
export function decided(
  services: readonly Given<ServiceContract>[],
  asked: Given<RouteRequest> = {},
  rest: Given<RouteWorld> = {},
) {
  const of = world(
    services.map((one) => entry(one)),
    rest,
  );
  return decide(openWorld(of, NO_RULES), question(asked));
}

/** All that `executeDecision` takes of a decision over one service. */
export function execution(service: Given<ServiceContract>, asked: Given<RouteRequest> = {}) {
  const done = decided([service], asked);
  const receipts: ExecutionReceipt[] = [];
  return {
    decision: done.record(),
    request: done.question.request,
    services: done.world.world.snapshot,
    clock,
    receipts,
    onReceipt: (receipt: ExecutionReceipt) => void receipts.push(receipt),
  };
}

/** A server on loopback, up until the test ends. */
export async function serve(
  handler: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<{ url: string; requests: string[]; close: () => Promise<void> }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      requests.push(`${request.method} ${request.url} ${body}`);
      handler(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
