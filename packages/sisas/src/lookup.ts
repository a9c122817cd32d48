/**
 * How an expected element names what it wants of a signal: `kind`, or `kind:what`.
 *
 * @module
 */
import type { Annotation, Signal } from "@canonic/contracts";

/**
 * The annotations of a signal that a reference means: all of them for `financial-chain`; for
 * `quantitative-triplet:baseline` those whose pattern is `baseline`, which carry an attribute `baseline`, or which have
 * an attribute whose value is `baseline`. Of another kind: none.
 */
export function findAnnotations(signal: Signal, reference: string): readonly Annotation[] {
  const [kind = "", what] = reference.split(":", 2);
  if (kind !== signal.kind) return [];
  if (what === undefined) return signal.annotations;
  return signal.annotations.filter(
    ({ pattern, attributes }) =>
      pattern === what || Object.hasOwn(attributes, what) || Object.values(attributes).includes(what),
  );
}
