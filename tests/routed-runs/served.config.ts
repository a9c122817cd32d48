/**
 * A pack whose operations are the services of `served.json` in the working folder, and its key that of `key.txt`.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { operationContractOf } from "@canonic/caio/adapters";
import type { JsonValue, ServiceContract } from "@canonic/contracts";
import { defineConfig, definePack } from "@canonic/orchestrator";
import { termsOf } from "./served-terms.ts";

const operationsModule = new URL("./served-operations.ts", import.meta.url);
const services = JSON.parse(readFileSync("served.json", "utf8")) as ServiceContract[];

const served = definePack({
  name: "@example/served",
  version: "1.0.0",
  contracts: services.map((service) => operationContractOf(service, termsOf(service))),
  payloadTypes: [],
  routes: [],
  commands: [],
  operationsModule: { dryrun: operationsModule, live: operationsModule },
  resources: ({ cwd }) => ({
    services: services as JsonValue,
    key: readFileSync("key.txt", "utf8"),
    folder: cwd,
  }),
});

export default defineConfig({ packs: [served] });
