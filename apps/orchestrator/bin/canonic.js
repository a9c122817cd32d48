#!/usr/bin/env node
/**
 * Starts the command line on a Node that has what it needs (`node:sqlite` from
 * 22.13, type stripping for `canonic.config.ts` from 22.18): this one, or else the `node` package of
 * the installation it belongs to. Written so that an old Node can read it.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const self = fileURLToPath(import.meta.url);
const entry = new URL("../dist/cli.js", import.meta.url);

if (!existsSync(entry)) {
  refuse("`canonic` is not built yet; in its repository run `npm run build`");
} else if (isAtLeast(22, 18)) {
  await import(entry.href);
} else {
  const node = process.env.CANONIC_NODE_TRIED ? undefined : findNode(self);
  if (node === undefined && isAtLeast(22, 13)) {
    await import(entry.href); // All but a configuration in TypeScript works.
  } else if (node === undefined) {
    refuse(
      `canonic needs Node 22.13 or newer, this is ${process.version}; install Node 24, or add it with \`npm install node@24\``,
    );
  } else {
    runOn(node);
  }
}

/** The same command on another Node; signals go there, its exit code comes back. */
function runOn(node) {
  const env = { ...process.env, CANONIC_NODE_TRIED: "1" };
  const child = spawn(node, [self, ...process.argv.slice(2)], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => refuse(`cannot start ${node}: ${error.message}`));
  child.on("close", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}

/** The nearest `node` package at or above this file. */
function findNode(from) {
  for (let folder = dirname(from); folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", "node", "bin", "node");
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}

function isAtLeast(wantedMajor, wantedMinor) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function refuse(message) {
  process.stderr.write(`canonic: ${message}\n`);
  process.exitCode = 2;
}
