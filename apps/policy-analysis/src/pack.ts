/**
 * The operation pack.
 *
 * @module
 */
import { createRequire } from "node:module";
import { definePack } from "@canonic/orchestrator";
import { analyze } from "./analyze.ts";
import { operations, routes } from "./operations.ts";
import { analysisRecordOf, attachmentsOf } from "./record.ts";
import { resultsOf } from "./results.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** From sources the operations are a TypeScript file; from a build, JavaScript. */
const OPERATIONS = import.meta.url.endsWith(".ts") ? "./operations.ts" : "./operations.js";

/** Answers 300 questions about a policy document; list it in `canonic.config.ts`. */
export const policyAnalysis = definePack({
  name: "@canonic/policy-analysis",
  version,
  operations,
  routes,
  operationsModule: new URL(OPERATIONS, import.meta.url),
  commands: [analyze],
  attachments: attachmentsOf,
  record: analysisRecordOf,
  results: resultsOf,
});
