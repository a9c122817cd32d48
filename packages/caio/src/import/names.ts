/**
 * Foreign names as names of ours.
 *
 * @module
 */
import { CapabilityName, type JsonObject, type JsonValue, ServiceId } from "@canonic/contracts";

/** A service id of some text: what no id may hold becomes `-`. Null where nothing is left. */
export function serviceIdOf(text: string): ServiceId | null {
  const id = text
    .replace(/[^A-Za-z0-9._:@/+-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 191);
  const parsed = ServiceId.safeParse(id);
  return parsed.success ? parsed.data : null;
}

/** A capability under a prefix, such as `tool.search_web`; null for a name that leaves nothing. */
export function capabilityOf(prefix: string, name: string): string | null {
  const word = name
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100);
  const parsed = CapabilityName.safeParse(`${prefix}.${word}`);
  return parsed.success ? parsed.data : null;
}

export function objectOf(value: JsonValue | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: JsonValue | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
