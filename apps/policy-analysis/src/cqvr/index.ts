export type { CqvrSummary, ScoredContract } from "./cqvr-report.ts";
export { summarise } from "./cqvr-report.ts";
export { executorContractOf, executorContracts } from "./executor-contracts.ts";
