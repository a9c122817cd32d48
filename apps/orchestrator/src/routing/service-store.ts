/**
 * The registry of services in a folder, for one command: opened, used, closed.
 *
 * Whoever may write the folder keeps the registry: the local operator vouches for what he registers, and anybody else whom `--by` names
 * does not.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_USER } from "@canonic/planner";
import { createServiceRegistry, openServiceReader, type ServiceReader, type ServiceRegistry } from "@canonic/registry";
import { openSqliteServices, openSqliteServicesReader } from "@canonic/store-sqlite";
import { systemClock } from "../clock.ts";
import { OrchestratorError } from "../errors.ts";

/** True where a registry is, or was begun. */
export function hasServices(folder: string): boolean {
  return existsSync(join(folder, "services.sqlite")) || existsSync(join(folder, "services.begun"));
}

/** Opens a registry for changes, and makes it where there is none when `creates` says so. */
export async function withServices<T>(
  folder: string,
  creates: boolean,
  use: (registry: ServiceRegistry) => Promise<T>,
): Promise<T> {
  if (!creates) assertServices(folder);
  const storage = openSqliteServices({ directory: folder });
  const registry = createServiceRegistry({
    storage,
    clock: systemClock,
    trust: { owners: [], keepers: [LOCAL_USER] },
  });
  try {
    return await use(registry);
  } finally {
    await registry.close();
  }
}

/** Opens a registry for reading; others may be changing it. */
export async function withServicesReader<T>(folder: string, use: (reader: ServiceReader) => Promise<T>): Promise<T> {
  assertServices(folder);
  const reader = openServiceReader({ storage: openSqliteServicesReader({ directory: folder }) });
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
}

/** @throws {OrchestratorError} `orchestrator.catalogue-empty` where there is none. */
function assertServices(folder: string): void {
  if (hasServices(folder)) return;
  const message = `\`${folder}\` holds no registry of services; \`canonic services import\` makes one`;
  throw new OrchestratorError("orchestrator.catalogue-empty", message, { directory: folder });
}
