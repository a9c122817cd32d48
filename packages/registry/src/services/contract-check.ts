/**
 * Whether a value is a contract that a router will take: one that it refuses would take all others down with it.
 *
 * @module
 */
import {
  assertJson,
  canonicalJson,
  type Digest,
  digestBytes,
  frozenJson,
  isContractsError,
  type JsonValue,
  type SchemaIssue,
  ServiceContract,
  serviceOrderIssues,
  shapeIssues,
} from "@canonic/contracts";

/** Bytes of a contract's canonical JSON, at most. */
export const CONTRACT_BYTES_MAX = 262_144;

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
export function readContract(value: unknown, at: string, issues: SchemaIssue[]): CheckedContract | undefined {
  const parsed = ServiceContract.safeParse(value);
  if (!parsed.success) {
    issues.push(...shapeIssues(parsed.error, at));
    return undefined;
  }
  const contract = parsed.data;
  const found = [...serviceOrderIssues(contract, at), ...formIssues(contract, at)];
  issues.push(...found);
  if (found.length > 0) return undefined;
  return keptContract(canonicalJson(contract));
}

/** The contract that canonical text spells. */
export function keptContract(text: string): CheckedContract {
  const contract = frozenJson(JSON.parse(text) as JsonValue) as unknown as ServiceContract;
  return { contract, text, digest: digestBytes(text) };
}

function formIssues(contract: ServiceContract, at: string): SchemaIssue[] {
  try {
    assertJson(contract);
  } catch (error) {
    if (!isContractsError(error) || error.code !== "contracts.not-json") throw error;
    return [{ pointer: `${at}${error.details.pointer}`, expected: "a value that has a canonical form" }];
  }
  const sizeBytes = Buffer.byteLength(canonicalJson(contract), "utf8");
  return sizeBytes <= CONTRACT_BYTES_MAX ? [] : [{ pointer: at, expected: `at most ${CONTRACT_BYTES_MAX} bytes` }];
}
