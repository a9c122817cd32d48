/**
 * Requests, plans and tokens of the three domains, made by the command as a person makes them.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseTrustFile, readRun, verifyBundle } from "@canonic/audit";
import type { RunEvent, RunId } from "@canonic/contracts";
import { openSqliteReader } from "@canonic/store-sqlite";
import { assert } from "vitest";
import { type CommandOptions, canonic, canonicJson, type Ended, temporaryFolder } from "../main-job/command-line.ts";
import { root } from "../tidy/tree.ts";

export const domainsConfig = join(root, "tests", "authority", "domains.config.ts");
export const simulatedConfig = join(root, "tests", "authority", "simulated.config.ts");

/** Three tasks in three domains, one after the other, one bound to another. */
export const THREE_DOMAINS = `
tasks:
  - name: pin
    operation: source.pin
    parameters: { name: law }
  - name: count
    operation: rows.count
    bind: { digest: { task: pin, pointer: /digest } }
  - name: record
    operation: ledger.record
    parameters: { entry: a }
`;

export type RunReport = {
  readonly run: string;
  readonly status: string;
  readonly outputs: number;
  readonly events: number;
  readonly failure: {
    readonly operation: string;
    readonly code: string;
    readonly reasons: { readonly code: string }[];
  } | null;
  readonly waiting: { readonly gate: string; readonly pins: string } | null;
  readonly stop: { readonly code: string; readonly gate: string | null } | null;
  readonly next: readonly string[];
  readonly bundle: string | null;
};

/** Plans by what was asked: the same request gives the same bytes, so each is planned by the command once. */
const planned = new Map<string, string>();

/** A working folder with a store in it; every command runs there. */
export function workplace(config = domainsConfig) {
  const folder = temporaryFolder();
  const options = { cwd: folder, config } satisfies CommandOptions;
  const path = (name: string) => join(folder, name);
  const run = (...args: string[]): Promise<Ended> => canonic(args, options);
  const json = <T = RunReport>(args: readonly string[], code = 0): Promise<T> =>
    canonicJson<T>(args, { ...options, code });
  return {
    folder,
    options,
    path,
    run,
    json,
    /** Plans a request; \`<name>.json\` is its file. */
    async plan(request: string, name = "plan", ...more: string[]): Promise<string> {
      const file = `${name}.json`;
      const key = JSON.stringify([config, request, more]);
      const known = planned.get(key);
      if (known === undefined) {
        writeFileSync(path(`${name}.yaml`), request);
        await json(["plan", `${name}.yaml`, "--out", file, ...more]);
        planned.set(key, readFileSync(path(file), "utf8"));
      } else writeFileSync(path(file), known);
      return file;
    },
    async token(plan: string, name: string, ...more: string[]): Promise<string> {
      const { token } = await json<{ token: string }>(["token", "issue", "--plan", plan, "--out", name, ...more]);
      return token;
    },
    async events(run: string): Promise<readonly RunEvent[]> {
      const reader = openSqliteReader({ directory: path(".canonic") });
      try {
        return (await readRun(reader, run as RunId)).events;
      } finally {
        reader.close();
      }
    },
    /** The refusal's code, of a command that begins nothing. */
    async refusal(args: readonly string[], code: number): Promise<string> {
      return (await json<{ error: { code: string } }>(args, code)).error.code;
    },
    /** Exports a run and judges its bundle. */
    async verdict(run: string): Promise<string> {
      await json(["export", run, "--out", `bundle-${run}`]);
      const trust = parseTrustFile(readFileSync(path(".canonic/trust.json")));
      const { verdict, reasons } = await verifyBundle(path(`bundle-${run}`), { trust });
      assert.deepEqual(reasons, [], `the bundle of ${run}`);
      return verdict;
    },
  };
}

/** The execution events of a run: neither its frame nor what is concluded over it. */
export function executionEvents(events: readonly RunEvent[]): readonly RunEvent[] {
  return events.filter(({ type }) => !["PLAN_FROZEN", "CONTRACT_VERDICT", "RUN_SEALED"].includes(type));
}
