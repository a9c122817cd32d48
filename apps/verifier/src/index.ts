export type { VerifierProcess } from "./run-verifier.ts";
export { runVerifier } from "./run-verifier.ts";
