/**
 * Branded ids, and how the derived ones come from digests.
 *
 * Invariants:
 *   I1. No id holds a time, a counter of this process or a random number:
 *       equal inputs give equal ids on every machine.
 *
 * @module
 */
import { z } from "zod";
import { type Digest, digestJson } from "./digest.ts";

export const RunId = z
  .string()
  .regex(/^run_[0-9a-f]{20}$/)
  .brand<"RunId">();
export type RunId = z.infer<typeof RunId>;

export const TaskId = z
  .string()
  .regex(/^task_[0-9a-f]{20}$/)
  .brand<"TaskId">();
export type TaskId = z.infer<typeof TaskId>;

export const DocumentId = z
  .string()
  .regex(/^doc_[0-9a-f]{20}$/)
  .brand<"DocumentId">();
export type DocumentId = z.infer<typeof DocumentId>;

/** A cell of the grid: policy area PA01..PA10 and dimension DIM01..DIM06. */
export const ChunkId = z
  .string()
  .regex(/^PA(0[1-9]|10)-DIM0[1-6]$/)
  .brand<"ChunkId">();
export type ChunkId = z.infer<typeof ChunkId>;

export const AreaId = z
  .string()
  .regex(/^PA(0[1-9]|10)$/)
  .brand<"AreaId">();
export type AreaId = z.infer<typeof AreaId>;

export const DimensionId = z
  .string()
  .regex(/^DIM0[1-6]$/)
  .brand<"DimensionId">();
export type DimensionId = z.infer<typeof DimensionId>;

/** Q001..Q300 under the `numeric/v1` ordering. */
export const QuestionId = z
  .string()
  .regex(/^Q(00[1-9]|0[1-9][0-9]|[12][0-9][0-9]|300)$/)
  .brand<"QuestionId">();
export type QuestionId = z.infer<typeof QuestionId>;

/** `domain.method`, each part kebab-case. */
export const OperationId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}\.[a-z][a-z0-9-]{0,62}$/)
  .brand<"OperationId">();
export type OperationId = z.infer<typeof OperationId>;

/** What a task carries, as a name that the routing table maps to one operation. */
export const PayloadType = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)*$/)
  .max(128)
  .brand<"PayloadType">();
export type PayloadType = z.infer<typeof PayloadType>;

export const SemanticVersion = z.string().regex(/^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$/);

/** `prefix_` and the first 20 hex digits of the digest of what the id stands for. */
export function deriveId(prefix: "run" | "task" | "doc", digest: Digest): string {
  return `${prefix}_${digest.slice(7, 27)}`;
}

/** The id of the nth run of a plan in a tenant's log; `number` is gap-free from 1. */
export function runIdOf(plan: Digest, number: number): RunId {
  return deriveId("run", digestJson({ number, plan })) as RunId;
}

/** The domain half of an operation id. */
export function domainOf(operation: OperationId): string {
  return operation.slice(0, operation.indexOf("."));
}

/** The method half of an operation id. */
export function methodOf(operation: OperationId): string {
  return operation.slice(operation.indexOf(".") + 1);
}
