/**
 * A contract in the making: reads fields of a foreign entry and remembers which ones, so that none is lost silently.
 *
 * Invariants:
 *   D1. Every top-level field of the entry is mapped or unmapped in the end, none is both.
 *   D2. What the contract says and the entry does not is in `assumed`.
 *
 * @module
 */
import {
  byCodeUnit,
  type ServiceContract as Contract,
  type JsonObject,
  type JsonValue,
  type Reason,
  ServiceContract,
} from "@canonic/contracts";
import type { ImportedEntry, QuarantinedEntry } from "./report.ts";

/** What a drafted contract says unless its importer says otherwise: nothing known, nothing promised. */
export type DraftContract = { -readonly [Key in keyof Contract]: Contract[Key] };

export class Draft {
  readonly place: string;
  readonly contract: DraftContract;
  readonly reasons: Reason[] = [];
  readonly #entry: JsonObject;
  readonly #mapped = new Set<string>();
  readonly #assumed = new Set<string>();

  constructor(place: string, entry: JsonObject, service: string, name: string) {
    this.place = place;
    this.#entry = entry;
    this.contract = blankContract(service, name);
  }

  /** Reads a field and counts it as mapped, also when it is not there. */
  take(field: string): JsonValue | undefined {
    const value = Object.hasOwn(this.#entry, field) ? this.#entry[field] : undefined;
    if (value !== undefined) this.#mapped.add(field);
    return value;
  }

  /** A whole number of a field, or null where it is absent; anything else is a reason for quarantine. */
  count(field: string): number | null {
    const value = this.take(field);
    if (value === undefined || value === null) return null;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    this.refuse("not-a-count", field, "a whole number from 0");
    return null;
  }

  assume(pointer: string): void {
    this.#assumed.add(pointer);
  }

  refuse(code: string, field: string, expected: string): void {
    this.reasons.push({
      code: `caio.${code}`,
      place: `${this.place}/${field}`.slice(0, 512),
      message: `expected ${expected}`,
    });
  }

  /** The contract, or what keeps it out; and what became of every field. */
  finish(): {
    readonly contract: Contract | null;
    readonly entry: ImportedEntry;
    readonly quarantined: QuarantinedEntry | null;
  } {
    this.contract.assumed = [...this.#assumed].sort(byCodeUnit);
    const parsed = ServiceContract.safeParse(this.contract);
    for (const { path, message } of parsed.error?.issues ?? []) {
      this.reasons.push({
        code: "caio.contract-invalid",
        place: `${this.place}/${path.join("/")}`.slice(0, 512),
        message: message.slice(0, 256),
      });
    }
    const fields = Object.keys(this.#entry).sort(byCodeUnit);
    const service = this.contract.service;
    return {
      contract: this.reasons.length === 0 && parsed.success ? parsed.data : null,
      entry: {
        place: this.place,
        service,
        mapped: fields.filter((field) => this.#mapped.has(field)),
        unmapped: fields.filter((field) => !this.#mapped.has(field)),
        assumed: this.contract.assumed,
      },
      quarantined: this.reasons.length === 0 ? null : { place: this.place, service, reasons: [...this.reasons] },
    };
  }
}

function blankContract(service: string, name: string): DraftContract {
  return {
    schema: "canonic/service-contract/v1",
    service: service as Contract["service"],
    version: "1.0.0",
    name: name.slice(0, 256),
    description: "",
    capabilities: [],
    guarantees: [],
    constraints: { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null },
    cost: null,
    privacy: {
      locality: null,
      regions: [],
      retentionDays: null,
      encryptedInTransit: null,
      encryptedAtRest: null,
      trainsOnData: null,
    },
    security: { permission: null, trustRequired: 0, trust: 0 },
    traits: {},
    api: { kind: "none" },
    input: null,
    output: null,
    determinism: "recorded",
    effect: "read",
    invariants: [],
    owner: null,
    source: null,
    assumed: [],
    signature: null,
  };
}
