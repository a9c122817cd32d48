/**
 * What a local operator lets a run do: exact domains and methods, and how often.
 *
 * @module
 */
import { z } from "zod";
import { boundedText } from "./text.ts";

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

/** No wildcard, prefix or pattern exists: a method that is not listed is not granted. */
export const Grant = z.strictObject({
  schema: z.literal("canonic/grant/v1"),
  kind: z.literal("local-operator"),
  subject: boundedText(128),
  scope: z.array(z.strictObject({ domain: Name, methods: z.array(Name).min(1) })).min(1),
  limits: z.strictObject({ invocations: z.int().min(1) }),
});
export type Grant = z.infer<typeof Grant>;
