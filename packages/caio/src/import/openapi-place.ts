/**
 * Where an operation stands in its OpenAPI document.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "@canonic/contracts";
import type { Draft } from "./draft.ts";
import { isReferenceFault, type LocalReferences } from "./references.ts";

/** An operation and what stands around it. */
export interface OperationPlace {
  readonly document: JsonObject;
  readonly references: LocalReferences;
  /** Work that is left for compiling schemas of the document; shared by its operations. */
  readonly compiling: { left: number };
  readonly title: string;
  readonly path: string;
  readonly method: string;
  /** The path item, behind its reference. */
  readonly item: JsonObject;
}

/** An object behind references, or null with the reason told. */
export function objectAt(
  draft: Draft,
  place: OperationPlace,
  value: JsonValue | undefined,
  at: string,
): JsonObject | null {
  const found = place.references.followed(value);
  if (!isReferenceFault(found)) return found;
  draft.refuse(found.code, at, `a reference within the document and its bounds, not \`${found.reference}\``);
  return null;
}
