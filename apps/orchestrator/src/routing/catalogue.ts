/**
 * The services that a question is asked of, as one snapshot.
 *
 * A folder with a registry is that registry, whatever else lies in it. Services of plain files are active and of unknown health, for nobody keeps a registry of them; those of a snapshot file are in the
 * state that it says.
 *
 * @module
 */
import { join } from "node:path";
import type { ImportReport, QuarantinedEntry } from "@canonic/caio";
import { ServiceEntry, ServiceSnapshot, sortServices } from "@canonic/contracts";
import { z } from "zod";
import { readNamedFile } from "../files.ts";
import { readCatalogueFolder } from "./catalogue-folder.ts";
import { hasServices, withServicesReader } from "./service-store.ts";

export type Catalogue = {
  readonly snapshot: ServiceSnapshot;
  readonly files: number;
  readonly quarantined: readonly QuarantinedEntry[];
  readonly reports: readonly ImportReport[];
};

const SNAPSHOT = '"canonic/service-snapshot/v1"';
const SnapshotFile = z.object({ services: z.array(z.unknown()) });

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
  const kept = new Map(files.flatMap((path) => entriesIn(join(folder, path))).map((entry) => [keyOf(entry), entry]));
  const services = admitted.map((contract): ServiceEntry => {
    const entry = kept.get(keyOf({ contract }));
    return { contract, state: entry?.state ?? "active", health: entry?.health ?? null };
  });
  const snapshot: ServiceSnapshot = {
    schema: "canonic/service-snapshot/v1",
    revision: 0,
    services: sortServices(services),
  };
  return { snapshot, files: files.length, quarantined, reports };
}

/** The entries of a snapshot file; none of any other. What is no entry was quarantined with its contract, or has no state. */
function entriesIn(file: string): ServiceEntry[] {
  const text = Buffer.from(readNamedFile(file)).toString("utf8");
  if (!text.includes(SNAPSHOT) || !file.endsWith(".json")) return [];
  const whole = ServiceSnapshot.safeParse(JSON.parse(text)).data;
  if (whole !== undefined) return whole.services;
  const loose = SnapshotFile.safeParse(JSON.parse(text)).data;
  return (loose?.services ?? []).flatMap((entry) => ServiceEntry.safeParse(entry).data ?? []);
}

function keyOf({ contract }: Pick<ServiceEntry, "contract">): string {
  return `${contract.service}@${contract.version}`;
}
