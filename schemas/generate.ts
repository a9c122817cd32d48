/**
 * Writes the published schemas: `node --conditions=@canonic/source schemas/generate.ts`.
 * A published version is frozen; a test compares the files with what this would write.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { publishedSchema, SCHEMAS, type SchemaName } from "@canonic/contracts";

for (const name of Object.keys(SCHEMAS) as SchemaName[]) {
  const folder = new URL(`${name}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL("v1.json", folder), `${JSON.stringify(publishedSchema(name), null, 2)}\n`);
}
