/**
 * Authority's storage as one process sees it: each method is one transaction on the memory that survives, done at once or in
 * a step of its own, as the seed says.
 *
 * @module
 */
import type { AuthorityStorage } from "@canonic/authority";
import { ProcessDied } from "./log.ts";
import type { Process } from "./scheduler.ts";
import type { World } from "./world.ts";

/** The methods that an authority uses while a run goes on. */
const METHODS = [
  "register",
  "token",
  "tokens",
  "revoke",
  "endOf",
  "standing",
  "markFirstUsed",
  "markExpired",
  "reserve",
  "commit",
  "consumeApproval",
  "mode",
  "setMode",
  "acquireLock",
  "renewLock",
  "releaseLock",
  "outbox",
  "close",
] as const satisfies readonly (keyof AuthorityStorage)[];

/** `answersLater` puts a scheduled step, and so a place for a crash, behind every method. */
export function simulatedStorage(world: World, process: Process, answersLater: boolean): AuthorityStorage {
  const through =
    (method: (typeof METHODS)[number]) =>
    (...given: unknown[]): unknown => {
      if (process.state === "dead") throw new ProcessDied();
      const act = (): unknown => (world.storage[method] as (...given: unknown[]) => unknown)(...given);
      return answersLater ? world.scheduler.later(process, `storage.${method}`, "", act) : act();
    };
  return Object.fromEntries(METHODS.map((method) => [method, through(method)])) as unknown as AuthorityStorage;
}
