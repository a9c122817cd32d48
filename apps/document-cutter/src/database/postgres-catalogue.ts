/**
 * What PostgreSQL's own catalogue says of rights and triggers, compared with what is expected.
 *
 * Invariants:
 *   G4. Every grantee of the schema but its owner is looked at, known or not, on tables, columns, functions and the
 *       schema itself; so are the attributes and memberships of the roles.
 *
 * @see PostgreSQL 15, system catalogs pg_class, pg_attribute, pg_namespace, pg_proc, pg_auth_members, pg_trigger.
 * @module
 */
import type { Connection } from "./connection.ts";
import { EXECUTOR, VERIFIER } from "./connection.ts";
import { FUNCTIONS, TRIGGERS } from "./postgres-schema.ts";
import { APPLICATION, deltasOf, expectedGrants } from "./rights.ts";

const GRANTEE = "CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(acl.grantee) END";

const GRANTS = `
SELECT ${GRANTEE} || ' ' || c.relname || ' ' || acl.privilege_type AS line
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
    aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) acl
  WHERE n.nspname = 'cutter' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND acl.grantee <> c.relowner
UNION ALL
SELECT ${GRANTEE} || ' ' || c.relname || ' ' || acl.privilege_type || '(' || a.attname || ')'
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
    aclexplode(a.attacl) acl
  WHERE n.nspname = 'cutter' AND acl.grantee <> c.relowner
UNION ALL
SELECT ${GRANTEE} || ' schema ' || acl.privilege_type
  FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) acl
  WHERE n.nspname = 'cutter' AND acl.grantee <> n.nspowner
UNION ALL
SELECT ${GRANTEE} || ' ' || p.proname || ' ' || acl.privilege_type
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
    aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
  WHERE n.nspname = 'cutter' AND acl.grantee <> p.proowner
UNION ALL
SELECT rolname || ' role ' || attribute FROM pg_roles, LATERAL (VALUES
    ('SUPERUSER', rolsuper), ('CREATEROLE', rolcreaterole), ('BYPASSRLS', rolbypassrls), ('REPLICATION', rolreplication)
  ) AS held (attribute, is_held)
  WHERE is_held AND rolname IN ('${EXECUTOR}', '${VERIFIER}', '${APPLICATION}')
UNION ALL
SELECT pg_get_userbyid(member) || ' member ' || pg_get_userbyid(roleid) FROM pg_auth_members
  WHERE pg_get_userbyid(member) IN ('${EXECUTOR}', '${VERIFIER}', '${APPLICATION}')
UNION ALL
SELECT pg_get_userbyid(c.relowner) || ' ' || c.relname || ' OWNER'
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'cutter' AND pg_get_userbyid(c.relowner) IN ('${EXECUTOR}', '${VERIFIER}', '${APPLICATION}')`;

const USAGE = [EXECUTOR, VERIFIER, APPLICATION].map((role) => `${role} schema USAGE`);

/** Every right that is too many or missing, in words. */
export async function postgresGrantDeltas(connection: Connection): Promise<readonly string[]> {
  const found = (await connection.rows(GRANTS)).map(({ line }) => String(line));
  return deltasOf([...expectedGrants(), ...USAGE], found);
}

const TRIGGERS_NOW = `
SELECT t.tgname AS name, c.relname AS table_name, p.proname AS function_name, p.prosrc AS body
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid
  WHERE n.nspname = 'cutter' AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')`;

/** Every trigger that is missing, disabled, or runs other code. */
export async function postgresTriggerDeltas(connection: Connection): Promise<readonly string[]> {
  const functionOf = (when: string): string => /EXECUTE FUNCTION cutter\.(\w+)\(\)$/.exec(when)?.[1] ?? "";
  const line = (name: unknown, table: unknown, code: unknown, body: unknown) => `${name} ${table} ${code} ${body}`;
  const expected = TRIGGERS.map(([name, table, when]) =>
    line(name, table, functionOf(when), FUNCTIONS.get(functionOf(when))),
  );
  const found = await connection.rows(TRIGGERS_NOW);
  return deltasOf(
    expected,
    found.map((row) => line(row["name"], row["table_name"], row["function_name"], row["body"])),
  ).map((delta) => delta.split(" ").slice(0, 2).join(" "));
}
