import { defineConfig } from "@canonic/orchestrator";
import { simulatedPack } from "./domains-pack.ts";

export default defineConfig({ packs: [simulatedPack] });
