import { documentCutter } from "@canonic/document-cutter";
import { defineConfig } from "@canonic/orchestrator";
import { policyAnalysis } from "@canonic/policy-analysis";

export default defineConfig({ packs: [policyAnalysis, documentCutter] });
