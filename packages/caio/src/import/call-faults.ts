/**
 * What keeps a service from being called, or from being called safely, as far as its contract shows.
 *
 * @module
 */
import type { Reason, ServiceApi, ServiceContract } from "@canonic/contracts";
import { isCaioError } from "../errors.ts";
import { compileInvariants } from "../execute/invariants.ts";

/** An address with a credential in it, which every decision file and plan would carry on; an invariant that is no expression. */
export function callFaultsOf(contract: ServiceContract): Reason[] {
  const reasons: Reason[] = [];
  const url = urlOf(contract.api);
  if (url !== null && /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(url)) {
    reasons.push({
      code: "caio.credential-in-address",
      place: "/api",
      message: "expected an address without user or password",
    });
  }
  if (contract.invariants.length === 0) return reasons;
  try {
    compileInvariants(contract);
  } catch (error) {
    if (!isCaioError(error)) throw error;
    reasons.push({ code: error.code, place: "/invariants", message: "expected expressions over `input` and `output`" });
  }
  return reasons;
}

function urlOf(api: ServiceApi): string | null {
  if (api.kind === "http" || api.kind === "a2a") return api.url;
  if (api.kind === "openai") return api.baseUrl;
  return api.kind === "mcp" && api.transport.kind === "http" ? api.transport.url : null;
}
