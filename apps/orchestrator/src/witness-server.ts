/**
 * A witness over HTTP: one address, small bodies, short waits.
 *
 * Invariants:
 *   S1. A body that is larger than any request is not read to its end; a client that is slow is let go.
 *   S2. An error of the witness itself is 500 and says nothing of it; the process goes on.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { addCheckpoint, WITNESS_REQUEST_BYTES_MAX, type WitnessOptions } from "@canonic/audit";
import { OrchestratorError } from "./errors.ts";

const WAIT_MS = 10_000;
const CONNECTIONS_MAX = 256;

/**
 * Listens; the server's address is known when this resolves.
 *
 * @throws {OrchestratorError} `orchestrator.option-invalid` where nobody can listen, with the reason.
 */
export async function listenAsWitness(
  { host, port }: { readonly host: string; readonly port: number },
  options: WitnessOptions,
  onFault: (error: unknown) => void,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(
    { requestTimeout: WAIT_MS, headersTimeout: WAIT_MS, keepAliveTimeout: WAIT_MS, connectionsCheckingInterval: 1000 },
    (request, response) => {
      answer(request, response, options).catch((error: unknown) => {
        onFault(error);
        if (!response.headersSent) say(response, 500, "text/plain; charset=utf-8", "the witness cannot answer\n");
      });
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(unheard(host, port, cause)));
    server.listen(port, host, resolve);
  });
  const { address, port: bound, family } = server.address() as AddressInfo;
  return { server, url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}` };
}

const WHY_NOT: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process listens there",
  EADDRNOTAVAIL: "this machine has no such address",
  EACCES: "this user may not listen there",
  ENOTFOUND: "no address goes by that name",
};

function unheard(host: string, port: number, cause: Error): OrchestratorError<"orchestrator.option-invalid"> {
  const system = "code" in cause ? String(cause.code) : "unknown";
  const expected = `an address that is free here: ${WHY_NOT[system] ?? `nobody can listen there (${system})`}`;
  const details = { option: "--listen", expected };
  const message = `\`--listen\` takes ${expected}, at \`${host}:${port}\``;
  return new OrchestratorError("orchestrator.option-invalid", message, details, { cause });
}

async function answer(request: IncomingMessage, response: ServerResponse, options: WitnessOptions): Promise<void> {
  const plain = "text/plain; charset=utf-8";
  if (request.url !== "/add-checkpoint") return say(response, 404, plain, "there is only /add-checkpoint\n");
  if (request.method !== "POST") return say(response, 405, plain, "POST it\n");
  const isLarge = Number(request.headers["content-length"] ?? 0) > WITNESS_REQUEST_BYTES_MAX;
  const body = isLarge ? undefined : await bodyOf(request);
  if (body === undefined) return say(response, 413, plain, "the request is too large\n", true);
  const { status, type, body: text } = await addCheckpoint(body, options);
  say(response, status, type, text);
}

/** Undefined as soon as it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    sizeBytes += piece.length;
    if (sizeBytes > WITNESS_REQUEST_BYTES_MAX) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function say(response: ServerResponse, status: number, type: string, body: string, isLast = false): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, {
    "content-type": type,
    "content-length": length,
    ...(isLast ? { connection: "close" } : {}),
  });
  response.end(body);
}
