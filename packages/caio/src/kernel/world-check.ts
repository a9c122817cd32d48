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
  ascendingIssues,
  assertJson,
  byCodeUnit,
  byServiceAndVersion,
  DataClass,
  isContractsError,
  Locality,
  ObservationSnapshot,
  PrivacyProfile,
  RuleSet,
  type SchemaIssue,
  ScoreProfile,
  ServiceSnapshot,
  serviceOrderIssues,
  shapeIssues,
} from "@canonic/contracts";
import type { z } from "zod";
import { CaioError } from "../errors.ts";
import type { RouteWorld } from "./world.ts";

/** How many issues an error lists. */
export const ISSUES_MAX = 64;

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
    ascendingIssues("/rules", checked.rules.rules, ({ id: a }, { id: b }) => byCodeUnit(a, b)),
  );
  refuse("observations", ascendingIssues("/services", checked.observations?.services ?? [], byServiceAndVersion));
  refuse("privacyProfile", privacyIssues(checked.privacyProfile));
  return checked;
}

/** @throws {CaioError} `caio.world-invalid` when there are issues. */
export function refuse(part: Part, issues: readonly SchemaIssue[]): void {
  if (issues.length === 0) return;
  throw new CaioError("caio.world-invalid", `\`${part}\` of the world is not valid`, {
    part,
    issues: issues.slice(0, ISSUES_MAX),
  });
}

/** @throws {CaioError} `caio.world-invalid` */
export function read<Type extends z.ZodType>(part: Part, schema: Type, value: unknown): z.infer<Type> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) refuse(part, shapeIssues(parsed.error));
  try {
    assertJson(parsed.data);
  } catch (error) {
    if (!isContractsError(error)) throw error;
    refuse(part, [{ pointer: "", expected: "a value that has a canonical form" }]);
  }
  return parsed.data as z.infer<Type>;
}

function snapshotIssues({ services }: ServiceSnapshot): SchemaIssue[] {
  const contracts = services.map(({ contract }) => contract);
  return [
    ...ascendingIssues("/services", contracts, byServiceAndVersion),
    ...contracts.flatMap((contract, index) => serviceOrderIssues(contract, `/services/${index}/contract`)),
  ];
}

function privacyIssues({ demands }: PrivacyProfile): SchemaIssue[] {
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
