/** A module that brings a loader of its own. */
import type { Operation } from "@canonic/contracts";
import { untrusted } from "./contract-of.ts";

import "./loader.cjs";

export const operations: readonly Operation[] = [{ contract: untrusted("nothing"), run: () => "nothing" }];
