/**
 * The operations module of this pack: loaded by its URL in every worker thread, so it imports no reader of documents.
 *
 * @module
 */
import type { Operation, OperationId, PayloadType } from "@canonic/contracts";
import { METHOD_NAMES, METHODS, type MethodName } from "./methods/index.ts";
import { answerQuestion } from "./operations/answer-question.ts";
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

function operationOf(name: MethodName): Operation {
  const method = METHODS[name];
  return { contract: contractOf(name), run: (input, { task }) => answerQuestion(method, input, task) };
}
