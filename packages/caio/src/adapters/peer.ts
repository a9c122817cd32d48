/**
 * Libraries that a user installs only for the services that need them.
 *
 * @module
 */
import { adapterMissing } from "../execute/call-failed.ts";

/** @throws {CaioError} `caio.adapter-missing` with the package to install, where it is not there. */
export async function peer<Module>(kind: string, name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") throw adapterMissing(kind, name);
    throw error;
  }
}
