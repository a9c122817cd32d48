/**
 * Reads a question: whether request, identity and authorization are what their schemas say, and fit the world.
 *
 * @module
 */
import {
  AuthorizationTable,
  ascendingIssues,
  assertJson,
  byCodeUnit,
  byServiceAndVersion,
  type Digest,
  digestJson,
  isContractsError,
  MOMENT_MAX,
  RouteIdentity,
  RouteRequest,
  type SchemaIssue,
  shapeIssues,
  type Timestamp,
  timestampOf,
} from "@canonic/contracts";
import type { z } from "zod";
import { CaioError } from "../errors.ts";
import type { Answers } from "./bits.ts";
import type { PreparedWorld } from "./prepared-world.ts";
import type { RouteQuestion } from "./world.ts";
import { ISSUES_MAX, read, refuse } from "./world-check.ts";

/** An authorization table of this snapshot, with its answers. */
export interface OpenedTable {
  readonly table: AuthorizationTable;
  readonly digest: Digest;
  readonly answers: Answers;
}

/** A question that can be decided: copies, which nobody else has. */
export interface OpenedQuestion {
  readonly request: RouteRequest;
  readonly identity: RouteIdentity | null;
  readonly authorization: OpenedTable | null;
  readonly at: Timestamp;
}

/**
 * Reads a question.
 *
 * @throws {CaioError} `caio.request-invalid` when request, identity or moment are not valid, `caio.world-invalid` when the
 *   authorization table is not, or was made for another identity, data class or snapshot.
 */
export function openQuestion(world: PreparedWorld, question: RouteQuestion): OpenedQuestion {
  const request = readQuestion(RouteRequest, question.request, "/request");
  const identity = question.identity === null ? null : readQuestion(RouteIdentity, question.identity, "/identity");
  const issues = [
    ...ascendingIssues("/request/capabilities", request.capabilities, byCodeUnit),
    ...ascendingIssues("/identity/permissions", identity?.permissions ?? [], byCodeUnit),
  ];
  if (!Number.isSafeInteger(question.at) || question.at < 0 || question.at > MOMENT_MAX) {
    issues.push({ pointer: "/at", expected: `milliseconds from 0 to ${MOMENT_MAX}` });
  }
  if (issues.length > 0) throw invalid(issues);
  return {
    request,
    identity,
    authorization: question.authorization === null ? null : openTable(world, question.authorization, request, identity),
    at: timestampOf(question.at),
  };
}

function readQuestion<Type extends z.ZodType>(schema: Type, value: unknown, at: string): z.infer<Type> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(shapeIssues(parsed.error, at));
  try {
    assertJson(parsed.data);
  } catch (error) {
    if (!isContractsError(error)) throw error;
    throw invalid([{ pointer: at, expected: "a value that has a canonical form" }]);
  }
  return parsed.data;
}

/** A table that is frozen in depth is read once: nobody can change it after. */
function openTable(
  world: PreparedWorld,
  given: AuthorizationTable,
  request: RouteRequest,
  identity: RouteIdentity | null,
): OpenedTable {
  const opened = world.columns.tables.get(given) ?? readTable(world, given);
  const { table } = opened;
  const fits: SchemaIssue[] = [];
  if (table.snapshot !== world.digests.snapshot) fits.push({ pointer: "/snapshot", expected: world.digests.snapshot });
  if (table.dataClass !== request.dataClass) fits.push({ pointer: "/dataClass", expected: request.dataClass });
  const digest = identity === null ? null : digestJson(identity);
  if (table.identity !== digest) fits.push({ pointer: "/identity", expected: digest ?? "null" });
  refuse("authorization", fits);
  if (isFrozenDeep(given)) world.columns.tables.set(given, opened);
  return opened;
}

function readTable(world: PreparedWorld, given: AuthorizationTable): OpenedTable {
  const table = read("authorization", AuthorizationTable, given);
  refuse("authorization", ascendingIssues("/refused", table.refused, byServiceAndVersion));
  return { table, digest: digestJson(table), answers: world.columns.security.policy(table) };
}

function isFrozenDeep(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenDeep);
}

function invalid(issues: readonly SchemaIssue[]): CaioError<"caio.request-invalid"> {
  return new CaioError("caio.request-invalid", "the question is not valid", { issues: issues.slice(0, ISSUES_MAX) });
}
