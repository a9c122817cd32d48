/**
 * Keys that one object of a JSON text has twice: `JSON.parse` keeps the last without a word, and a catalogue then says something else
 * than what is read in it.
 *
 * @see RFC 8259, section 4.
 * @module
 */

/**
 * The first repeated key of a text that `JSON.parse` has accepted, null for none. One pass, no recursion.
 */
export function repeatedKey(text: string): string | null {
  /** The keys of each object that is open; null for an array. */
  const open: (Set<string> | null)[] = [];
  let isKeyNext = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        open.push(new Set());
        isKeyNext = true;
        break;
      case 0x5b: // [
        open.push(null);
        isKeyNext = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        isKeyNext = false;
        break;
      case 0x2c: // ,
        isKeyNext = open.at(-1) instanceof Set;
        break;
      case 0x22: {
        const end = endOfString(text, at);
        if (isKeyNext) {
          const key = JSON.parse(text.slice(at, end + 1)) as string;
          const keys = open.at(-1);
          if (keys?.has(key) === true) return key;
          keys?.add(key);
          isKeyNext = false;
        }
        at = end;
        break;
      }
      default:
        break;
    }
  }
  return null;
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}
