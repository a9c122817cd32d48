/**
 * What the runs of the office execute: three domains, and the ways in which each can slip.
 *
 * @module
 */
import {
  digestJson,
  type JsonValue,
  type Mode,
  type Operation,
  type OperationContract,
  type OperationId,
} from "@canonic/contracts";
import type { OperationsPort } from "@canonic/runner";

/** What an operation does instead, by its id; or what stands between the runner and all of them. */
export interface Slips {
  readonly run?: Readonly<Record<string, Operation["run"]>>;
  readonly execute?: (inner: OperationsPort) => OperationsPort["execute"];
}

export const METHODS = { ledger: ["record"], rows: ["count"], source: ["pin"] } as const;
/** The domain whose values are personal; only in offices that know people. */
export const PERSONAL_METHODS = { ...METHODS, people: ["ask", "greet"] } as const;

const DEEDS: Readonly<Record<string, readonly [Partial<OperationContract>, Operation["run"]]>> = {
  "source.pin": [{ effect: "read" }, () => ({ digest: digestJson("the source") })],
  "rows.count": [
    { tokensMax: 10 },
    (_input, { reportTokens }) => {
      reportTokens?.(7);
      return { count: 3 };
    },
  ],
  "ledger.record": [{ effect: "write", failureModes: [{ code: "office.locked", when: "it is locked" }] }, () => ({})],
};

const PERSONAL_DEEDS: typeof DEEDS = {
  "people.ask": [{ personal: ["input", "output"] }, ({ name }) => ({ agrees: name === "ada" ? "yes" : "no" })],
  "people.greet": [{ personal: ["output"] }, ({ answer }) => ({ greeting: `thank you for saying ${answer}` })],
};

const OUTPUTS: Readonly<Record<string, JsonValue>> = {
  "source.pin": {
    type: "object",
    properties: { digest: {} },
    additionalProperties: { type: "object", properties: {}, additionalProperties: false },
  },
  "rows.count": { type: "object", properties: { count: { type: "integer" } }, additionalProperties: false },
  "ledger.record": { type: "object" },
  "people.ask": {
    type: "object",
    properties: { agrees: { enum: ["yes", "no"] } },
    required: ["agrees"],
    additionalProperties: false,
  },
  "people.greet": { type: "object", properties: { greeting: { type: "string" } }, additionalProperties: false },
};

/** Whether an office knows people, and whether it says that what it knows of them is personal. */
export type People = "salted" | "plain";

export function operationsOf(mode: Mode, { run: slips = {} }: Slips = {}, people?: People): Operation[] {
  return Object.entries(people === undefined ? DEEDS : { ...DEEDS, ...PERSONAL_DEEDS }).map(([id, [stated, deed]]) => {
    const { personal, ...plain } = stated;
    return {
      contract: contractOf(id, mode, people === "plain" || personal === undefined ? plain : stated),
      run: slips[id] ?? deed,
    };
  });
}

function contractOf(id: string, mode: Mode, stated: Partial<OperationContract>): OperationContract {
  return {
    schema: "canonic/operation-contract/v1",
    operation: id as OperationId,
    version: "1.0.0",
    description: `${id}, for the tests of what a verifier says`,
    input: { type: "object" },
    output: OUTPUTS[id] as OperationContract["output"],
    effect: "pure",
    mode,
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "done", statement: "it returns" }],
    failureModes: [{ code: "office.failed", when: "it throws" }],
    termination: { timeoutMs: 10_000, outputBytesMax: 1_000_000, memoryLimitMb: 64, condition: "it returns" },
    verification: { strategy: "schema", statement: "the output has its shape" },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...stated,
  };
}
