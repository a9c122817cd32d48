/**
 * A contract in the making: reads fields of a foreign entry and remembers which ones, so that none is lost silently.
 *
 * Invariants:
 *   D1. Every value of the entry stands under exactly one pointer that is mapped or unmapped in the end.
 *   D2. What the contract says and the entry does not is in `assumed`.
 *
 * @module
 */
import {
  byCodeUnit,
  type ServiceContract as Contract,
  type JsonObject,
  type JsonValue,
  pointerStep,
  type Reason,
  ServiceContract,
} from "@canonic/contracts";
import type { ImportedEntry, QuarantinedEntry } from "./report.ts";

/** What a drafted contract says unless its importer says otherwise: nothing known, nothing promised. */
export type DraftContract = { -readonly [Key in keyof Contract]: Contract[Key] };

export type FinishedDraft = {
  readonly contract: Contract | null;
  readonly entry: ImportedEntry;
  readonly quarantined: QuarantinedEntry | null;
};

export class Draft {
  readonly place: string;
  readonly contract: DraftContract;
  readonly reasons: Reason[] = [];
  readonly #entry: JsonObject;
  readonly #mapped = new Set<string>();
  /** Ancestors of what is mapped: there the fields are told one by one. */
  readonly #opened = new Set<string>();
  readonly #assumed = new Set<string>();

  constructor(place: string, entry: JsonObject, service: string, name: string) {
    this.place = place;
    this.#entry = entry;
    this.contract = blankContract(service, name);
  }

  /** The fields of the entry, in its order. */
  get fields(): readonly string[] {
    return Object.keys(this.#entry);
  }

  /** Reads what stands under a path of keys and counts it, with all that is in it, as mapped; undefined where nothing stands. */
  take(...path: readonly string[]): JsonValue | undefined {
    const value = this.peek(...path);
    if (value === undefined) return undefined;
    let pointer = "";
    for (const step of path) {
      if (pointer !== "") this.#opened.add(pointer);
      pointer += `/${pointerStep(step)}`;
    }
    this.#mapped.add(pointer);
    return value;
  }

  /** Reads without counting. */
  peek(...path: readonly string[]): JsonValue | undefined {
    let value: JsonValue | undefined = this.#entry;
    for (const step of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
      value = (value as JsonObject)[step];
    }
    return value;
  }

  /** A whole number of a field, or null where it is absent; anything else is a reason for quarantine. */
  count(...path: readonly string[]): number | null {
    const value = this.take(...path);
    if (value === undefined || value === null) return null;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    this.refuse("not-a-count", path.join("/"), "a whole number from 0");
    return null;
  }

  assume(pointer: string): void {
    this.#assumed.add(pointer);
  }

  refuse(code: string, field: string, expected: string): void {
    this.reasons.push({
      code: `caio.${code}`,
      place: `${this.place}/${field}`.slice(0, 512),
      message: `expected ${expected}`.slice(0, 256),
    });
  }

  /** The contract, or what keeps it out; and what became of every field. */
  finish(): FinishedDraft {
    this.contract.assumed = [...this.#assumed].sort(byCodeUnit);
    const parsed = ServiceContract.safeParse(this.contract);
    // A contract that lacks what was refused is invalid for that reason alone.
    for (const { path, message } of this.reasons.length > 0 ? [] : (parsed.error?.issues ?? [])) {
      this.reasons.push({
        code: "caio.contract-invalid",
        place: `${this.place}/${path.join("/")}`.slice(0, 512),
        message: message.slice(0, 256),
      });
    }
    const mapped: string[] = [];
    const unmapped: string[] = [];
    this.#sort(this.#entry, "", mapped, unmapped);
    const service = this.contract.service;
    return {
      contract: this.reasons.length === 0 && parsed.success ? parsed.data : null,
      entry: {
        place: this.place,
        service,
        mapped: mapped.sort(byCodeUnit),
        unmapped: unmapped.sort(byCodeUnit),
        assumed: this.contract.assumed,
      },
      quarantined: this.reasons.length === 0 ? null : { place: this.place, service, reasons: [...this.reasons] },
    };
  }

  #sort(value: JsonObject, at: string, mapped: string[], unmapped: string[]): void {
    for (const [key, child] of Object.entries(value)) {
      const pointer = `${at}/${pointerStep(key)}`;
      if (this.#mapped.has(pointer)) mapped.push(pointer);
      else if (this.#opened.has(pointer)) this.#sort(child as JsonObject, pointer, mapped, unmapped);
      else unmapped.push(pointer);
    }
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
