/**
 * The requests of a real trace (docs/routing-trace.md): what they ask, row by row.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import type { RouteRequest } from "@canonic/contracts";
import { parse } from "csv-parse/sync";
import { TRACE } from "./catalogues.ts";
import { plainRequest } from "./plain.ts";

export interface TraceRow {
  /** From 0. */
  readonly place: number;
  /** Milliseconds since 1970; the trace has seven digits of a second, in UTC. */
  readonly at: number;
  readonly contextTokens: number;
  readonly generatedTokens: number;
}

/** All rows in order; none where the trace is absent. */
export function readTrace(): TraceRow[] {
  if (!existsSync(TRACE)) return [];
  const rows = parse(readFileSync(TRACE, "utf8"), { columns: true, skip_empty_lines: true }) as Record<
    string,
    string
  >[];
  return rows.map((row, place) => ({
    place,
    at: Date.parse(`${row["TIMESTAMP"]?.slice(0, 23).replace(" ", "T")}Z`),
    contextTokens: Number(row["ContextTokens"]),
    generatedTokens: Number(row["GeneratedTokens"]),
  }));
}

/** One US dollar: nobody pays more for one answer, and a price that was only assumed pays for none. */
export const BUDGET_PICOS = 1_000_000_000_000;

/** The documented rule. */
export function requestOfRow({ contextTokens, generatedTokens }: TraceRow): RouteRequest {
  return plainRequest({
    intent: "write code",
    quantities: { "input-token": contextTokens, "output-token": generatedTokens, request: 1 },
    budgetPicos: BUDGET_PICOS,
  });
}

/** One entry of a price list as it was published; fields are whatever its authors wrote. */
export type PriceEntry = Readonly<Record<string, unknown>>;

/**
 * The router that many write first: of all entries with token prices and room for the request, the one that costs least, whatever it is.
 *
 * @param mode - Only entries that call themselves this; null takes every one.
 */
export function cheapestEntry(
  prices: Readonly<Record<string, PriceEntry>>,
  { contextTokens, generatedTokens }: TraceRow,
  mode: string | null,
): string | null {
  let cheapest: { readonly name: string; readonly cost: number } | null = null;
  for (const [name, entry] of Object.entries(prices)) {
    const [input, output, room] = ["input_cost_per_token", "output_cost_per_token", "max_input_tokens"].map(
      (field) => entry[field],
    );
    if (typeof input !== "number" || typeof output !== "number" || input <= 0) continue;
    if (mode !== null && entry["mode"] !== mode) continue;
    const limit = typeof room === "number" ? room : entry["max_tokens"];
    if (typeof limit === "number" && limit < contextTokens) continue;
    const cost = input * contextTokens + output * generatedTokens;
    if (cheapest === null || cost < cheapest.cost) cheapest = { name, cost };
  }
  return cheapest?.name ?? null;
}
