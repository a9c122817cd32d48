import { readFileSync } from "node:fs";
import { defineConfig, definePack } from "@canonic/orchestrator";
import { policyAnalysis, readDocument } from "@canonic/policy-analysis";
import { operations } from "./broken-operations.ts";
import { brokenPlan } from "./broken-plans.ts";

/** The policy pack with a command that plans what must not be planned, and operations that can be told to misbehave. */
const broken = definePack({
  ...policyAnalysis,
  name: "@canonic/tests",
  operations,
  operationsModule: new URL(`./broken-operations.ts?break=${process.env["CANONIC_BREAK"] ?? ""}`, import.meta.url),
  commands: [
    {
      name: "break",
      arguments: "<what=document>",
      argumentHelp: "what is wrong, and with which document",
      summary: "run something that must not pass",
      options: [],
      examples: ["canonic break 299-questions=plan.txt"],
      run: async ({ arguments: [argument = ""] }, host) => {
        const [what = "", file = ""] = argument.split("=");
        const source = readFileSync(file);
        const document = await readDocument(source, { name: "document" });
        await host.execute({ ...brokenPlan(what, document, source, host.registry("live").snapshot), about: what });
      },
    },
  ],
});

export default defineConfig({ packs: [broken] });
