/**
 * The parts of a schema, the log and the authority store: which version is there, and how a part is made.
 *
 * Invariants:
 *   D1. A part is made in one transaction, by one session at a time; making it again changes nothing.
 *   D2. A part of another application or of a newer version is refused and not touched.
 *   D3. Where the part is there, no right to create anything is asked for.
 *   D4. A part of an older version is brought up to this one in one transaction, by whoever opens it as its owner.
 *
 * @module
 */
import { isStorePostgresError, StorePostgresError } from "./errors.ts";
import type { Query, Session } from "./session.ts";

/** `table` holds one row: application and version, and what the part keeps in one place. */
export interface Part {
  readonly what: string;
  readonly table: string;
  readonly application: string;
  readonly version: number;
  readonly tables: (schema: string) => string;
  /** By the version that they lead from. */
  readonly upgrades: Readonly<Record<number, (schema: string) => string>>;
}

export const SCHEMA_DEFAULT = "canonic";

const NAME = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/;

/**
 * The schema's name as it stands in a statement.
 *
 * @throws {StorePostgresError} `store-postgres.bad-schema-name`.
 */
export function quotedSchema(schema: string): string {
  if (NAME.test(schema)) return `"${schema}"`;
  throw new StorePostgresError(
    "store-postgres.bad-schema-name",
    "a schema's name is 1 to 63 of a-z, 0-9 and _, and begins with no digit and not with pg_",
    { schema },
  );
}

/** The part's version, from 1 to the one of this package; undefined where the part is not. */
export async function findPart(query: Query, schema: string, part: Part): Promise<number | undefined> {
  const name = `${quotedSchema(schema)}.${part.table}`;
  if ((await query(FIND, [schema, part.table])).length === 0) return undefined;
  const [row] = await query({ name: `version-${part.table}`, text: `SELECT * FROM ${name}` }).catch(isOther);
  const version = row?.["version"];
  if (row?.["application"] !== part.application || typeof version !== "number" || version < 1)
    throw new StorePostgresError("store-postgres.not-a-store", `the schema holds no ${part.what} of this kind`, {
      schema,
    });
  if (version <= part.version) return version;
  throw new StorePostgresError(
    "store-postgres.newer-schema",
    `the ${part.what} has version ${version}, this one reads ${part.version}`,
    { found: version, supported: part.version },
  );
}

/** Makes the part where it is not. */
export async function makePart(session: Session, schema: string, part: Part): Promise<void> {
  await session.transact("BEGIN", async (query) => {
    await query(LOCK, [`canonic.make.${schema}`]);
    if ((await findPart(query, schema, part)) !== undefined) return;
    const [there] = await query(HAS_SCHEMA, [schema]);
    if (there === undefined) await query(unnamed(`CREATE SCHEMA ${quotedSchema(schema)}`));
    for (const statement of part.tables(quotedSchema(schema)).split(";")) {
      if (statement.trim() !== "") await query(unnamed(statement));
    }
    await query(unnamed(`INSERT INTO ${quotedSchema(schema)}.${part.table} (application, version) VALUES ($1, $2)`), [
      part.application,
      part.version,
    ]);
  });
}

/** Brings a part up to this version, step by step (D4). */
export async function upgradePart(session: Session, schema: string, part: Part): Promise<void> {
  await session.transact("BEGIN", async (query) => {
    await query(LOCK, [`canonic.make.${schema}`]);
    const found = (await findPart(query, schema, part)) ?? part.version;
    for (let version = found; version < part.version; version += 1) {
      const upgrade = part.upgrades[version];
      if (upgrade !== undefined) await query(unnamed(upgrade(quotedSchema(schema))));
    }
    await query(unnamed(`UPDATE ${quotedSchema(schema)}.${part.table} SET version = $1`), [part.version]);
  });
}

/** Reads the catalogue itself: to_regclass() may answer from what this session saw before it waited for the lock. */
const FIND = {
  name: "find-part",
  text: "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = $1 AND relname = $2",
};
const HAS_SCHEMA = { name: "has-schema", text: "SELECT 1 FROM pg_namespace WHERE nspname = $1" };
const LOCK = { name: "lock-making", text: "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))" };

function unnamed(text: string) {
  return { name: "", text };
}

/** No rights, or no such columns: whatever it is, it is not ours. */
function isOther(cause: unknown): [] {
  if (isStorePostgresError(cause) && cause.code === "store-postgres.query-failed") return [];
  throw cause;
}
