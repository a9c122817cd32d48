/**
 * The one error class of this package and its codes.
 *
 * @module
 */

import type { Digest, ExecutionReceipt, RouteRefusal } from "@canonic/contracts";
import type { CallFault } from "./execute/adapter.ts";

type Issues = { readonly issues: readonly { readonly pointer: string; readonly expected: string }[] };

/** What each code carries; never a request's text, a credential or foreign text. Codes are stable like an export; messages are not. */
export type CaioErrorDetails = {
  /** `place` is a line or a pointer, empty for the whole file. */
  "caio.catalogue-invalid": { readonly name: string; readonly place: string; readonly expected: string };
  "caio.request-invalid": Issues;
  /** `services` is how many the snapshot has. */
  "caio.service-unknown": { readonly services: number };
  "caio.world-invalid": Issues & { readonly part: string };
  "caio.composition-invalid": { readonly kind: string };
  /** Deciding would take more than the budget that it was given. */
  "caio.budget-spent": { readonly what: "steps" | "bytes of room"; readonly max: number };
  /** Places count from 1; `fault` completes "is not …". */
  "caio.policy-invalid": {
    readonly source: string;
    readonly policy: string | null;
    readonly line: number | null;
    readonly column: number | null;
    readonly fault: string;
  };
  /** Places count from 1; `expected` completes "is not …". */
  "caio.rule-invalid": {
    readonly faults: readonly {
      readonly rule: string;
      readonly field: "when" | "require" | "forbid";
      readonly line: number;
      readonly column: number;
      readonly expected: string;
    }[];
  };
  /** An invariant of a contract is not sound; places count from 1, `expected` completes "is not …". */
  "caio.invariant-invalid": {
    readonly service: string;
    readonly faults: readonly {
      readonly invariant: string;
      readonly line: number;
      readonly column: number;
      readonly expected: string;
    }[];
  };
  /** The decision chose nobody. */
  "caio.decision-refused": { readonly code: RouteRefusal };
  /** Nothing was called: what was asked is not what was decided. */
  "caio.execution-refused": {
    readonly reason:
      | "decision-invalid"
      | "other-request"
      | "other-snapshot"
      | "other-contract"
      | "not-passed"
      | "aborted"
      | "write-repeated"
      | "budget-for-repeat"
      | "options-invalid";
  };
  /** No operation can execute the service; pointers lead into its contract, or name a term. */
  "caio.operation-invalid": Issues;
  "caio.input-invalid": Issues & { readonly service: string };
  /** `package` is what to install; null where the caller gave no adapter of this kind, or it has not what the contract names. */
  "caio.adapter-missing": { readonly kind: string; readonly package: string | null };
  /** Thrown by adapters. `status` is the service's own number, where it has one. */
  "caio.call-failed": { readonly fault: CallFault; readonly status: number | null };
  "caio.execution-failed": {
    readonly service: string;
    readonly version: string;
    readonly fault: CallFault;
    readonly status: number | null;
    readonly receipt: ExecutionReceipt;
  };
  /** The first violation; the receipt has all. The output that violates is not here, nor anywhere. */
  "caio.guarantee-violated": {
    readonly service: string;
    readonly version: string;
    readonly property: string;
    readonly required: string;
    readonly actual: string;
    readonly receipt: ExecutionReceipt;
  };
  /** Nobody is left to call, or nobody may be called with what is left. */
  "caio.fallbacks-exhausted": {
    readonly reason: "nobody-left" | "no-budget-left" | "no-time-left" | "not-admitted" | "write-attempted" | "aborted";
    readonly receipts: readonly ExecutionReceipt[];
    readonly decisions: readonly Digest[];
  };
  "caio.receipts-invalid": Issues;
};
export type CaioErrorCode = keyof CaioErrorDetails;

/** Thrown when a request, a world, a rule or a catalogue cannot be read, or a service cannot be called. Match on `code`. */
export class CaioError<Code extends CaioErrorCode = CaioErrorCode> extends Error {
  override readonly name = "CaioError";
  readonly code: Code;
  readonly details: CaioErrorDetails[Code];
  constructor(code: Code, message: string, details: CaioErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyCaioError = { [Code in CaioErrorCode]: CaioError<Code> }[CaioErrorCode];

/** True for any copy of CaioError; two installed versions share no class identity. */
export function isCaioError(error: unknown): error is AnyCaioError {
  return error instanceof Error && error.name === "CaioError" && "code" in error;
}
