/**
 * A persistent array: `withValue` gives a changed copy that shares all but a few nodes with the one before.
 *
 * The fold over a run's events changes one task at a time and must stay pure; copying an array of 30,000 tasks for
 * each of 150,000 events would be quadratic. Here one change copies one node of 32 per level.
 *
 * Invariants:
 *   T1. A table never changes: what `valueAt` answered once, it answers always.
 *
 * @see Bagwell, Ideal Hash Trees, 2001 (the array-mapped trie, without the hashing).
 * @module
 */
const BITS = 5;
const WIDTH = 1 << BITS;

type Node<T> = readonly (Node<T> | T | undefined)[];

/** `size` slots, each empty or a value. */
export type Table<T> = { readonly size: number; readonly shift: number; readonly root: Node<T> };

/** A table of `size` empty slots. */
export function emptyTable<T>(size: number): Table<T> {
  let shift = 0;
  while (size > WIDTH << shift) shift += BITS;
  return { size, shift, root: [] };
}

/** The value at an index, or undefined when the slot is empty or outside. */
export function valueAt<T>(table: Table<T>, index: number): T | undefined {
  if (index < 0 || index >= table.size) return undefined;
  let node = table.root;
  for (let shift = table.shift; shift > 0; shift -= BITS) {
    const child = node[(index >>> shift) & (WIDTH - 1)] as Node<T> | undefined;
    if (child === undefined) return undefined;
    node = child;
  }
  return node[index & (WIDTH - 1)] as T | undefined;
}

/** The table with another value at `index`, which lies inside. */
export function withValue<T>(table: Table<T>, index: number, value: T): Table<T> {
  return { size: table.size, shift: table.shift, root: changed(table.root, table.shift, index, value) };
}

function changed<T>(node: Node<T>, shift: number, index: number, value: T): Node<T> {
  const copy = node.slice();
  const slot = (index >>> shift) & (WIDTH - 1);
  while (copy.length < slot) copy.push(undefined);
  copy[slot] = shift === 0 ? value : changed((node[slot] as Node<T> | undefined) ?? [], shift - BITS, index, value);
  return copy;
}
