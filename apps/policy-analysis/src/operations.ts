/**
 * The operations module of this pack: loaded by its URL in every worker thread, so it imports no reader of documents.
 *
 * @module
 */
import type { Operation, OperationContract, OperationId, PayloadType } from "@canonic/contracts";
import { METHOD_NAMES, type MethodName } from "./methods/method.ts";
import { contractOf, OPERATION_VERSION, operationIdOf } from "./operations/contract.ts";

/** Eight operations, one for each method, in code-unit order of their ids. */
export const operations: readonly Operation[] = METHOD_NAMES.map(operationOf);

/** Which operation each payload type of a policy plan goes to. */
export const routes: readonly {
  readonly payloadType: PayloadType;
  readonly operation: OperationId;
  readonly version: string;
}[] = METHOD_NAMES.map((method) => ({
  payloadType: `question/${method}` as PayloadType,
  operation: operationIdOf(method),
  version: OPERATION_VERSION,
}));

/** Methods and contract are made when they are asked for: most commands that load the pack answer nothing. */
function operationOf(name: MethodName): Operation {
  let contract: OperationContract | undefined;
  return {
    get contract() {
      contract ??= contractOf(name);
      return contract;
    },
    async run(input, { task }) {
      const { METHODS } = await import("./methods/index.ts");
      const { answerQuestion } = await import("./operations/answer-question.ts");
      return answerQuestion(METHODS[name], input, task);
    },
  };
}
