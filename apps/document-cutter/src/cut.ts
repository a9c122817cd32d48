/**
 * `canonic cut`: documents in, addressed units in a database out, under two approvals each.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { type Digest, digestBytes, type Mode } from "@canonic/contracts";
import type { BatchedRun, PackCommand, PackHost, PackInput, PlannedRun } from "@canonic/orchestrator";
import { preparePostgres } from "./database/postgres.ts";
import { openSqlite } from "./database/sqlite.ts";
import { DocumentCutterError, inBackticks } from "./errors.ts";
import { createLiveWorld } from "./live-world.ts";
import { SIMULATOR } from "./phases/world.ts";
import { CUT_PHASES, planCut } from "./plan-cut.ts";
import { LiveResources, parseResources } from "./resources.ts";
import { passwordsOf, postgresUrlOf, resourcesFor } from "./run-resources.ts";
import { stateOf } from "./states.ts";

export const DOCUMENTS_MAX = 100;
const LANES = 4;
/** Read as Markdown these would give units, but not those that a person means. */
const NOT_MARKDOWN = /\.(?:docx?|epub|html?|odt|pdf|rtf|tex|xhtml|xml)$/iu;

export const cut: PackCommand = {
  name: "cut",
  arguments: "[documents...]",
  argumentHelp: "Markdown documents with headings, 1 to 100",
  summary: "cut documents into addressed units of a database, with two approvals for each; a dry run unless --live",
  options: [
    { flags: "--live", description: "write to the database (default: a dry run that simulates it in memory)" },
    {
      flags: "--prepare-database",
      description:
        "create or repair schema, triggers, roles and grants, as a user who may (his password: PGPASSWORD), and end",
    },
  ],
  examples: [
    "canonic cut law.md",
    "canonic cut --prepare-database --database postgres://admin@127.0.0.1/laws",
    "canonic cut law.md --live --database postgres://127.0.0.1/laws",
  ],
  run: runCut,
};

async function runCut({ arguments: given, options }: PackInput, host: PackHost): Promise<void> {
  if (options["prepareDatabase"] === true) return prepareDatabase(options, host);
  const mode: Mode = options["live"] === true ? "live" : "dryrun";
  const documents = await readDocuments(
    given.filter((path) => path !== undefined),
    host.cwd,
  );
  const registry = host.registry(mode).snapshot;
  const adapter = mode === "dryrun" ? SIMULATOR : postgresUrlOf(options) === undefined ? "sqlite" : "postgres";
  const place = { options, env: host.env, cwd: host.cwd, store: host.store };
  const planned = documents.map(({ name, path, digest }): PlannedRun => {
    const frozen = planCut({ document: name, expectedDigest: digest, mode, adapter, seed: host.seed, registry });
    return { ...frozen, payloads: [], about: name, resources: resourcesFor({ [name]: path }, place) };
  });
  const [only] = planned;
  const ended =
    only !== undefined && planned.length === 1
      ? [await host.execute(only)]
      : await host.executeAll(planned, { lanes: LANES });
  for (const [at, run] of ended.entries()) await explain(run, planned[at] as PlannedRun, options, host);
}

type Given = { readonly name: string; readonly path: string; readonly digest: Digest };

async function readDocuments(paths: readonly string[], cwd: string): Promise<readonly Given[]> {
  if (paths.length === 0) {
    throw new DocumentCutterError("document-cutter.no-documents", "no document was named", { given: 0 });
  }
  if (paths.length > DOCUMENTS_MAX) {
    const message = `${paths.length} documents were named, at most ${DOCUMENTS_MAX} are cut at once`;
    const details = { given: paths.length, limit: DOCUMENTS_MAX };
    throw new DocumentCutterError("document-cutter.too-many-documents", message, details);
  }
  const seen = new Set<string>();
  const documents: Given[] = [];
  for (const path of paths.map((one) => resolve(cwd, one))) {
    const name = basename(path);
    if (seen.has(name)) {
      const message = `two documents are called ${inBackticks(name)}; the name is what their units are addressed by`;
      throw new DocumentCutterError("document-cutter.name-twice", message, { name });
    }
    seen.add(name);
    if (NOT_MARKDOWN.test(name)) {
      const message = `${inBackticks(name)} is no Markdown by its name, and nothing else is cut`;
      throw new DocumentCutterError("document-cutter.not-markdown", message, { name });
    }
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined || name.length > 200) {
      const message = `${inBackticks(name)} is no file that can be read, or its name has more than 200 characters`;
      throw new DocumentCutterError("document-cutter.document-unreadable", message, { name });
    }
    documents.push({ name, path, digest: digestBytes(bytes) });
  }
  return documents;
}

async function prepareDatabase(options: PackInput["options"], host: PackHost): Promise<void> {
  const url = postgresUrlOf(options);
  if (url === undefined) {
    const given = options["database"];
    openSqlite(typeof given === "string" ? resolve(host.cwd, given) : join(host.store, "units.sqlite")).close();
  } else await preparePostgres(url, passwordsOf(host.env));
  host.terminal.line("the database is prepared");
  host.terminal.document({ kind: "prepared", database: url === undefined ? "sqlite" : "postgres" });
}

/** Where the run is, and what a code alone does not say: which rights differ. The database is asked for them again. */
async function explain(
  ended: BatchedRun,
  { about, plan, resources }: PlannedRun,
  options: PackInput["options"],
  host: PackHost,
): Promise<void> {
  if (ended.run === null) return;
  const { outputs, events } = await host.readRun(ended.run);
  const completed = outputs.filter((output) => output !== undefined).length;
  host.terminal.line(`${about}: ${stateOf(plan, events)}`);
  if (
    CUT_PHASES[completed] === "pre-write-backup" &&
    ended.status === "stopped" &&
    postgresUrlOf(options) !== undefined
  ) {
    host.terminal.note("a PostgreSQL database is prepared first: canonic cut --prepare-database --database URL");
  }
  const isProbed = CUT_PHASES[completed] === "grant-probe" && ended.status === "stopped" && plan.mode === "live";
  if (!isProbed) return;
  const world = createLiveWorld(parseResources(LiveResources, resources));
  for (const delta of await world.grantDeltas().catch(() => [])) host.terminal.note(`grant: ${delta}`);
}
