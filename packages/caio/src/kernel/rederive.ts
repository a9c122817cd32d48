/**
 * Makes a decision again from all that it was made from, and says where the record differs.
 *
 * @module
 */
import {
  type AuthorizationTable,
  assertJson,
  canonicalJson,
  cutText,
  type JsonValue,
  millisecondsOf,
  type RouteDecision,
  RouteDecision as RouteDecisionSchema,
  type RouteIdentity,
  type RouteRequest,
} from "@canonic/contracts";
import { isCaioError } from "../errors.ts";
import { decide } from "./decide.ts";
import { differencesOf } from "./differences.ts";
import type { PreparedWorld } from "./prepared-world.ts";

/** How many differences are listed. */
export const DIFFERENCES_MAX = 64;
/** How much of what was computed again is told. */
const EXPECTED_MAX = 128;

/** Why a record does not hold; `pointer` is the place in the record, or in the input that could not be decided. */
export interface RederivationReason {
  readonly code: "caio.decision-malformed" | "caio.decision-undecidable" | "caio.decision-differs";
  readonly pointer: string;
  readonly expected: string;
}

/**
 * Decides again and compares every field of the record: request and world by their digests, clauses, counts, choice, terms and
 * root. Any content may come in; none throws by what it is.
 *
 * @returns No reason when the record is exactly what the inputs give; else the reasons, those of the record in document order.
 * @throws {CaioError} `caio.budget-spent` alone, where the world or its rules were opened within a budget.
 */
export function rederive(
  decision: unknown,
  request: unknown,
  identity: unknown,
  authorization: unknown,
  world: PreparedWorld,
): readonly RederivationReason[] {
  const recorded = readRecord(decision);
  if (recorded === undefined) return [{ code: "caio.decision-malformed", pointer: "", expected: "a route-decision" }];
  const at = millisecondsOf(recorded.at);
  if (at === undefined) return [{ code: "caio.decision-malformed", pointer: "/at", expected: "a moment since 1970" }];
  try {
    const again = decide(world, {
      request: request as RouteRequest,
      identity: identity as RouteIdentity | null,
      authorization: authorization as AuthorizationTable | null,
      at,
    });
    return differencesOf(again.record() as unknown as JsonValue, recorded as unknown as JsonValue, DIFFERENCES_MAX).map(
      ({ pointer, before }) => ({
        code: "caio.decision-differs",
        pointer,
        expected: before === undefined ? "no such field" : cutText(canonicalJson(before), EXPECTED_MAX),
      }),
    );
  } catch (error) {
    if (!isCaioError(error)) throw error;
    if (error.code !== "caio.request-invalid" && error.code !== "caio.world-invalid") throw error;
    const part = error.code === "caio.world-invalid" ? `/${error.details.part}` : "";
    return error.details.issues.map(({ pointer, expected }) => ({
      code: "caio.decision-undecidable",
      pointer: `${part}${pointer}`,
      expected,
    }));
  }
}

function readRecord(decision: unknown): RouteDecision | undefined {
  const parsed = RouteDecisionSchema.safeParse(decision).data;
  if (parsed === undefined) return undefined;
  try {
    assertJson(parsed);
    return parsed;
  } catch {
    return undefined;
  }
}
