/**
 * Routing requests as files.
 *
 * @module
 */
import { RequestInput, toRouteRequest } from "@canonic/caio/request";
import type { RouteRequest } from "@canonic/contracts";
import { readRequestDocument } from "../request/document.ts";
import { requestInvalid, shapeFaults } from "../request/shape-faults.ts";

/**
 * Reads a request: YAML 1.2 or JSON.
 *
 * @param name - How faults call the file.
 * @throws {OrchestratorError} `orchestrator.request-invalid` with every fault and its place.
 */
export function readRouteRequest(bytes: Uint8Array, name: string): RouteRequest {
  const document = readRequestDocument(bytes);
  const parsed = document.value === undefined ? undefined : RequestInput.safeParse(document.value);
  const faults = [...document.faults];
  if (parsed !== undefined && !parsed.success) faults.push(...shapeFaults(parsed.error, document));
  if (faults.length > 0 || parsed?.success !== true) throw requestInvalid(name, "a route", faults);
  return toRouteRequest(parsed.data);
}
