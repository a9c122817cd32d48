/**
 * The operation pack.
 *
 * @module
 */
import { createRequire } from "node:module";
import type { PayloadType } from "@canonic/contracts";
import { definePack } from "@canonic/orchestrator";
import { analyze } from "./analyze.ts";
import { cqvr } from "./cqvr-command.ts";
import { operations, routes } from "./operations.ts";
import { BASE_QUESTIONS } from "./questionnaire/index.ts";
import { analysisRecordOf, attachmentsOf } from "./record.ts";
import { resultsOf } from "./results.ts";
import { sourcesOf } from "./sources.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** From sources the operations are a TypeScript file; from a build, JavaScript. */
const OPERATIONS = import.meta.url.endsWith(".ts") ? "./operations.ts" : "./operations.js";

/** Answers 300 questions about a policy document; list it in `canonic.config.ts`. */
export const policyAnalysis = definePack({
  name: "@canonic/policy-analysis",
  version,
  operations,
  payloadTypes: [...new Set(BASE_QUESTIONS.map(({ payloadType }) => payloadType as PayloadType))],
  routes,
  operationsModule: new URL(OPERATIONS, import.meta.url),
  commands: [analyze, cqvr],
  attachments: attachmentsOf,
  record: analysisRecordOf,
  sources: sourcesOf,
  results: resultsOf,
});
