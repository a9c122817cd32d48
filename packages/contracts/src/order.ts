/**
 * The orders: code units for text, numbers for versions, both for what has a name and a version.
 *
 * @module
 */

/** Negative, zero or positive. `localeCompare` answers by the machine's locale; code units do not. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Semantic versions compare as numbers, part by part: 1.10.0 comes after 1.9.0. */
export function byVersion(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let part = 0; part < 3; part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Services by their id, then by version. */
export function byServiceAndVersion(a: NamedService, b: NamedService): number {
  return byCodeUnit(a.service, b.service) || byVersion(a.version, b.version);
}

type NamedService = { readonly service: string; readonly version: string };
