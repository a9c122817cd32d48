/** The floor under the network traps, from a process that has every network module (N1). */
import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("no real network module connects, listens, sends or resolves once the network is closed (N1)", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };

  const entry = fileURLToPath(new URL("./fixtures/network-floor.ts", import.meta.url));
  const flags = ["--conditions=@canonic/source", entry, String(port)];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  await new Promise((resolve) => server.close(resolve));

  expect(JSON.parse(stdout)).toEqual({
    connect: "network-access socket.connect",
    socket: "network-access socket.connect",
    listen: "network-access server.listen",
    datagram: "network-access datagram.send",
    bind: "network-access datagram.bind",
    lookup: "network-access dns.lookup",
    "lookup-promise": "network-access dns.lookup",
    resolver: "network-access dns.resolve",
    http: "network-access socket.connect",
    fetch: "network-access socket.connect",
  });
  expect(connections).toBe(0);
});
