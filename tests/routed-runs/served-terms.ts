/**
 * The operation that a service is executed by in these tests: `served.NAME` for a service `SOMEBODY/NAME`.
 *
 * @module
 */
import type { ServiceOperationTerms } from "@canonic/caio/adapters";
import type { ServiceContract } from "@canonic/contracts";

export function termsOf({ service, effect }: ServiceContract): ServiceOperationTerms {
  return {
    operation: `served.${service.split("/")[1]}`,
    mode: effect === "write" ? "live" : "dryrun",
    deadlineMs: 20_000,
    capabilities: ["access-secret"],
  };
}
