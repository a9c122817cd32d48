import { digestBytes } from "@canonic/contracts";
import { defineConfig, definePack } from "@canonic/orchestrator";
import { policyAnalysis } from "@canonic/policy-analysis";

/** The pack as it may be one day: another questionnaire, one contract reworded, operations from another module. */
export default defineConfig({
  packs: [
    definePack({
      ...policyAnalysis,
      operations: policyAnalysis.operations.map((operation) =>
        operation.contract.operation === "policy.answer-money"
          ? { ...operation, contract: { ...operation.contract, description: "Answers from money, reworded." } }
          : operation,
      ),
      operationsModule: new URL("./changed-operations.ts", import.meta.url),
      sources: () => new Map([["questionnaire", digestBytes("another questionnaire")]]),
    }),
  ],
});
