/**
 * Where in a JSON Schema a key is no keyword.
 *
 * @see JSON Schema 2020-12, core and validation vocabularies.
 * @module
 */

/** Keywords whose members are schemas by name. */
export const SCHEMA_MAPS: ReadonlySet<string> = new Set([
  "$defs",
  "dependentSchemas",
  "patternProperties",
  "properties",
]);

/** Keywords that hold values, in which nothing is a schema. */
export const SCHEMA_VALUES: ReadonlySet<string> = new Set(["const", "default", "enum", "examples"]);
