/**
 * From options and environment to resources: where a run's documents, database, keys and backups lie.
 *
 * @module
 */
import { basename, join, resolve } from "node:path";
import type { JsonObject, Plan } from "@canonic/contracts";
import type { PackOption, PackOptions, ResourcesInput } from "@canonic/orchestrator";
import { EXECUTOR, VERIFIER, type WriterName } from "./database/connection.ts";
import { DocumentCutterError } from "./errors.ts";
import type { Adapter } from "./phases/world.ts";

const DATABASE = "--database <url>";

/** Options of every run of this pack, also when it is resumed. */
export const RUN_OPTIONS: readonly PackOption[] = [
  {
    flags: DATABASE,
    description:
      "postgres://… without a password, where the units go (default: SQLite, units.sqlite in the store); roles are the cutter's own, their passwords CANONIC_CUTTER_EXEC_PASSWORD and CANONIC_CUTTER_VERIFY_PASSWORD",
  },
  {
    flags: "--document <path>",
    description: "where a document of the run lies, when it is not where the command is given",
  },
];

/** Passwords of the database roles come from the environment: no process list and no shell history shows it. */
const PASSWORDS: { readonly [Role in WriterName]: string } = {
  [EXECUTOR]: "CANONIC_CUTTER_EXEC_PASSWORD",
  [VERIFIER]: "CANONIC_CUTTER_VERIFY_PASSWORD",
};

type Place = Pick<ResourcesInput, "options" | "env" | "cwd" | "store">;

/** What a planned run's operations are connected with. */
export function resourcesFor(documents: Readonly<Record<string, string>>, place: Place): JsonObject {
  const { options, env, cwd, store } = place;
  const given = options["database"];
  return {
    documents,
    database:
      typeof given === "string" && isPostgres(given)
        ? {
            kind: "postgres",
            executorUrl: urlFor(given, EXECUTOR, env),
            verifierUrl: urlFor(given, VERIFIER, env),
            searchPath: env["PATH"] ?? "",
          }
        : { kind: "sqlite", path: typeof given === "string" ? resolve(cwd, given) : join(store, "units.sqlite") },
    keysFolder: join(store, "keys"),
    backupsFolder: join(store, "backups"),
  };
}

/** For a run that is resumed: its documents are looked for by name where the command is given, unless `--document` says. */
export function resourcesOf({ plan, ...place }: ResourcesInput): JsonObject {
  const given = place.options["document"];
  const paths = typeof given === "string" ? [resolve(place.cwd, given)] : [];
  const byName = new Map(paths.map((path) => [basename(path), path]));
  const names = documentsOf(plan);
  return resourcesFor(
    Object.fromEntries(names.map((name) => [name, byName.get(name) ?? paths[0] ?? resolve(place.cwd, name)])),
    place,
  );
}

/** A plan that says PostgreSQL is resumed on no other kind, and where that is, no plan says. */
export function resumeOptionsOf({ tasks }: Plan): readonly string[] {
  const isPostgres = tasks.some(({ parameters }) => parameters["adapter"] === ("postgres" satisfies Adapter));
  return isPostgres ? [DATABASE] : [];
}

/** The passwords that `--prepare-database` gives the roles; null leaves one as it is. */
export function passwordsOf(env: Place["env"]): { readonly [Role in WriterName]: string | null } {
  return { [EXECUTOR]: env[PASSWORDS[EXECUTOR]] ?? null, [VERIFIER]: env[PASSWORDS[VERIFIER]] ?? null };
}

/** The address of a database, or undefined for the embedded one. */
export function postgresUrlOf(options: PackOptions): string | undefined {
  const given = options["database"];
  return typeof given === "string" && isPostgres(given) ? given : undefined;
}

function documentsOf(plan: Plan): readonly string[] {
  const names = plan.tasks.map(({ parameters }) => parameters["document"]);
  return [...new Set(names.filter((name) => typeof name === "string"))];
}

/** @throws {DocumentCutterError} `document-cutter.database-url`, which repeats nothing of the address but its scheme. */
function isPostgres(given: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//iu.exec(given)?.[1]?.toLowerCase();
  if (scheme === undefined) return false;
  if ((scheme === "postgres" || scheme === "postgresql") && URL.canParse(given)) return true;
  const message = `a database is postgres://… or a file, this is neither (\`${scheme.slice(0, 20)}:\`)`;
  throw new DocumentCutterError("document-cutter.database-url", message, { protocol: scheme.slice(0, 20) });
}

/** The same database as another role; the password of the address is kept only for the user that it was given for. */
function urlFor(given: string, role: WriterName, env: Place["env"]): string {
  const url = new URL(given);
  const own = env[PASSWORDS[role]] ?? (url.username === role ? decodeURIComponent(url.password) : "");
  url.username = role;
  url.password = encodeURIComponent(own);
  return url.href;
}
