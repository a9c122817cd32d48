/**
 * Retrieval: no kind of mention of its own; the patterns of the question decide sentence by sentence.
 *
 * @module
 */
import type { Method } from "./method.ts";

export const retrieve: Method = { name: "retrieve", isAnchored: false, readsAbsence: false, find: () => [] };
