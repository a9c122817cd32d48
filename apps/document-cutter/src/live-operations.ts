/**
 * The operations module of live runs: real databases. It imports nothing of the simulator.
 *
 * @module
 */
import type { JsonObject, Operation } from "@canonic/contracts";
import { contractOf, phaseNames } from "./contracts/contracts.ts";
import { createLiveWorld } from "./live-world.ts";
import { PHASE_BODIES } from "./phases/phases.ts";
import { phaseContextOf } from "./phases/world.ts";
import { LiveResources, parseResources } from "./resources.ts";

/**
 * The live operations over what `resources` name.
 *
 * @throws {DocumentCutterError} `document-cutter.resources-invalid`.
 */
export function connect(resources: JsonObject): readonly Operation[] {
  const world = createLiveWorld(parseResources(LiveResources, resources));
  return phaseNames("live").map((phase) => ({
    contract: contractOf(phase, "live"),
    run: async (input, context) =>
      (await PHASE_BODIES[phase](input as never, phaseContextOf(context), world)) as JsonObject,
  }));
}
