import { defineConfig, definePack } from "@canonic/orchestrator";
import { contracts } from "./people-operations.ts";

const people = definePack({
  name: "@example/people",
  version: "1.0.0",
  contracts,
  payloadTypes: [],
  routes: [],
  commands: [],
  operationsModule: { dryrun: new URL("./people-operations.ts", import.meta.url) },
});

export default defineConfig({ packs: [people] });
