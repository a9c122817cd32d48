/**
 * The operation pack.
 *
 * @module
 */
import { createRequire } from "node:module";
import type { PayloadType } from "@canonic/contracts";
import { definePack } from "@canonic/orchestrator";
import { CONTRACTS, OPERATION_VERSION, operationIdOf, phaseNames } from "./contracts/contracts.ts";
import { cut } from "./cut.ts";
import { resultsOf } from "./results.ts";
import { revert } from "./revert.ts";
import { RUN_OPTIONS, resourcesOf, resumeOptionsOf } from "./run-resources.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** From sources the operations are TypeScript files; from a build, JavaScript. */
const ENDING = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Cuts documents into units; list it in `canonic.config.ts`. */
export const documentCutter = definePack({
  name: "@canonic/document-cutter",
  version,
  contracts: CONTRACTS,
  operationsModule: {
    dryrun: new URL(`./dryrun-operations.${ENDING}`, import.meta.url),
    live: new URL(`./live-operations.${ENDING}`, import.meta.url),
  },
  payloadTypes: phaseNames("live").map((phase) => `cutter/${phase}` as PayloadType),
  routes: phaseNames("live").map((phase) => ({
    payloadType: `cutter/${phase}` as PayloadType,
    operation: operationIdOf(phase),
    version: OPERATION_VERSION,
  })),
  commands: [cut, revert],
  runOptions: RUN_OPTIONS,
  resumeOptions: resumeOptionsOf,
  resources: resourcesOf,
  results: resultsOf,
});
