/**
 * Moments as text.
 *
 * @module
 */
import { z } from "zod";

/** RFC 3339, UTC, milliseconds; the order of the text is the order in time. */
export const Timestamp = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
export type Timestamp = z.infer<typeof Timestamp>;
