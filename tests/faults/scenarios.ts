/**
 * The small runs whose every call fails once: a first run that makes its store, a live run that writes, and a journal alone.
 *
 * @module
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKeyPair } from "@canonic/audit";
import type { Plan } from "@canonic/contracts";
import { domainsConfig } from "../authority/plans.ts";
import { canonicJson, commandLine, plainEnvironment, sourceLine, temporaryFolder } from "../main-job/command-line.ts";
import { root } from "../tidy/tree.ts";
import type { Command } from "./strace.ts";

/** A working folder as it is before the command, and the command. */
export type Scenario = {
  readonly name: "first run" | "live run" | "journal";
  readonly base: string;
  readonly line: readonly string[];
  readonly plan: Plan | null;
};

/** Three tasks in two domains; the two entries are files that a live run writes. */
const REQUEST = `
tasks:
  - name: pin
    operation: source.pin
    parameters: { name: law }
  - name: first
    operation: ledger.record
    parameters: { entry: a }
  - name: second
    operation: ledger.record
    parameters: { entry: b }
`;

export const STORE = ".canonic";
export const LEDGER = "ledger";
export const ACKS = "acks.txt";

/** A fresh copy of a scenario's folder: every command runs in one of its own. */
export function commandIn({ base, line }: Scenario): Command {
  const cwd = join(temporaryFolder(), "work");
  cpSync(base, cwd, { recursive: true });
  return { line, cwd, env: plainEnvironment() };
}

/** The scenarios of the command line: `canonic run` where there is no store yet, and live where there is an armed one. */
export async function runScenarios(): Promise<readonly Scenario[]> {
  return [await runScenario("first run", "dryrun"), await runScenario("live run", "live")];
}

async function runScenario(name: "first run" | "live run", mode: "dryrun" | "live"): Promise<Scenario> {
  const base = temporaryFolder();
  const options = { cwd: base, config: domainsConfig };
  writeFileSync(join(base, "plan.yaml"), REQUEST);
  mkdirSync(join(base, LEDGER));
  await canonicJson(["plan", "plan.yaml", "--out", "plan.json", "--mode", mode], options);
  if (mode === "live") await canonicJson(["arm", "--reason", "for the test"], options);
  const { plan } = JSON.parse(readFileSync(join(base, "plan.json"), "utf8")) as { plan: Plan };
  const line = commandLine(["run", "plan.json", "--mode", mode, "--jobs", "1", "--json"], domainsConfig);
  return { name, base, line, plan };
}

/** The scenario of a journal alone, whose acknowledgements are known leaf by leaf. */
export function journalScenario(): Scenario & { readonly privateKeyPem: string } {
  const base = temporaryFolder();
  const { privateKeyPem } = createKeyPair();
  const appender = join(root, "tests", "faults", "fixtures", "appender.ts");
  const line = [...sourceLine, appender, STORE, privateKeyPem, ACKS];
  mkdirSync(join(base, STORE));
  return { name: "journal", base, line, plan: null, privateKeyPem };
}
