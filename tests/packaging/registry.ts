/**
 * An npm registry of our own on loopback, Verdaccio at a pinned version, for one rehearsal of a release.
 *
 * Invariants:
 *   V1. It listens on 127.0.0.1 and keeps everything in the folder that it is given.
 *   V2. `@canonic/*` is only what was published here; all else comes from the registry that npm is set to.
 *   V3. It is not a dependency of the workspace: it is brought when it is wanted, and stopped by its process id.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "../run-command.ts";

const VERDACCIO = "6.8.0";
/** Verdaccio asks for a fork of node-fetch 2 that is not on every mirror; the original does the same. */
const overrides = { "node-fetch": "2.7.0" };
const START_MS = 60_000;

export type Registry = { readonly url: string; readonly stop: () => Promise<void> };

/** @throws {Error} when the URL is not on this machine's loopback: a rehearsal never leaves it. */
export function assertLoopback(url: string): void {
  if (!["127.0.0.1", "[::1]", "localhost"].includes(new URL(url).hostname)) {
    throw new Error(`\`${url}\` is not on loopback`);
  }
}

/** Brings Verdaccio into the folder and starts it on a free port. */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const manifest = { private: true, dependencies: { verdaccio: VERDACCIO }, overrides };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const installed = await runCommand("npm", ["install", ...flags], { cwd: folder });
  if (installed.code !== 0) throw new Error(`npm could not bring verdaccio ${VERDACCIO}\n${installed.stderr}`);

  const uplink = (await runCommand("npm", ["config", "get", "registry"], { cwd: folder })).stdout.trim();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  assertLoopback(url);
  writeFileSync(join(folder, "config.json"), JSON.stringify(configuration(folder, port, uplink)));
  const command = join(folder, "node_modules", "verdaccio", "bin", "verdaccio");
  const child = spawn(process.execPath, [command, "--config", join(folder, "config.json")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  try {
    await answers(url, child);
  } catch (cause) {
    await stop(child);
    throw new Error(`verdaccio did not start\n${said}`, { cause });
  }
  return { url, stop: () => stop(child) };
}

/** Verdaccio reads its YAML as JSON too. */
function configuration(folder: string, port: number, uplink: string) {
  return {
    storage: join(folder, "storage"),
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: -1 } },
    uplinks: { npm: { url: uplink, timeout: "60s", max_fails: 10 } },
    packages: {
      "@canonic/*": { access: "$all", publish: "$all" },
      "**": { access: "$all", proxy: "npm" },
    },
    web: { enable: false },
    log: { type: "stdout", format: "json", level: "warn" },
    listen: `127.0.0.1:${port}`,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const answer = await fetch(new URL("-/ping", url)).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(200);
  }
  throw new Error(child.exitCode === null ? `no answer in ${START_MS} ms` : `exit code ${child.exitCode}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(patience);
}
