/**
 * The router, loaded when something was routed: a command that routes nothing does not pay for its start.
 *
 * @module
 */
import type { PlannedWorlds } from "@canonic/caio/planned";
import type { Plan } from "@canonic/contracts";

/** True for a plan of which a task names a capability. */
export function isRouted({ tasks }: Plan): boolean {
  return tasks.some(({ route }) => route !== undefined);
}

export async function openPlannedWorlds(): Promise<PlannedWorlds> {
  const caio = await import("@canonic/caio/planned");
  return new caio.PlannedWorlds();
}

/** For a verifier: the worlds may be a stranger's, so deciding in them has a budget, one for each run. */
export async function openRecordedWorlds(): Promise<PlannedWorlds> {
  const caio = await import("@canonic/caio/planned");
  return new caio.PlannedWorlds(caio.openBudget());
}
