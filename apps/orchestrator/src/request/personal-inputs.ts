/**
 * What a request gives to operations whose input is personal: salted payloads beside the plan, and nothing of it in the plan.
 *
 * Who writes a request writes parameters, as for any operation. Here those of a personal input become inputs, each in its
 * envelope, and the request is kept with their digests in the places of the values.
 *
 * Invariants:
 *   P1. Neither the plan nor the request that is kept beside it holds a personal value, or a digest by which it could be found.
 *   P2. The same request gives the same envelopes in the same store. Requests that differ in anything share no salt, so that
 *       nobody learns from one what was erased of another.
 *
 * @module
 */
import {
  type Digest,
  digestJson,
  isPersonal,
  type JsonObject,
  type JsonValue,
  type OperationContract,
  type Salts,
  saltedText,
} from "@canonic/contracts";

/** The personal inputs of a request: for each task, by index, its envelopes by name; undefined where nothing is personal. */
export type PersonalInputs = {
  readonly byTask: readonly (Readonly<Record<string, JsonValue>> | undefined)[];
  /** The request as it may be kept. */
  readonly kept: JsonObject;
};

/**
 * Salts what is personal.
 *
 * @param request - The whole request; `tasks` have `parameters` or none.
 * @param contracts - Of each task, by index.
 * @param salts - Asked only when there is something to salt.
 */
export function saltRequest(
  request: JsonObject & { readonly tasks: readonly JsonObject[] },
  contracts: readonly (OperationContract | undefined)[],
  salts: () => Salts,
): PersonalInputs {
  if (!contracts.some((contract) => isPersonal(contract, "input")))
    return { byTask: contracts.map(() => undefined), kept: request };
  const { saltOf } = salts();
  const whole = digestJson(request);
  const byTask = request.tasks.map((task, index) => {
    if (!isPersonal(contracts[index], "input")) return undefined;
    const parameters = Object.entries((task["parameters"] ?? {}) as JsonObject);
    return Object.fromEntries(
      parameters.map(([name, value]): [string, JsonValue] => {
        const context = { purpose: "input", request: whole, place: `/tasks/${index}/${name}` } as const;
        return [name, JSON.parse(saltedText(value, saltOf(context, digestJson(value)))) as JsonValue];
      }),
    );
  });
  const tasks = request.tasks.map((task, index) => {
    const envelopes = byTask[index];
    return envelopes === undefined ? task : { ...task, parameters: digestsOf(envelopes) };
  });
  return { byTask, kept: { ...request, tasks } };
}

function digestsOf(values: Readonly<Record<string, JsonValue>>): Readonly<Record<string, Digest>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, digestJson(value)]));
}
