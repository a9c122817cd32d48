/** A module that starts a process while it loads. */
import { spawnSync } from "node:child_process";
import type { Operation } from "@canonic/contracts";
import { untrusted } from "./contract-of.ts";

spawnSync("true");

export const operations: readonly Operation[] = [{ contract: untrusted("nothing"), run: () => "nothing" }];
