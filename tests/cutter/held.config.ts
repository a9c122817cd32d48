/** The cutter, standing still where the folder `HELD_IN` says so: see `hold.ts`. */
import { documentCutter } from "@canonic/document-cutter";
import { definePack } from "@canonic/orchestrator";
import { HOLD_VARIABLE, holdAtResults } from "./hold.ts";

const folder = process.env[HOLD_VARIABLE] ?? "";
const { operationsModule: modules } = documentCutter;
if (modules instanceof URL) throw new Error("the cutter has a module for each mode");

const live = new URL("./held-operations.ts", import.meta.url);
live.searchParams.set("folder", folder);
live.searchParams.set("module", String(modules.live));

const held = definePack({
  ...documentCutter,
  operationsModule: { ...modules, live },
  results: (run) => {
    holdAtResults(folder);
    return documentCutter.results?.(run) ?? [];
  },
});

export default { packs: [held] };
