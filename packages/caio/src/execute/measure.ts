/**
 * What a result is held to: every promise of the contract and every demand of the request that one result can show.
 *
 * Invariants:
 *   M1. What was promised and is not seen to hold is `violated` where one result can show it (schema, hard bounds, invariants),
 *       and `unknown` where it cannot (percentiles, shares, what the service does not report).
 *   M2. Nothing of the output is repeated: only counts, numbers that were measured, and texts of the contract.
 *
 * @module
 */
import {
  compileSchema,
  cutText,
  type ExecutionReceipt,
  type Guarantee,
  type JsonValue,
  type RequiredGuarantee,
  type RouteRequest,
  type ServiceContract,
} from "@canonic/contracts";
import { partOf } from "../kernel/exact.ts";
import { costOf, quantityOf } from "./cost.ts";
import type { CompiledInvariants } from "./invariants.ts";

export type Measured = ExecutionReceipt["guarantees"][number];
type Verdict = Measured["verdict"];

const GUARANTEES_MAX = 256;
const TEXT_MAX = 512;
const PERCENTILES = new Set(["latency-p50", "latency-p95", "latency-p99"]);

/** One answer and how it came. `outputTokensMax` is the cap that was asked for, null where none was. */
export interface Measurement {
  readonly input: JsonValue;
  readonly output: JsonValue;
  readonly latencyUs: number;
  readonly quantities: Readonly<Record<string, number>>;
  readonly usage: "consistent" | "inconsistent" | "none";
  readonly outputTokensMax: number | null;
  /** Whether an equal output came before; null where there is nothing to compare with. */
  readonly isRepeated: boolean | null;
}

/** All that one answer can be held to, in this order: schema, usage, limits, budget, promises, demands, determinism, invariants. */
export function measure(
  contract: ServiceContract,
  request: RouteRequest,
  invariants: CompiledInvariants,
  one: Measurement,
): Measured[] {
  const costPicos = costOf(contract, one.quantities, request.quantities);
  const all = [
    ...schemaOf(contract, one.output),
    ...usageOf(one),
    ...limitsOf(contract, one),
    ...budgetOf(request, costPicos),
    ...contract.guarantees.filter(({ basis }) => basis !== "assumed").flatMap((said) => boundOf(said, one, costPicos)),
    ...[...request.guarantees, ...latencyOf(request)].flatMap((said) => boundOf(said, one, costPicos)),
    ...determinismOf(contract, one),
    ...invariants(one.input, one.output).map(({ id, expression, holds }) =>
      found(id, holds === "true" ? "satisfied" : "violated", `invariant ${expression}`, holds),
    ),
  ];
  return all.length <= GUARANTEES_MAX ? all : gravestFirst(all).slice(0, GUARANTEES_MAX);
}

/** One entry of a receipt; texts are cut to what it holds. */
export function found(property: string, verdict: Verdict, required: string, actual: string): Measured {
  return { property, verdict, required: cutText(required, TEXT_MAX), actual: cutText(actual, TEXT_MAX) };
}

function schemaOf({ output: schema }: ServiceContract, output: JsonValue): Measured[] {
  if (schema === null) return [];
  const issues = compileSchema(schema)(output);
  const required = "valid under the output schema";
  if (issues.length === 0) return [found("output-schema", "satisfied", required, "valid")];
  return [found("output-schema", "violated", required, `${issues.length} faults`)];
}

function usageOf({ usage }: Measurement): Measured[] {
  if (usage === "none") return [];
  return [found("usage", usage === "consistent" ? "satisfied" : "violated", "consistent in itself", usage)];
}

/** Tokens against the limits that the contract states, and against the cap that was asked for. */
function limitsOf({ constraints }: ServiceContract, { quantities, outputTokensMax }: Measurement): Measured[] {
  const [input, output] = [quantityOf(quantities, "input-token"), quantityOf(quantities, "output-token")];
  const total = input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0);
  const caps = [constraints.outputTokensMax, outputTokensMax].filter((cap) => cap !== null);
  return [
    ...atMost("input-tokens", constraints.inputTokensMax, input),
    ...atMost("output-tokens", caps.length === 0 ? null : Math.min(...caps), output),
    ...atMost("total-tokens", constraints.totalTokensMax, total),
  ];
}

function budgetOf({ budgetPicos }: RouteRequest, costPicos: number | null): Measured[] {
  return atMost("budget", budgetPicos, costPicos ?? undefined);
}

function latencyOf({ latency }: RouteRequest): RequiredGuarantee[] {
  if (latency === null) return [];
  const property = `latency-${latency.percentile}`;
  return [{ property, bound: "max", value: latency.maxUs, unit: "us", of: null, basis: "declared" }];
}

/** A statement or a demand on what was measured; on anything else one result says nothing. */
function boundOf(said: Guarantee | RequiredGuarantee, one: Measurement, costPicos: number | null): Measured[] {
  const { property, unit } = said;
  if (PERCENTILES.has(property) && unit === "us")
    return [found(property, "unknown", `${said.bound} ${said.value} us`, `${one.latencyUs} us once`)];
  const actual =
    property === "latency-max" && unit === "us"
      ? one.latencyUs
      : property === "cost"
        ? (costPicos ?? undefined)
        : quantityOf(one.quantities, property);
  if (actual === undefined) return [];
  const of = said.of === null ? undefined : quantityOf(one.quantities, said.of);
  const bound = absolute(said, of);
  if (bound === undefined) return [found(property, "unknown", `${said.bound} ${said.value} ${unit}`, `${actual}`)];
  const holds =
    bound.side === "max"
      ? actual <= bound.value
      : bound.side === "min"
        ? actual >= bound.value
        : actual === bound.value;
  return [
    found(property, holds ? "satisfied" : "violated", `${bound.side} ${bound.value} ${unit}`, `${actual} ${unit}`),
  ];
}

/** A relative bound in terms of what was really used. */
function absolute({ bound, value }: Guarantee | RequiredGuarantee, of: number | undefined) {
  if (typeof value !== "number") return undefined;
  if (bound === "max" || bound === "min" || bound === "equality") return { side: bound, value };
  if (of === undefined) return undefined;
  return bound === "relative_max"
    ? { side: "max" as const, value: partOf(value, of, "floor") }
    : { side: "min" as const, value: partOf(value, of, "ceil") };
}

function determinismOf({ determinism }: ServiceContract, { isRepeated }: Measurement): Measured[] {
  if (isRepeated === null) return [];
  const verdict = isRepeated ? "satisfied" : determinism === "deterministic" ? "violated" : "unknown";
  return [found("determinism", verdict, determinism, isRepeated ? "equal output" : "another output")];
}

function atMost(property: string, limit: number | null, actual: number | undefined): Measured[] {
  if (limit === null) return [];
  if (actual === undefined) return [found(property, "unknown", `max ${limit}`, "not reported")];
  return [found(property, actual <= limit ? "satisfied" : "violated", `max ${limit}`, `${actual}`)];
}

function gravestFirst(all: readonly Measured[]): Measured[] {
  const order: Record<Verdict, number> = { violated: 0, unknown: 1, satisfied: 2 };
  return all.toSorted((a, b) => order[a.verdict] - order[b.verdict]);
}
