/**
 * The schema of a units database in PostgreSQL: tables, triggers, roles and grants, as one script that can run again.
 *
 * Invariants:
 *   Q2. The objects belong to whoever runs the script, never to the roles that use them.
 *   Q3. After the script, the grants are the expected matrix: everything is revoked before it is granted.
 *
 * @see PostgreSQL 15, GRANT, CREATE TRIGGER, CREATE FUNCTION ("Writing SECURITY DEFINER Functions Safely").
 * @module
 */
import { EXECUTOR, VERIFIER } from "./connection.ts";
import { APPLICATION, RIGHTS, type Right } from "./rights.ts";
import { ENACTED_UNITS, TABLES } from "./tables.ts";

/** Where everything is. */
export const SCHEMA = "cutter";

/** The triggers' functions, by name. PostgreSQL keeps the bodies as they are written, so that a changed one shows. */
export const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  [
    "keep_units",
    `
BEGIN
  IF TG_OP = 'INSERT' AND NEW.status = 'draft' THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.status = 'draft' AND NEW.status = 'enacted'
    AND to_jsonb(NEW) - 'status' - 'review_decision' = to_jsonb(OLD) - 'status' - 'review_decision' THEN RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM cutter.reverts WHERE change_set = OLD.change_set) THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'a unit begins as a draft, is enacted, and goes by a revert only';
END
`,
  ],
  [
    "log_lifecycle",
    `
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO cutter.lifecycle_log VALUES
      (OLD.change_set, OLD.address, OLD.status, NEW.status, NEW.review_decision);
  ELSE
    INSERT INTO cutter.lifecycle_log VALUES (OLD.change_set, OLD.address, OLD.status, 'reverted', NULL);
  END IF;
  RETURN NULL;
END
`,
  ],
  [
    "own_principal",
    `
BEGIN
  IF NEW.principal <> session_user THEN RAISE EXCEPTION 'a principal signs for itself'; END IF;
  RETURN NEW;
END
`,
  ],
]);

/** Trigger, table, and when which function runs. */
export const TRIGGERS: readonly (readonly [name: string, table: string, when: string])[] = [
  [
    "units_keep",
    "units",
    "BEFORE INSERT OR UPDATE OR DELETE ON cutter.units FOR EACH ROW EXECUTE FUNCTION cutter.keep_units()",
  ],
  ["units_log", "units", "AFTER UPDATE OR DELETE ON cutter.units FOR EACH ROW EXECUTE FUNCTION cutter.log_lifecycle()"],
  ...["manifests", "receipts", "verifications"].map(
    (table) =>
      [
        `${table}_own`,
        table,
        `BEFORE INSERT ON cutter.${table} FOR EACH ROW EXECUTE FUNCTION cutter.own_principal()`,
      ] as const,
  ),
];

const ROLES = [EXECUTOR, VERIFIER, APPLICATION];

/** The whole script; whoever runs it needs the rights to create a schema and roles. */
export function postgresScript(): string {
  return [
    "BEGIN",
    ...ROLES.map((role) => createRole(role)),
    `CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`,
    ...TABLES.map(([name, columns]) => `CREATE TABLE IF NOT EXISTS ${SCHEMA}.${name} (${qualified(columns)})`),
    `CREATE OR REPLACE VIEW ${SCHEMA}.enacted_units AS ${ENACTED_UNITS.replace("FROM units", `FROM ${SCHEMA}.units`)}`,
    `INSERT INTO ${SCHEMA}.identity SELECT md5(gen_random_uuid()::text) WHERE NOT EXISTS (SELECT FROM ${SCHEMA}.identity)`,
    ...[...FUNCTIONS].map(([name, body]) => createFunction(name, body)),
    ...TRIGGERS.map(([name, , when]) => `CREATE OR REPLACE TRIGGER ${name} ${when}`),
    ...revokes(),
    `GRANT USAGE ON SCHEMA ${SCHEMA} TO ${ROLES.join(", ")}`,
    ...grants(),
    "COMMIT",
  ]
    .map((statement) => `${statement};\n`)
    .join("");
}

/** Roles belong to the whole server: another database may have made them already, or is just doing so. */
function createRole(role: string): string {
  const login = role === APPLICATION ? "NOLOGIN" : "LOGIN";
  return `DO $role$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} ${login} NOINHERIT; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $role$`;
}

/** Only the function that writes the log does so with its owner's rights; nobody may call one but as a trigger. */
function createFunction(name: string, body: string): string {
  const security = name === "log_lifecycle" ? "SECURITY DEFINER" : "SECURITY INVOKER";
  return `CREATE OR REPLACE FUNCTION ${SCHEMA}.${name}() RETURNS trigger LANGUAGE plpgsql ${security}
SET search_path = pg_catalog, pg_temp AS $body$${body}$body$`;
}

function revokes(): string[] {
  const from = ["PUBLIC", ...ROLES].join(", ");
  return [
    `REVOKE ALL ON SCHEMA ${SCHEMA} FROM ${from}`,
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${SCHEMA} FROM ${from}`,
    `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${SCHEMA} FROM ${from}`,
  ];
}

function grants(): string[] {
  return ROLES.flatMap((role) =>
    Object.entries(RIGHTS[role] ?? {}).map(
      ([table, rights]) => `GRANT ${rights.map(spelled).join(", ")} ON ${SCHEMA}.${table} TO ${role}`,
    ),
  );
}

function spelled(right: Right): string {
  return right.replace("(", " (");
}

function qualified(columns: string): string {
  return columns.replaceAll("REFERENCES ", `REFERENCES ${SCHEMA}.`);
}
