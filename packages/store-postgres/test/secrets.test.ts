/** Nothing of a connection string reaches an error, however opening fails: also where the server repeats the password. */
import { createServer, type Server, type Socket } from "node:net";
import { inspect } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { isStorePostgresError, openPostgresAuthority, openPostgresReader, openPostgresStore } from "../src/index.ts";

const PASSWORD = "hunter2-Zq8";
const USER = "user-kept-quiet";
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** A server that answers every connection with `reply`; its port. */
async function serve(reply: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    reply(socket);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as { port: number }).port;
}

/** A message of the protocol: its letter, its length, its body. */
function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Asks for the password, and refuses it by repeating it. */
const repeatsPassword = (socket: Socket): void => {
  socket.once("data", () => {
    socket.write(message("R", Buffer.from([0, 0, 0, 3])));
    socket.once("data", (answer: Buffer) => {
      const password = answer.subarray(5, -1).toString();
      const fields = `SFATAL\0VFATAL\0C28P01\0Mthe password ${password} of ${USER} is wrong\0\0`;
      socket.end(message("E", Buffer.from(fields)));
    });
  });
};

const closedPort = async (): Promise<number> => {
  const port = await serve(() => {});
  const server = servers.pop();
  await new Promise((done) => server?.close(done));
  return port;
};

const url = (host: string, port: number) => `postgres://${USER}:${PASSWORD}@${host}:${port}/secret-database`;
const failures: readonly (readonly [string, () => Promise<string>, object])[] = [
  [
    "the password is wrong",
    async () => url("127.0.0.1", await serve(repeatsPassword)),
    { code: "store-postgres.open-failed", details: { sqlState: "28P01", system: null } },
  ],
  [
    "nothing listens",
    async () => url("127.0.0.1", await closedPort()),
    { code: "store-postgres.open-failed", details: { sqlState: null, system: "ECONNREFUSED" } },
  ],
  ["the host is unknown", async () => url("host-kept-quiet.invalid", 5432), { code: "store-postgres.open-failed" }],
  [
    "the server hangs up",
    async () => url("127.0.0.1", await serve((socket) => socket.destroy())),
    { code: "store-postgres.open-failed" },
  ],
  [
    "the server talks nonsense",
    async () => url("127.0.0.1", await serve((socket) => socket.end(`HTTP/1.1 400 ${PASSWORD}\r\n\r\n`))),
    { code: "store-postgres.open-failed" },
  ],
  [
    "the string is malformed",
    async () => `postgres://${USER}:${PASSWORD}@[host/secret-database`,
    { code: "store-postgres.bad-connection-string", details: {} },
  ],
];
const openers = { openPostgresStore, openPostgresReader, openPostgresAuthority };

describe.each(Object.entries(openers))("%s", (_name, open) => {
  test.each(failures)("says nothing of the connection string when %s (E1)", async (_title, connectionString, code) => {
    const error: unknown = await open({ connectionString: await connectionString() }).then(
      () => "opened",
      (cause: unknown) => cause,
    );

    expect(isStorePostgresError(error)).toBe(true);
    expect(error).toMatchObject(code);
    const said = inspect(error, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(error);
    for (const secret of [PASSWORD, USER, "secret-database", "kept-quiet"]) expect(said).not.toContain(secret);
  });

  test.each(["", "Upper", "a-b", "1a", "pg_own", 'a"; DROP SCHEMA public; --', "a".repeat(64)])(
    "refuses `%s` as a schema before it connects",
    async (schema) => {
      const connectionString = url("127.0.0.1", 1);

      await expect(open({ connectionString, schema })).rejects.toMatchObject({
        code: "store-postgres.bad-schema-name",
        details: { schema },
      });
    },
  );
});
