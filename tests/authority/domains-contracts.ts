/**
 * Three domains for the tests of plans under tokens: what their operations owe, for each mode.
 *
 * @module
 */
import type { Mode, OperationContract } from "@canonic/contracts";

export const MODES = ["dryrun", "live"] as const satisfies readonly Mode[];

type Stated = Pick<OperationContract, "effect" | "input" | "output"> & Partial<OperationContract>;

const text = { type: "string", minLength: 1, maxLength: 200 };
const objectOf = (properties: Record<string, unknown>, required = Object.keys(properties)) => {
  return { type: "object", properties, required, additionalProperties: false } as OperationContract["input"];
};

const STATED: Readonly<Record<string, Stated>> = {
  "source.pin": { effect: "read", input: objectOf({ name: text }), output: objectOf({ digest: text, name: text }) },
  "rows.count": {
    effect: "pure",
    input: objectOf({ digest: text, limit: { type: "integer", minimum: 1 } }, ["digest"]),
    output: objectOf({ count: { type: "integer" } }),
  },
  "rows.burst": { effect: "pure", input: objectOf({}), output: objectOf({}) },
  "rows.reach": { effect: "pure", input: objectOf({}), output: objectOf({}), isolation: "untrusted" },
  "ledger.record": {
    effect: "write",
    idempotent: true,
    input: objectOf({ entry: text }),
    output: objectOf({ recorded: text, simulated: { type: "boolean" } }),
  },
};

/** The contracts of a mode; a live one and its simulation are two contracts. */
export function contractsOf(mode: Mode): OperationContract[] {
  return Object.entries(STATED).map(([operation, stated]) => contractOf(operation, stated, mode));
}

function contractOf(operation: string, stated: Stated, mode: Mode): OperationContract {
  return {
    schema: "canonic/operation-contract/v1",
    operation,
    version: "1.0.0",
    description: `For tests: ${operation}, ${mode}.`,
    mode,
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "done", statement: "It gives its output." }],
    failureModes: [{ code: "domains.failed", when: "It cannot." }],
    termination: { timeoutMs: 60_000, outputBytesMax: 4096, memoryLimitMb: 64, condition: "It returns." },
    verification: { strategy: "schema", statement: "The output has the declared shape." },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...stated,
  } as OperationContract;
}
