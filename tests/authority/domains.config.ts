import { defineConfig } from "@canonic/orchestrator";
import { domainsPack } from "./domains-pack.ts";

export default defineConfig({ packs: [domainsPack] });
