/**
 * The services that a question is asked of, as one snapshot.
 *
 * A folder with a registry is that registry, whatever else lies in it; else it is its catalogue files.
 *
 * @module
 */
import type { ImportReport, QuarantinedEntry } from "@canonic/caio";
import { type ServiceSnapshot, sortServices } from "@canonic/contracts";
import { readCatalogueFolder } from "./catalogue-folder.ts";
import { hasServices, withServicesReader } from "./service-store.ts";

export type Catalogue = {
  readonly snapshot: ServiceSnapshot;
  readonly files: number;
  readonly quarantined: readonly QuarantinedEntry[];
  readonly reports: readonly ImportReport[];
};

/**
 * Opens a catalogue.
 *
 * @throws {OrchestratorError} `orchestrator.catalogue-empty`, `orchestrator.file-unreadable`; {@link CaioError} `caio.catalogue-invalid`.
 */
export async function openCatalogue(folder: string): Promise<Catalogue> {
  if (hasServices(folder)) {
    const { snapshot } = await withServicesReader(folder, (reader) => reader.snapshot());
    return { snapshot, files: 0, quarantined: [], reports: [] };
  }
  const { admitted, files, quarantined, reports } = readCatalogueFolder(folder);
  const snapshot: ServiceSnapshot = {
    schema: "canonic/service-snapshot/v1",
    revision: 0,
    services: sortServices(admitted),
  };
  return { snapshot, files: files.length, quarantined, reports };
}
