/**
 * What a file of our own form says of the standing of its services, beside their contracts.
 *
 * Invariants:
 *   S1. What stands in a snapshot, or beside a state, is never taken for active: its entry says its state, whole and by the schema, or
 *       the service is kept out with what is wrong.
 *   S2. A bare contract, alone or in a list, has no standing.
 *
 * @module
 */
import type { QuarantinedEntry } from "@canonic/caio";
import { type JsonObject, type JsonValue, type Reason, ServiceContract, ServiceEntry } from "@canonic/contracts";

export type Standing =
  | { readonly kind: "stated"; readonly state: ServiceEntry["state"]; readonly health: ServiceEntry["health"] }
  | { readonly kind: "unread"; readonly entry: QuarantinedEntry };

/**
 * The standings that a file states, by {@link keyOf}.
 *
 * @param value - What the importer of our own form read: a contract, a list, or a snapshot.
 * @param name - How reasons call the file.
 */
export function standingsIn(value: JsonValue, name: string): Map<string, Standing> {
  const standings = new Map<string, Standing>();
  const isList = Array.isArray(value);
  if (!isList && /^canonic\/service-contract\//.test(String(objectOf(value)["schema"] ?? ""))) return standings;
  const services = isList ? value : objectOf(value)["services"];
  for (const [index, entry] of (Array.isArray(services) ? services : []).entries()) {
    const inner = objectOf(entry)["contract"];
    if (isList && inner === undefined) continue;
    const contract = ServiceContract.safeParse(inner ?? entry).data;
    // What is no contract was kept out by the importer.
    if (contract === undefined) continue;
    const parsed = ServiceEntry.safeParse(entry);
    const place = `${name}#/${index}`;
    standings.set(
      keyOf(contract),
      parsed.success
        ? { kind: "stated", state: parsed.data.state, health: parsed.data.health }
        : {
            kind: "unread",
            entry: {
              place,
              service: contract.service,
              reasons: parsed.error.issues.map((issue) => reasonOf(issue, place)),
            },
          },
    );
  }
  return standings;
}

/** A service and its version as one text; a version has no `@`. */
export function keyOf({ service, version }: Pick<ServiceContract, "service" | "version">): string {
  return `${service}@${version}`;
}

function reasonOf(
  { path, message }: { readonly path: readonly PropertyKey[]; readonly message: string },
  at: string,
): Reason {
  const place = `${at}/${path.map(String).join("/")}`.slice(0, 512);
  return { code: "route.standing-unread", place, message: message.slice(0, 256) };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
