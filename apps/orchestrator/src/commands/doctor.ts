/**
 * `doctor`: whether this machine, this configuration and this store can do the work.
 *
 * @module
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Mode, modeAt } from "@canonic/contracts";
import type { Command } from "commander";
import { readAuthority } from "../authority-reader.ts";
import { systemClock } from "../clock.ts";
import { OrchestratorError } from "../errors.ts";
import { addExecutorOptions, type ExecutorOptions, readExecutorConfig } from "../executor-config.ts";
import { EXIT, failureOf } from "../exit.ts";
import type { CommandContext } from "../invocation.ts";
import { readTrust, trustPathOf } from "../keys.ts";
import type { Pack } from "../pack.ts";
import { contractsOf, freezeDirect, freezeRegistry } from "../registry.ts";
import { storeFolder, withReader } from "../store.ts";

type Finding = { readonly what: string; readonly ok: boolean; readonly detail: string };

export function addDoctor(program: Command, { invocation, config }: CommandContext): void {
  const command = program
    .command("doctor")
    .description("check this machine, the configuration, the packs and the store")
    .addHelpText("after", "\nExample:\n  canonic doctor --json")
    .action(async (options: ExecutorOptions & { readonly store?: string }) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, options.store, config.store);
      const findings = [
        await finding("node", () => nodeDetail()),
        await finding("packs", () => packsDetail(config.packs.map(({ name, version }) => `${name}@${version}`))),
        ...(await Promise.all(
          Mode.options.map((mode) =>
            finding(mode, () => {
              if (!config.packs.some((pack) => contractsOf(pack, mode).length > 0)) return "no operation to register";
              for (const pack of config.packs) if (hasOwnRoutes(pack, mode)) freezeRegistry([pack], mode);
              const { snapshot, digest } = freezeDirect(config.packs, mode);
              return `${snapshot.operations.length} operations, ${digest}`;
            }),
          ),
        )),
        await finding("executor", () => {
          const { values, origins } = readExecutorConfig(options, invocation.env, cwd);
          const keys = Object.keys(values).sort() as (keyof typeof values)[];
          return keys.map((key) => `${key}=${values[key]} (${origins[key]})`).join(", ");
        }),
        await finding("store", async () => {
          if (!existsSync(join(folder, "log.sqlite"))) return `none yet at ${folder}`;
          const size = await withReader(folder, async (reader) => reader.size());
          return `${size} leaves at ${folder}`;
        }),
        await finding("mode", async () => {
          const record = readAuthority(folder, (authority) => authority.mode());
          const mode = modeAt(record, systemClock.now());
          return mode === "armed" ? `armed until ${record?.until}` : mode;
        }),
        await finding("trust", () => {
          const file = trustPathOf(folder);
          if (!existsSync(file)) return "none yet; the first run makes it";
          const { logs, witnessQuorum = 0, ...roles } = readTrust(file);
          const counted = (["issuers", "approvers", "attestors", "witnesses"] as const).map(
            (role) => `${role} ${roles[role]?.length ?? 0}`,
          );
          const people = `${counted.join(", ")}, quorum of witnesses ${witnessQuorum}`;
          return `${file}, origin ${logs[0]?.origin}, ${people}`;
        }),
        await finding("keys", () => {
          const keys = join(folder, "keys");
          const names = existsSync(keys) ? readdirSync(keys).filter((name) => /\.(pem|key)$/.test(name)) : [];
          const files = names.sort().map((name) => join(keys, name));
          const open = files.filter((file) => (statSync(file).mode & 0o077) !== 0);
          if (open.length === 0) return `${files.length} private keys, readable by their owner alone`;
          const message = `\`${open[0]}\` is readable by others`;
          throw new OrchestratorError("orchestrator.keys-invalid", message, { file: open[0] ?? "" });
        }),
      ];
      terminal.document({ ok: findings.every(({ ok }) => ok), findings });
      for (const { what, ok, detail } of findings) {
        terminal.line(`${ok ? terminal.good("ok  ") : terminal.bad("FAIL")}  ${what.padEnd(9)} ${detail}`);
      }
      if (findings.some(({ ok }) => !ok)) invocation.endWith(EXIT.refused);
    });
  addExecutorOptions(command);
}

function hasOwnRoutes(pack: Pack, mode: Mode): boolean {
  return pack.payloadTypes.length > 0 && contractsOf(pack, mode).length > 0;
}

async function finding(what: string, check: () => string | Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, detail: await check() };
  } catch (error) {
    const { code, message } = failureOf(error);
    return { what, ok: false, detail: `${message} (${code})` };
  }
}

async function nodeDetail(): Promise<string> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(":memory:");
  const row = database.prepare("select sqlite_version() as version").get();
  database.close();
  return `${process.version}, SQLite ${String(row?.["version"])}`;
}

function packsDetail(names: readonly string[]): string {
  return names.length === 0 ? "none listed in canonic.config.ts" : names.join(", ");
}
