/**
 * How a schema is refused that can be named, and cannot be checked here.
 *
 * @module
 */
import { ContractsError } from "../errors.ts";
import { cutText } from "../text.ts";

/** @throws {ContractsError} `contracts.bad-schema`, always. */
export function refuseAt(pointer: string, what: string): never {
  const reason = `\`${cutText(pointer, 200)}\` ${what}`;
  throw new ContractsError("contracts.bad-schema", `not a JSON Schema that can be checked here: ${reason}`, {
    reason,
    pointer,
  });
}
