/**
 * Documents of routing that a person writes beside a request: profiles and rules, YAML or JSON, each fault with its place.
 *
 * @module
 */
import type { z } from "zod";
import { type RequestDocument, readRequestDocument } from "../request/document.ts";
import { documentInvalid, shapeFaults } from "../request/shape-faults.ts";

/**
 * Reads a document of one shape.
 *
 * @param name - How faults call the file.
 * @param what - What it should be, such as `score profile`.
 * @throws {OrchestratorError} `orchestrator.document-invalid` with every fault and its place.
 */
export function readWritten<Schema extends z.ZodType>(
  schema: Schema,
  bytes: Uint8Array,
  name: string,
  what: string,
): { readonly value: z.infer<Schema>; readonly document: RequestDocument } {
  const document = readRequestDocument(bytes, `the ${what}`);
  const parsed = document.value === undefined ? undefined : schema.safeParse(document.value);
  const faults = [...document.faults];
  if (parsed !== undefined && !parsed.success) faults.push(...shapeFaults(parsed.error, document));
  if (faults.length > 0 || parsed?.success !== true) throw documentInvalid(name, what, faults);
  return { value: parsed.data, document };
}
