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
 *   Q5. Keys are compared as text: base64 that decodes to the same bytes and is spelled otherwise is no key.
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

/** True when both keys signed it (Q1), and each value has its one spelling (Q5). */
function isSignedRotation(data: RotationData): boolean {
  const { origin, previous, next, previousSignature, nextSignature } = data;
  if ([previous, next, previousSignature, nextSignature].some((text) => base64(bytesOf(text)) !== text)) return false;
  const text = Buffer.from(rotationText(data), "utf8");
  const isBy = (key: string, signature: string) =>
    isEd25519Signature({ name: origin, publicKey: bytesOf(key) }, text, bytesOf(signature));
  return isBy(previous, previousSignature) && isBy(next, nextSignature);
}

/**
 * True when rotations, in the order of the log, hang together with a key that is trusted and each is signed.
 *
 * Signatures are checked from the trusted key outwards, and no further than the first that is none: of what somebody made up
 * who has no key of the log, one rotation is checked, however many there are.
 *
 * @param isSigned - {@link isSignedRotation} when left out.
 */
export function areVouchedFor(
  rotations: readonly RotationData[],
  trusted: readonly NoteKey[],
  isSigned: (data: RotationData) => boolean = isSignedRotation,
): boolean {
  const known = new Set(trusted.map(({ publicKey }) => base64(publicKey)));
  const from = rotations.findIndex(({ previous, next }) => known.has(previous) || known.has(next));
  if (from < 0) return false;
  return [...rotations.slice(from), ...rotations.slice(0, from).reverse()].every((data) => isSigned(data));
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
    if (data.origin !== (this.#origin ?? last?.data.origin ?? data.origin)) return "a rotation of another log's key";
    if (last !== undefined && (index <= last.index || data.previous !== last.data.next))
      return "a rotation from a key that is not in force";
    if (data.previous === data.next || this.#rotations.some((known) => known.data.previous === data.next))
      return "a rotation to a key that was in force before";
    if (!isSignedRotation(data)) return "a rotation that one of its keys did not sign";
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
