/**
 * Where a library may touch the ambient world, and why. Each entry is one name in
 * one file: a second file that wants the same must say its own reason.
 *
 * @module
 */
import type { Exception } from "./ambient.ts";

export const ambientExceptions: readonly Exception[] = [];
