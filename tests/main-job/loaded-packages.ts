/**
 * Writes down which installed packages a process loaded, into the file that `LOADED_PACKAGES` names: for `node --import`.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import process from "node:process";

const packages = new Set<string>();
registerHooks({
  load(url, context, next) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    if (name !== undefined) packages.add(name);
    return next(url, context);
  },
});
const file = process.env["LOADED_PACKAGES"];
process.on("exit", () => {
  if (file !== undefined) writeFileSync(file, JSON.stringify([...packages].sort()));
});
