/**
 * Reads the leaves that most of a log is made of, in one pass: the five events of a task that went well.
 *
 * A canonical leaf has one spelling, so an event whose values need no escape is a fixed text with gaps, and a regular
 * expression knows it. What is not exactly such a text is left to `readLeaf`, which knows all of them.
 *
 * Invariants:
 *   Q1. Nothing is accepted that `readLeaf` refuses, and what is given is what `readLeaf` gives.
 *   Q2. Time is linear in the bytes: no gap can be filled in two ways.
 *
 * @see RFC 8785: keys in order, no spaces, the shortest form of a number.
 * @module
 */
import { LEAF_BYTES_MAX, LimitName, type RunEvent } from "@canonic/contracts";

const digest = '"(sha256:[0-9a-f]{64})"';
const digestOrNull = '(?:"(sha256:[0-9a-f]{64})"|null)';
/** Below 2^53 whatever the digits: 15 of them. */
const count = "(0|[1-9][0-9]{0,14})";
const positive = "([1-9][0-9]{0,14})";
const part = "(0|[1-9][0-9]{0,5})";
const name = "[a-z][a-z0-9-]{0,62}";
const plain = "[A-Za-z0-9_.:/@ -]{1,128}";
const limitNames = `(${LimitName.options.join("|")})`;
const limitRow = `\\{"limit":"${limitNames}","max":${count},"need":${count},"reserved":${count},"used":${count}\\}`;

type Known = {
  readonly pattern: RegExp;
  /** The event's `data` from what the gaps hold, the first at `at`; undefined for what a pattern cannot count. */
  read(gaps: readonly string[], at: number): object | undefined;
};

/** An event of a task: `data` is a pattern of `{…}` without its braces. */
function known(type: RunEvent["type"], data: string, read: Known["read"]): [string, Known] {
  const at = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z";
  const head = `\\{"at":"(${at})","data":\\{`;
  const tail = `\\},"prev":${digest},"run":"(run_[0-9a-f]{20})","seq":${count},"subject":"(${plain})","type":"${type}"\\}`;
  return [type, { pattern: new RegExp(`^${head}${data}${tail}$`), read }];
}

const allow = { decision: "allow" as const };

/**
 * A reader of known leaves. It holds its patterns, so make one and keep it.
 *
 * @returns A function that gives the event of a leaf, or undefined for one that it does not know.
 */
export function knownLeaves(): (bytes: Uint8Array) => RunEvent | undefined {
  const table = new Map<string, Known>([
    known(
      "ROUTING_DECISION",
      `"contract":${digest},"decision":"allow","operation":"(${name}\\.${name})","payloadType":"([a-z][a-z0-9-]*(?:/[a-z][a-z0-9-]*)*)","reasons":\\[\\],"snapshot":${digest},"version":"(${part}\\.${part}\\.${part})"`,
      (gaps, at) => {
        const [contract, operation, payloadType, snapshot, version] = gaps.slice(at, at + 5);
        if ((payloadType as string).length > 128) return undefined;
        return { contract, ...allow, operation, payloadType, reasons: [], snapshot, version };
      },
    ),
    known(
      "AUTHORIZATION_SCOPE_CHECK",
      `"decision":"allow","domain":"(${name})","method":"(${name})","policies":\\[((?:"${plain}"(?:,"${plain}"){0,63})?)\\],"policySet":${digestOrNull},"reasons":\\[\\],"token":${digest}`,
      (gaps, at) => {
        const [domain, method, listed = "", policySet = null, token] = gaps.slice(at, at + 5);
        const policies = listed === "" ? [] : listed.slice(1, -1).split('","');
        return { ...allow, domain, method, policies, policySet, reasons: [], token };
      },
    ),
    known(
      "RESOURCE_LIMIT_CHECK",
      `"decision":"allow","limits":\\[${limitRow},${limitRow},${limitRow},${limitRow}\\],"reasons":\\[\\],"token":${digest}`,
      (gaps, at) => {
        const limits = [0, 5, 10, 15].map((row) => ({
          limit: gaps[at + row],
          max: Number(gaps[at + row + 1]),
          need: Number(gaps[at + row + 2]),
          reserved: Number(gaps[at + row + 3]),
          used: Number(gaps[at + row + 4]),
        }));
        return { ...allow, limits, reasons: [], token: gaps[at + 20] };
      },
    ),
    known(
      "EXECUTION_STARTED",
      `"attempt":${positive},"effect":"(pure|read|write)","idempotencyKey":(?:"(${plain})"|null),"input":${digest}`,
      (gaps, at) => {
        const [attempt, effect, idempotencyKey = null, input] = gaps.slice(at, at + 4);
        return { attempt: Number(attempt), effect, idempotencyKey, input };
      },
    ),
    known(
      "EXECUTION_COMPLETED",
      `"contract":"satisfied","output":${digest},"sizeBytes":${positive},"tokens":${count}`,
      (gaps, at) => {
        const [output, sizeBytes, tokens] = gaps.slice(at, at + 3);
        const sizes = { sizeBytes: Number(sizeBytes), tokens: Number(tokens) };
        return { contract: "satisfied", output, ...sizes };
      },
    ),
  ]);
  return (bytes) => {
    if (bytes.length > LEAF_BYTES_MAX) return undefined;
    // One character for each byte: whatever is not ASCII is in no pattern.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    const type = text.slice(text.lastIndexOf(":") + 2, -2);
    const entry = table.get(type);
    const gaps = entry?.pattern.exec(text);
    if (entry === undefined || gaps === null || gaps === undefined) return undefined;
    const data = entry.read(gaps, 2);
    if (data === undefined) return undefined;
    const [prev, run, seq, subject] = gaps.slice(-4);
    return { at: gaps[1], data, prev, run, seq: Number(seq), subject, type } as RunEvent;
  };
}
