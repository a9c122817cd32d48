/**
 * Foreign security requirements as permission expressions of ours.
 *
 * OpenAPI and A2A both list alternatives, each of which names schemes with scopes: `[{a: [x, y]}, {b: []}]` asks for `a` with both
 * scopes, or for `b`. A scope is the permission `scheme:scope`, a scheme without scopes the permission `scheme`.
 *
 * @module
 */
import { type JsonObject, type JsonValue, type PermissionExpression, PermissionName } from "@canonic/contracts";
import { listOf, objectOf } from "./names.ts";

/** Null asks for nothing; undefined is what cannot be said as permissions. */
export function permissionOf(requirements: JsonValue | undefined): PermissionExpression | null | undefined {
  if (requirements === undefined || requirements === null) return null;
  if (!Array.isArray(requirements)) return undefined;
  const alternatives = requirements.map((requirement) => alternativeOf(objectOf(requirement)));
  if (alternatives.length > 16 || alternatives.includes(undefined)) return undefined;
  if (alternatives.length === 0 || alternatives.includes(null)) return null;
  const any = alternatives as PermissionExpression[];
  return any.length === 1 ? any[0] : { any };
}

function alternativeOf(requirement: JsonObject | null): PermissionExpression | null | undefined {
  if (requirement === null) return undefined;
  // A2A 1.0 puts the map under `schemes`, and each list of scopes under `list`.
  const schemes = objectOf(requirement["schemes"]) ?? requirement;
  const all: PermissionExpression[] = [];
  for (const [scheme, value] of Object.entries(schemes)) {
    const scopes = Array.isArray(value) ? value : listOf(objectOf(value)?.["list"]);
    const names = scopes.length === 0 ? [scheme] : scopes.map((scope) => `${scheme}:${String(scope)}`);
    for (const name of names) {
      const permission = PermissionName.safeParse(worded(name)).data;
      if (permission === undefined) return undefined;
      all.push({ has: permission });
    }
  }
  if (all.length > 16) return undefined;
  return all.length === 0 ? null : all.length === 1 ? (all[0] as PermissionExpression) : { all };
}

/** Permissions are lower case, with dots, colons and hyphens. */
function worded(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9.:-]+/g, "-")
    .replace(/([.:])[^a-z0-9]+/g, "$1")
    .replace(/[^a-z0-9]+$/, "");
}
