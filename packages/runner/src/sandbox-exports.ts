/**
 * Where the modules that stand for builtin ones find their exports.
 *
 * A module of its own, because trap modules are made of text and can take values from nowhere else. An operation that
 * imports it by its path gets what it would get without: traps.
 *
 * @module
 */

/** `read` gives the exports of a builtin module by its name without `node:`. */
export type TrapSource = { read: (name: string) => Record<string, unknown> };

export const source: TrapSource = { read: () => ({}) };
