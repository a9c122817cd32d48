/**
 * A process that runs one phase of a cut and kills itself, with SIGKILL, at a marked statement: nothing is closed, nothing
 * is flushed. Its one argument is a file that says which phase, over what, and when.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import type { JsonObject, OperationContext } from "@canonic/contracts";
import type { PhaseName } from "../src/contracts/phase-contracts.ts";
import type { Connection } from "../src/database/connection.ts";
import { createLiveWorld } from "../src/live-world.ts";
import { PHASE_BODIES } from "../src/phases/phases.ts";
import { phaseContextOf, type World } from "../src/phases/world.ts";
import { LiveResources, parseResources } from "../src/resources.ts";

/** `at` counts statements inside the transaction from 1; "committed" is right after it, before anyone is told. */
export type Kill = {
  readonly phase: PhaseName;
  readonly input: JsonObject;
  readonly context: Pick<OperationContext, "idempotencyKey" | "fence" | "approval">;
  readonly resources: JsonObject;
  readonly at: number | "committed";
};

const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  throw new Error("unreachable");
};

const path = process.argv[2];
if (path === undefined) throw new Error("which phase is to be killed is not said");
const kill = JSON.parse(readFileSync(path, "utf8")) as Kill;
const world = createLiveWorld(parseResources(LiveResources, kill.resources));
const mortal: World = { ...world, open: (principal, use) => world.open(principal, (real) => use(killing(real))) };
await PHASE_BODIES[kill.phase](kill.input as never, phaseContextOf(kill.context as OperationContext), mortal);

function killing(real: Connection): Connection {
  let inside = 0;
  let isInside = false;
  return {
    principal: real.principal,
    close: () => real.close(),
    async rows(sql, values) {
      const found = await real.rows(sql, values);
      if (isInside && ++inside === kill.at) die();
      return found;
    },
    async transaction(body) {
      isInside = true;
      const result = await real.transaction(body);
      if (kill.at === "committed") die();
      return result;
    },
  };
}
