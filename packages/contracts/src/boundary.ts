/**
 * What no operation may reach for, by name.
 *
 * @module
 */
import { z } from "zod";

/** The eleven categories that are forbidden to every operation, and three rights that an untrusted one does not have. */
export const BoundaryCategory = z.enum([
  "token-operations",
  "registry-queries",
  "scheduling",
  "recursion",
  "forks",
  "threads",
  "processes",
  "audit-access",
  "configuration-changes",
  "background-loops",
  "autonomous-continuation",
  "environment-access",
  "file-access",
  "network-access",
]);
export type BoundaryCategory = z.infer<typeof BoundaryCategory>;
