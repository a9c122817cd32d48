/**
 * Operations about people: what is asked of them, and what is written to them; all of it is theirs.
 *
 * @module
 */
import type { Operation, OperationContract, OperationId } from "@canonic/contracts";

const text = { type: "string", minLength: 1, maxLength: 200 };
const objectOf = (properties: Record<string, unknown>): OperationContract["input"] =>
  ({ type: "object", properties, required: Object.keys(properties), additionalProperties: false }) as never;

export const contracts: readonly OperationContract[] = [
  contractOf("people.ask", ["input", "output"], objectOf({ name: text }), objectOf({ agrees: text })),
  contractOf("people.greet", ["output"], objectOf({ answer: text }), objectOf({ greeting: text })),
];

const [ask, greet] = contracts as readonly [OperationContract, OperationContract];

export const operations: readonly Operation[] = [
  { contract: ask, run: ({ name }) => ({ agrees: name === "ada lovelace" ? "yes" : "no" }) },
  { contract: greet, run: ({ answer }) => ({ greeting: `thank you for saying ${String(answer)}` }) },
];

function contractOf(
  operation: "people.ask" | "people.greet",
  personal: NonNullable<OperationContract["personal"]>,
  input: OperationContract["input"],
  output: OperationContract["output"],
): OperationContract {
  return {
    schema: "canonic/operation-contract/v1",
    operation: operation as OperationId,
    version: "1.0.0",
    description: `For tests: ${operation}.`,
    input,
    output,
    effect: "pure",
    mode: "dryrun",
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "done", statement: "It gives its output." }],
    failureModes: [{ code: "people.failed", when: "It cannot." }],
    termination: { timeoutMs: 60_000, outputBytesMax: 4096, memoryLimitMb: 64, condition: "It returns." },
    verification: { strategy: "schema", statement: "The output has the declared shape." },
    crossDomainDeps: [],
    personal,
    signals: { required: [], optional: [] },
  };
}
