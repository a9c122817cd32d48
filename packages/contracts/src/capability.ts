/**
 * Negative capabilities: what is denied unless it is granted by name.
 *
 * @module
 */
import { z } from "zod";

/** What an operation may do only when its token says so by name; everything is denied by default. */
export const Capability = z.enum(["log-prompt", "log-response", "capture-pii", "access-secret"]);
export type Capability = z.infer<typeof Capability>;
