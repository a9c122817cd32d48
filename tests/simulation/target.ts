/**
 * The simulated target of writes: effects under idempotency keys, and the fence that keeps an overtaken holder out.
 *
 * @module
 */

export type Effect = { readonly key: string; readonly fence: number; readonly process: number };

export class Target {
  /** Every effect that happened, in order. */
  readonly effects: Effect[] = [];
  /** The highest fence that was seen here. */
  fence = 0;

  /** A holder that connects makes itself known. */
  meet(fence: number): void {
    this.fence = Math.max(this.fence, fence);
  }

  /**
   * One write. An idempotent one under a key that is known changes nothing; another one happens as often as it is asked for.
   */
  write(effect: Effect, idempotent: boolean): "done" | "known" | "overtaken" {
    if (effect.fence < this.fence) return "overtaken";
    this.fence = effect.fence;
    if (idempotent && this.effects.some(({ key }) => key === effect.key)) return "known";
    this.effects.push(effect);
    return "done";
  }
}
