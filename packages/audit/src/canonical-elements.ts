/**
 * Reads a canonical JSON object of which one member is a long array, some elements at a time.
 *
 * A canonical text is put together from canonical parts. So the document is split where the bytes alone say it, at quotes
 * and brackets, into the document with an empty array, and the elements in batches, `[[first,second,…]]`. Each is parsed
 * strictly by itself, as deep as it stands in the whole.
 *
 * Invariants:
 *   E1. What is read is what `parseCanonicalJson` reads of the whole, and refused is exactly what it refuses.
 *   E2. Kept are one batch of bytes and the document without the elements, whatever the pieces that the bytes come in.
 *
 * @see RFC 8785: no spaces, keys in order, one spelling. A bracket inside a string opens nothing.
 * @module
 */
import { type JsonValue, parseCanonicalJson } from "@canonic/contracts";
import { ByteCollector } from "./byte-collector.ts";

const BATCH_BYTES = 64 * 1024;

const [QUOTE, COMMA, OPEN, BACKSLASH, CLOSE, OPEN_BRACE, CLOSE_BRACE] = [0x22, 0x2c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d];
const [BEFORE, BEHIND] = [Buffer.from("[["), Buffer.from("]]")];
/** How deep the elements stand: in the array, which is in the object. */
const DEPTH = 2;

/** Feed the bytes in pieces of any size, then call `end`. */
export class CanonicalElements {
  readonly #label: Uint8Array;
  readonly #take: (element: JsonValue) => void;
  readonly #batchBytes: number;
  readonly #document = new ByteCollector();
  readonly #batch = new ByteCollector();
  #isCanonical = true;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInArray = false;
  /** Where in the document the last string began. */
  #stringAt = -1;
  /** How many batches of the array were parsed. */
  #batches = 0;

  /**
   * @param member - The name of the member; letters only.
   * @param take - Gets the elements in order; what it was given counts only if `end` gives a document.
   * @param batchBytes - A batch is parsed as soon as an element ends behind so many bytes.
   */
  constructor(member: string, take: (element: JsonValue) => void, batchBytes = BATCH_BYTES) {
    this.#label = Buffer.from(`"${member}":`);
    this.#take = take;
    this.#batchBytes = batchBytes;
  }

  next(piece: Uint8Array): void {
    let from = 0;
    let [isInString, isEscaped] = [this.#isInString, this.#isEscaped];
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at];
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInString = false;
      } else if (byte === QUOTE) {
        isInString = true;
        if (!this.#isInArray) this.#stringAt = this.#document.length + at - from;
      } else if (byte === OPEN || byte === OPEN_BRACE) {
        this.#depth += 1;
        if (byte !== OPEN || this.#depth !== DEPTH || this.#isInArray) continue;
        this.#document.add(piece.subarray(from, at));
        from = at;
        if (!this.#isLabelled()) continue;
        from = at + 1;
        this.#document.add(piece.subarray(at, from));
        this.#beginArray();
      } else if (byte === CLOSE || byte === CLOSE_BRACE) {
        this.#depth -= 1;
        if (!this.#isInArray || this.#depth >= DEPTH) continue;
        this.#endBatch(piece.subarray(from, at), true);
        from = at;
      } else if (byte === COMMA && this.#isInArray && this.#depth === DEPTH) {
        if (this.#batch.length + at - from < this.#batchBytes) continue;
        this.#endBatch(piece.subarray(from, at), false);
        from = at + 1;
      }
    }
    [this.#isInString, this.#isEscaped] = [isInString, isEscaped];
    (this.#isInArray ? this.#batch : this.#document).add(piece.subarray(from));
  }

  /** The document, with an empty array for the member; undefined for what is not canonical JSON. */
  end(): JsonValue | undefined {
    return this.#isCanonical && !this.#isInArray ? parsed(this.#document.take()) : undefined;
  }

  /** True behind `"member":`, if its first quote is one that begins a string. */
  #isLabelled(): boolean {
    return this.#document.length - this.#label.length === this.#stringAt && this.#document.endsWith(this.#label);
  }

  #beginArray(): void {
    this.#isInArray = true;
    this.#batches = 0;
    this.#batch.add(BEFORE);
  }

  /** @param isLast - True before the bracket that closes the array, which stays in the document; false before a comma. */
  #endBatch(bytes: Uint8Array, isLast: boolean): void {
    this.#batch.add(bytes);
    const isEmpty = this.#batch.length === BEFORE.length;
    this.#batch.add(BEHIND);
    const batch = this.#batch.take();
    const elements = this.#isCanonical ? elementsOf(batch) : undefined;
    // An array may be empty; before and behind a comma stands something.
    const isMissing = isEmpty && !(isLast && this.#batches === 0);
    if (elements === undefined || isMissing) this.#isCanonical = false;
    else for (const element of elements) this.#take(element);
    this.#batches += 1;
    this.#isInArray = !isLast;
    if (!isLast) this.#batch.add(BEFORE);
  }
}

function elementsOf(batch: Uint8Array): readonly JsonValue[] | undefined {
  return (parsed(batch) as readonly [readonly JsonValue[]] | undefined)?.[0];
}

function parsed(bytes: Uint8Array): JsonValue | undefined {
  try {
    return parseCanonicalJson(bytes);
  } catch {
    return undefined;
  }
}
