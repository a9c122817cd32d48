/**
 * A pack of three domains with dry-run and live adapters, as a platform team would write one.
 *
 * @module
 */
import { resolve } from "node:path";
import { definePack } from "@canonic/orchestrator";
import { contractsOf, MODES } from "./domains-contracts.ts";

const dryrun = new URL("./domains-dryrun.ts", import.meta.url);
const live = new URL("./domains-live.ts", import.meta.url);

const domains = {
  name: "@example/domains",
  version: "1.0.0",
  contracts: MODES.flatMap((mode) => contractsOf(mode)),
  payloadTypes: [],
  routes: [],
  commands: [],
};

export const domainsPack = definePack({
  ...domains,
  operationsModule: { dryrun, live },
  runOptions: [{ flags: "--ledger <folder>", description: "where live entries go" }],
  resources: ({ options, cwd }) => ({ ledger: resolve(cwd, String(options["ledger"] ?? "ledger")) }),
});

/** The same contracts, and nothing that would run them live. */
export const simulatedPack = definePack({ ...domains, operationsModule: { dryrun } });
