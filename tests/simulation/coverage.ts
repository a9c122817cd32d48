/**
 * What occurred over many seeds, counted: so that the simulation notices when it has become empty.
 *
 * @module
 */

export class Coverage {
  readonly #counts = new Map<string, number>();

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Those of `names` that occurred fewer than `times` times. */
  rare(names: readonly string[], times: number): string[] {
    return names.filter((name) => this.of(name) < times).map((name) => `${name}: ${this.of(name)}`);
  }
}
