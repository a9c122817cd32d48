/**
 * Which key signs a log's checkpoints, by log index: the first one until a KEY_ROTATED hands over to the next.
 *
 *     canonic/key-rotation/v1
 *     <origin>
 *     <previous key, base64>
 *     <next key, base64>
 *
 * Invariants:
 *   Q1. A rotation is signed by both keys over the four lines above: the one that goes says who comes, and the one that
 *       comes had its private half.
 *   Q2. A checkpoint of a size greater than the rotation's index is the next key's to sign, one of a smaller or equal size
 *       the previous one's. Whoever still has the old key signs nothing that covers the rotation.
 *   Q3. Each rotation hands over from the key in force, and no key comes back.
 *   Q4. The origin stays: it names the log, not its key.
 *
 * @module
 */
import type { EventData, RunEvent } from "@canonic/contracts";
import { isEd25519Signature, type NoteKey, type NoteSigner } from "./keys.ts";

type RotationData = EventData<"KEY_ROTATED">;

/** Signs a handover (Q1). */
export function rotationOf(origin: string, previous: NoteSigner, next: NoteSigner): RotationData {
  const keys = { origin, previous: base64(previous.publicKey), next: base64(next.publicKey) };
  const text = Buffer.from(rotationText(keys), "utf8");
  return { ...keys, previousSignature: base64(previous.sign(text)), nextSignature: base64(next.sign(text)) };
}

/** The keys of one log in the order in which they came. Feed it the rotations by index. */
export class KeyTimeline {
  readonly #origin: string | undefined;
  readonly #rotations: { readonly index: number; readonly data: RotationData }[] = [];

  /** @param origin - The log's; undefined takes that of the first rotation. */
  constructor(origin?: string) {
    this.#origin = origin;
  }

  /** Takes one rotation; what is wrong with it in a few words when it is none, and then nothing changes. */
  add(index: number, data: RotationData): string | null {
    const last = this.#rotations.at(-1);
    const text = Buffer.from(rotationText(data), "utf8");
    if (data.origin !== (this.#origin ?? last?.data.origin ?? data.origin)) return "a rotation of another log's key";
    if (last !== undefined && (index <= last.index || data.previous !== last.data.next))
      return "a rotation from a key that is not in force";
    if (data.previous === data.next || this.#rotations.some((known) => known.data.previous === data.next))
      return "a rotation to a key that was in force before";
    for (const [key, signature] of [
      [data.previous, data.previousSignature],
      [data.next, data.nextSignature],
    ] as const)
      if (!isEd25519Signature({ name: data.origin, publicKey: bytesOf(key) }, text, bytesOf(signature)))
        return "a rotation that one of its keys did not sign";
    this.#rotations.push({ index, data });
    return null;
  }

  /** What `event` at `index` changes: nothing unless it is a rotation. */
  follow(index: number, event: RunEvent): string | null {
    return event.type === "KEY_ROTATED" ? this.add(index, event.data) : null;
  }

  get hasRotations(): boolean {
    return this.#rotations.length > 0;
  }

  /** The raw key that signs a checkpoint of `size` leaves (Q2); undefined without a rotation, when nothing here knows it. */
  keyAt(size: number): Uint8Array | undefined {
    const [first] = this.#rotations;
    if (first === undefined) return undefined;
    const before = this.#rotations.filter(({ index }) => index < size).at(-1);
    return bytesOf(before === undefined ? first.data.previous : before.data.next);
  }

  /**
   * The keys that may sign a checkpoint of `size` leaves for who trusts `trusted`: all of these without a rotation, else
   * the one in force, if any key of the log is among them.
   */
  keysAt(size: number, trusted: readonly NoteKey[]): readonly NoteKey[] {
    const key = this.keyAt(size);
    if (key === undefined) return trusted;
    if (!trusted.some((known) => this.#has(base64(known.publicKey)))) return [];
    const named = trusted.filter((known) => Buffer.compare(known.publicKey, key) === 0);
    return [...named, { name: this.#rotations[0]?.data.origin ?? "", publicKey: key }];
  }

  /** All keys that ever signed for this log under a key that is trusted; what is trusted when there was no rotation. */
  allKeys(trusted: readonly NoteKey[]): readonly NoteKey[] {
    if (!trusted.some((known) => this.#has(base64(known.publicKey)))) return trusted;
    const keys = new Set(this.#rotations.flatMap(({ data }) => [data.previous, data.next]));
    const known = new Set(trusted.map(({ publicKey }) => base64(publicKey)));
    const name = this.#rotations[0]?.data.origin ?? "";
    return [
      ...trusted,
      ...[...keys].filter((key) => !known.has(key)).map((key) => ({ name, publicKey: bytesOf(key) })),
    ];
  }

  #has(key: string): boolean {
    return this.#rotations.some(({ data }) => data.previous === key || data.next === key);
  }
}

function rotationText({ origin, previous, next }: Pick<RotationData, "origin" | "previous" | "next">): string {
  return `canonic/key-rotation/v1\n${origin}\n${previous}\n${next}\n`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}
