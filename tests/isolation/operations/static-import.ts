/** A module that reaches for what it must not have before anything is called. */
import type { Operation } from "@canonic/contracts";
import "@canonic/authority";
import { untrusted } from "./contract-of.ts";

export const operations: readonly Operation[] = [{ contract: untrusted("nothing"), run: () => "nothing" }];
