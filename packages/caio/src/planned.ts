/**
 * The entry for whoever only derives planned decisions again, a verifier in one file for example: no importer and no YAML.
 *
 * @module
 */
export { openBudget } from "./budget.ts";
export type { PlannedQuestion } from "./plan/planned-worlds.ts";
export { PlannedWorlds } from "./plan/planned-worlds.ts";
