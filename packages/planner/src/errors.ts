/**
 * The one error class of this package and its codes.
 *
 * @module
 */

/** One fault of a request, at its place (a pointer, an id or a slot). */
export type Fault = { readonly place: string; readonly message: string };

type Faults = { readonly faults: readonly Fault[] };

/** What each code carries. Codes are stable like an export; messages are not. */
export type PlannerErrorDetails = {
  "planner.empty-plan": Record<never, never>;
  "planner.request-invalid": Faults;
  "planner.arguments-invalid": Faults;
  "planner.groups-invalid": Faults;
  "planner.artifacts-invalid": Faults;
  "planner.bindings-invalid": Faults;
  "planner.gates-invalid": Faults;
  "planner.rechecks-invalid": Faults;
  "planner.pin-secret": Faults;
  "planner.signals-invalid": Faults;
  "planner.questionnaire-invalid": Faults;
  "planner.mode-mismatch": Faults;
  "planner.cycle": { readonly blocked: readonly string[] };
  "planner.nothing-permuted": Record<never, never>;
};
export type PlannerErrorCode = keyof PlannerErrorDetails;

/** Thrown when a request cannot become a plan. Match on `code`; messages may change in any release. */
export class PlannerError<Code extends PlannerErrorCode = PlannerErrorCode> extends Error {
  override readonly name = "PlannerError";
  readonly code: Code;
  readonly details: PlannerErrorDetails[Code];
  constructor(code: Code, message: string, details: PlannerErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyPlannerError = { [Code in PlannerErrorCode]: PlannerError<Code> }[PlannerErrorCode];

/** True for any copy of PlannerError; two installed versions share no class identity. */
export function isPlannerError(error: unknown): error is AnyPlannerError {
  return error instanceof Error && error.name === "PlannerError" && "code" in error;
}

type FaultsCode = {
  [Code in PlannerErrorCode]: Faults extends PlannerErrorDetails[Code] ? Code : never;
}[PlannerErrorCode];

/** Throws all faults under one code, or nothing when there are none. */
export function assertNoFaults(code: FaultsCode, what: string, faults: readonly Fault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  throw new PlannerError(code, `${what}: ${first.message}${more}`, { faults });
}
