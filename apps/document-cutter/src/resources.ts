/**
 * Resources: where documents, database, keys and backups lie. They reach the operations and nothing that is kept.
 *
 * @module
 */
import { pointerTo } from "@canonic/contracts";
import { z } from "zod";
import { DocumentCutterError } from "./errors.ts";

const Documents = z.record(z.string().min(1).max(200), z.string().min(1));

export const DryRunResources = z.strictObject({ documents: Documents });
export type DryRunResources = z.infer<typeof DryRunResources>;

export const LiveResources = z.strictObject({
  documents: Documents,
  database: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("sqlite"), path: z.string().min(1) }),
    z.strictObject({
      kind: z.literal("postgres"),
      executorUrl: z.string().min(1),
      verifierUrl: z.string().min(1),
      searchPath: z.string(),
    }),
  ]),
  keysFolder: z.string().min(1),
  backupsFolder: z.string().min(1),
});
export type LiveResources = z.infer<typeof LiveResources>;

/** @throws {DocumentCutterError} `document-cutter.resources-invalid`, which names the place and no value. */
export function parseResources<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const place = pointerTo(parsed.error.issues[0]?.path ?? []);
  const message = `the operations cannot be connected: \`${place === "" ? "/" : place}\` is missing or wrong`;
  throw new DocumentCutterError("document-cutter.resources-invalid", message, { place });
}
