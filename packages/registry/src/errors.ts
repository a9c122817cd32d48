/**
 * The one error class of this package and its codes.
 *
 * @module
 */
import type { Digest, ServiceState } from "@canonic/contracts";
import type { Completeness } from "./completeness.ts";

type Version = { readonly operation: string; readonly version: string };
type Service = { readonly service: string; readonly version: string };

/** What each code carries. Codes are stable like an export; messages are not. */
export type RegistryErrorDetails = {
  "registry.contract-invalid": {
    readonly operation: string;
    readonly issues: readonly { readonly pointer: string; readonly expected: string }[];
  };
  "registry.duplicate-operation": Version;
  "registry.duplicate-route": Version & { readonly payloadType: string };
  "registry.route-invalid": Version & { readonly payloadType: string };
  "registry.frozen": { readonly attempted: "register" | "route" | "freeze" };
  "registry.empty": Record<never, never>;
  "registry.missing-dependency": {
    readonly missing: readonly { readonly operation: string; readonly wants: string }[];
  };
  "registry.unknown-operation": Version;
  "registry.incomplete": Completeness;
  "registry.input-invalid": { readonly issues: readonly { readonly pointer: string; readonly expected: string }[] };
  "registry.key-invalid": { readonly fault: string };
  "registry.revision-conflict": { readonly expected: number; readonly found: number };
  "registry.unknown-service": Service;
  "registry.service-exists": Service & { readonly registered: Digest; readonly given: Digest };
  "registry.service-state": Service & { readonly state: ServiceState; readonly attempted: string };
  "registry.signature-invalid": Service & {
    readonly keyId: string;
    readonly fault: "unknown-key" | "other-owner" | "wrong-signature";
  };
  "registry.trust-unproven": Service & { readonly claimed: number; readonly shown: number };
  "registry.not-vouched": Service & {
    readonly wanted: "active" | "promote" | "owner" | "signature";
    readonly by: string;
  };
  "registry.services-full": { readonly services: number; readonly servicesMax: number };
  "registry.history-broken": { readonly revision: number; readonly fault: string };
};
export type RegistryErrorCode = keyof RegistryErrorDetails;

/** Thrown when a registry cannot be what was asked. Match on `code`; messages may change in any release. */
export class RegistryError<Code extends RegistryErrorCode = RegistryErrorCode> extends Error {
  override readonly name = "RegistryError";
  readonly code: Code;
  readonly details: RegistryErrorDetails[Code];
  constructor(code: Code, message: string, details: RegistryErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyRegistryError = { [Code in RegistryErrorCode]: RegistryError<Code> }[RegistryErrorCode];

/** True for any copy of RegistryError; two installed versions share no class identity. */
export function isRegistryError(error: unknown): error is AnyRegistryError {
  return error instanceof Error && error.name === "RegistryError" && "code" in error;
}
