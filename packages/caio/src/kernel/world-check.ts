/**
 * Whether the parts of a world are what their schemas and orders say.
 *
 * Invariants:
 *   W1. What is accepted has one order: services and observations by id, then version; rules by id; inside a contract
 *       capabilities, prices, guarantees and assumptions; each once.
 *   W2. A privacy profile asks of each data class at least what it asks of the one before it.
 *
 * @module
 */
import {
  assertJson,
  byCodeUnit,
  byVersion,
  DataClass,
  isContractsError,
  Locality,
  ObservationSnapshot,
  PrivacyProfile,
  RuleSet,
  ScoreProfile,
  type ServiceContract,
  ServiceSnapshot,
} from "@canonic/contracts";
import type { z } from "zod";
import { CaioError } from "../errors.ts";
import type { RouteWorld } from "./world.ts";

/** How many issues an error lists. */
export const ISSUES_MAX = 64;

export interface Issue {
  readonly pointer: string;
  readonly expected: string;
}

type Part = keyof RouteWorld | "authorization";

/**
 * The world with every part read by its schema.
 *
 * @throws {CaioError} `caio.world-invalid` with the first part that is not valid, and where it is not.
 */
export function checkedWorld(world: RouteWorld): RouteWorld {
  const observations = world.observations;
  const checked: RouteWorld = {
    snapshot: read("snapshot", ServiceSnapshot, world.snapshot),
    rules: read("rules", RuleSet, world.rules),
    observations: observations === null ? null : read("observations", ObservationSnapshot, observations),
    scoreProfile: read("scoreProfile", ScoreProfile, world.scoreProfile),
    privacyProfile: read("privacyProfile", PrivacyProfile, world.privacyProfile),
  };
  refuse("snapshot", snapshotIssues(checked.snapshot));
  refuse(
    "rules",
    orderIssues("/rules", checked.rules.rules, ({ id: a }, { id: b }) => byCodeUnit(a, b)),
  );
  refuse("observations", orderIssues("/services", checked.observations?.services ?? [], byServiceAndVersion));
  refuse("privacyProfile", privacyIssues(checked.privacyProfile));
  return checked;
}

/** @throws {CaioError} `caio.world-invalid` when there are issues. */
export function refuse(part: Part, issues: readonly Issue[]): void {
  if (issues.length === 0) return;
  throw new CaioError("caio.world-invalid", `\`${part}\` of the world is not valid`, {
    part,
    issues: issues.slice(0, ISSUES_MAX),
  });
}

/** Issues of a schema as pointers. */
export function issuesOf(error: z.ZodError, prefix = ""): Issue[] {
  return error.issues.map(({ path, message }) => ({
    pointer: prefix + path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    expected: message,
  }));
}

/** Where a list is not strictly ascending. */
export function orderIssues<Item>(
  pointer: string,
  items: readonly Item[],
  order: (a: Item, b: Item) => number,
): Issue[] {
  return items.flatMap((item, index) =>
    index > 0 && order(items[index - 1] as Item, item) >= 0
      ? [{ pointer: `${pointer}/${index}`, expected: "after the one before it, each once" }]
      : [],
  );
}

/** @throws {CaioError} `caio.world-invalid` */
export function read<Type extends z.ZodType>(part: Part, schema: Type, value: unknown): z.infer<Type> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) refuse(part, issuesOf(parsed.error));
  try {
    assertJson(parsed.data);
  } catch (error) {
    if (!isContractsError(error)) throw error;
    refuse(part, [{ pointer: "", expected: "a value that has a canonical form" }]);
  }
  return parsed.data as z.infer<Type>;
}

type Named = { readonly service: string; readonly version: string };

export function byServiceAndVersion(a: Named, b: Named): number {
  return byCodeUnit(a.service, b.service) || byVersion(a.version, b.version);
}

function snapshotIssues({ services }: ServiceSnapshot): Issue[] {
  const contracts = services.map(({ contract }) => contract);
  return [
    ...orderIssues("/services", contracts, byServiceAndVersion),
    ...contracts.flatMap((contract, index) => contractIssues(contract, `/services/${index}/contract`)),
  ];
}

function contractIssues({ capabilities, cost, guarantees, assumed }: ServiceContract, at: string): Issue[] {
  return [
    ...orderIssues(`${at}/capabilities`, capabilities, byCodeUnit),
    ...orderIssues(`${at}/cost/prices`, cost?.prices ?? [], (a, b) => byCodeUnit(a.unit, b.unit)),
    ...orderIssues(
      `${at}/guarantees`,
      guarantees,
      (a, b) => byCodeUnit(a.property, b.property) || byCodeUnit(a.bound, b.bound),
    ),
    ...orderIssues(`${at}/assumed`, assumed, byCodeUnit),
  ];
}

function privacyIssues({ demands }: PrivacyProfile): Issue[] {
  return demands.flatMap((demand, index) => {
    const at = `/demands/${index}`;
    if (demand.dataClass !== DataClass.options[index]) {
      return [{ pointer: `${at}/dataClass`, expected: `${DataClass.options[index]}` }];
    }
    const before = demands[index - 1];
    if (before === undefined) return [];
    const far = (max: Locality | null) => (max === null ? Locality.options.length : Locality.options.indexOf(max));
    const isStricter =
      far(demand.localityMax) <= far(before.localityMax) &&
      (demand.retentionDaysMax ?? Infinity) <= (before.retentionDaysMax ?? Infinity) &&
      (demand.encryptedInTransit || !before.encryptedInTransit) &&
      (demand.encryptedAtRest || !before.encryptedAtRest) &&
      (!demand.mayTrain || before.mayTrain);
    return isStricter ? [] : [{ pointer: at, expected: "at least what the data class before it asks" }];
  });
}
