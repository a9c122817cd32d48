/**
 * Whether a value is a contract that a router will take: one that it refuses would take all others down with it.
 *
 * @module
 */
import {
  assertJson,
  byCodeUnit,
  canonicalJson,
  type Digest,
  digestBytes,
  frozenJson,
  isContractsError,
  type JsonValue,
  ServiceContract,
} from "@canonic/contracts";

/** Bytes of a contract's canonical JSON, at most. */
export const CONTRACT_BYTES_MAX = 262_144;

export interface Issue {
  readonly pointer: string;
  readonly expected: string;
}

/** A private frozen copy with its canonical JSON and the digest of that. */
export interface CheckedContract {
  readonly contract: ServiceContract;
  readonly text: string;
  readonly digest: Digest;
}

/**
 * Reads a contract: its schema, its orders and its size.
 *
 * @param at - JSON Pointer of the contract in what the caller was given; issues are added to `issues`.
 */
export function readContract(value: unknown, at: string, issues: Issue[]): CheckedContract | undefined {
  const parsed = ServiceContract.safeParse(value);
  if (!parsed.success) {
    issues.push(...issuesOf(parsed.error, at));
    return undefined;
  }
  const contract = parsed.data;
  const found = [...orderIssues(contract, at), ...formIssues(contract, at)];
  issues.push(...found);
  if (found.length > 0) return undefined;
  return keptContract(canonicalJson(contract));
}

/** The contract that canonical text spells. */
export function keptContract(text: string): CheckedContract {
  const contract = frozenJson(JSON.parse(text) as JsonValue) as unknown as ServiceContract;
  return { contract, text, digest: digestBytes(text) };
}

/** What a schema of `@canonic/contracts` says when it refuses. */
interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** Issues of a schema as pointers below `at`. */
export function issuesOf(error: SchemaError, at: string): Issue[] {
  return error.issues.map(({ path, message }) => ({
    pointer: at + path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    expected: message,
  }));
}

function orderIssues({ capabilities, cost, guarantees, assumed }: ServiceContract, at: string): Issue[] {
  return [
    ...ascending(`${at}/capabilities`, capabilities, byCodeUnit),
    ...ascending(`${at}/cost/prices`, cost?.prices ?? [], (a, b) => byCodeUnit(a.unit, b.unit)),
    ...ascending(
      `${at}/guarantees`,
      guarantees,
      (a, b) => byCodeUnit(a.property, b.property) || byCodeUnit(a.bound, b.bound),
    ),
    ...ascending(`${at}/assumed`, assumed, byCodeUnit),
  ];
}

function ascending<Item>(pointer: string, items: readonly Item[], order: (a: Item, b: Item) => number): Issue[] {
  return items.flatMap((item, index) =>
    index > 0 && order(items[index - 1] as Item, item) >= 0
      ? [{ pointer: `${pointer}/${index}`, expected: "after the one before it, each once" }]
      : [],
  );
}

function formIssues(contract: ServiceContract, at: string): Issue[] {
  try {
    assertJson(contract);
  } catch (error) {
    if (!isContractsError(error) || error.code !== "contracts.not-json") throw error;
    return [{ pointer: `${at}${error.details.pointer}`, expected: "a value that has a canonical form" }];
  }
  const sizeBytes = Buffer.byteLength(canonicalJson(contract), "utf8");
  return sizeBytes <= CONTRACT_BYTES_MAX ? [] : [{ pointer: at, expected: `at most ${CONTRACT_BYTES_MAX} bytes` }];
}
