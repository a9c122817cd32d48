/** Every forbidden category is tried, stopped under its own name, and had no effect that anybody else can see. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BoundaryCategory } from "@canonic/contracts";
import { createSandboxOperations } from "@canonic/runner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attempts, operations } from "./operations/attempts.ts";
import { callOf, moduleUrl } from "./sandbox-port.ts";

const port = createSandboxOperations({ module: moduleUrl("attempts"), jobs: 2 });
const call = callOf(port, operations);
const folder = mkdtempSync(join(tmpdir(), "isolation-"));
const file = join(folder, "written");
const mark = `98765.${process.pid}`;
let server: Server;
let connections = 0;
let serverPort = 0;

beforeAll(async () => {
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  serverPort = (server.address() as { port: number }).port;
});
afterAll(async () => {
  await port.close();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** By default the first attempt of each category and every third of the others: each is a process of its own. */
const isAll = process.env["CANONIC_ATTEMPTS"] === "all";
const categories = Object.values(attempts).map(({ category }) => category);
const made = Object.entries(attempts).filter(
  ([, { category }], index) => isAll || index % 3 === 0 || categories.indexOf(category) === index,
);

test("there is an attempt for each of the fourteen categories", () => {
  const tried = new Set(made.map(([, { category }]) => category));

  expect([...tried].sort()).toEqual([...BoundaryCategory.options].sort());
  expect(tried.size).toBe(14);
});

describe("an untrusted operation is stopped when it tries", () => {
  test.for(made)("%s", async ([name, { category, attempted }]) => {
    const execution = await call(name, { file, mark, port: serverPort });

    expect(execution).toEqual({
      kind: "aborted",
      code: "runner.boundary-violation",
      failure: null,
      violation: { category, attempted },
      operationMs: 0,
    });
    expect(existsSync(file)).toBe(false);
    expect(connections).toBe(0);
    expect(processesWith(mark)).toEqual([]);
  });
});

/** Command lines of this machine's processes that hold a text. */
function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => commandLine(pid))
    .filter((line) => line.includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
