import { defineConfig } from "@canonic/orchestrator";

export default defineConfig({ packs: [] });
