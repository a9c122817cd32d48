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

const OUTPUTS: Readonly<Record<string, JsonValue>> = {
  "source.pin": {
    type: "object",
    properties: { digest: {} },
    additionalProperties: { type: "object", properties: {}, additionalProperties: false },
  },
  "rows.count": { type: "object", properties: { count: { type: "integer" } }, additionalProperties: false },
  "ledger.record": { type: "object" },
};

export function operationsOf(mode: Mode, { run: slips = {} }: Slips = {}): Operation[] {
  return Object.entries(DEEDS).map(([id, [stated, deed]]) => ({
    contract: contractOf(id, mode, stated),
    run: slips[id] ?? deed,
  }));
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
